using System.Buffers.Binary;

namespace Slipway.Models.Graph;

/// <summary>The fields of the first image of a TIFF file (TIFF 6.0, section 2), in either byte order.</summary>
internal readonly ref struct TiffDirectory
{
    private const int EntrySize = 12;

    private readonly ReadOnlySpan<byte> _file;
    private readonly bool _isBigEndian;
    private readonly int _start, _count;

    public TiffDirectory(ReadOnlySpan<byte> file)
    {
        _file = file;
        if (file.Length < 8) throw TiffDecoder.Damaged("it ends within its header");
        _isBigEndian = file[0] == 'M';
        var at = Number(4, 4);
        if (at > file.Length - 2) throw TiffDecoder.Damaged($"its directory begins at byte {at} of {file.Length}");
        (_start, _count) = ((int)at + 2, (int)Number((int)at, 2));
        if (_count * EntrySize > file.Length - _start) throw TiffDecoder.Damaged($"its directory at byte {at} has {_count} entries, and {file.Length - _start} bytes are there");
    }

    public int Length => _file.Length;

    /// <param name="otherwise">The value of a field that is absent; null where it must be there.</param>
    public long Value(int tag, long? otherwise = null)
    {
        var values = Values(tag);
        return values.Length > 0 ? values[0] : otherwise ?? throw TiffDecoder.Damaged($"it has no field {tag}");
    }

    /// <returns>Empty where the field is absent.</returns>
    public long[] Values(int tag)
    {
        for (var at = _start; at < _start + (_count * EntrySize); at += EntrySize)
        {
            if (Number(at, 2) != tag) continue;
            var (size, count) = (Number(at + 2, 2) switch { 1 => 1, 3 => 2, 4 => 4, var type => throw TiffDecoder.Damaged($"its field {tag} at byte {at} has type {type}, whole numbers are expected") }, Number(at + 4, 4));
            var place = size * count <= 4 ? at + 8 : Number(at + 8, 4);
            if (place + (size * count) > _file.Length) throw TiffDecoder.Damaged($"its field {tag} has {count} values from byte {place} on, and the file {_file.Length} bytes");
            var values = new long[count];
            for (var i = 0; i < values.Length; i++) values[i] = Number((int)place + (i * size), size);
            return values;
        }
        return [];
    }

    /// <summary>Some bytes of the file.</summary>
    public ReadOnlySpan<byte> Bytes(long start, long length)
    {
        if (start > _file.Length || length > _file.Length - start) throw TiffDecoder.Damaged($"it is cut off: it has {length} bytes of pixels from byte {start} on, and the file {_file.Length} bytes");
        return _file.Slice((int)start, (int)length);
    }

    private long Number(int at, int size) => (size, _isBigEndian) switch
    {
        (1, _) => _file[at],
        (2, true) => BinaryPrimitives.ReadUInt16BigEndian(_file[at..]),
        (2, false) => BinaryPrimitives.ReadUInt16LittleEndian(_file[at..]),
        (_, true) => BinaryPrimitives.ReadUInt32BigEndian(_file[at..]),
        _ => BinaryPrimitives.ReadUInt32LittleEndian(_file[at..]),
    };
}
