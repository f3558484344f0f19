using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.Core;

/// <summary>The head of an array that NumPy saved (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, versions 1.0 to 3.0); little-endian elements follow it.</summary>
/// <param name="Kind">NumPy's letter: b, i, u, f, c, or U and S for texts.</param>
/// <param name="Size">Bytes of an element; of a U its characters, of 4 bytes each.</param>
/// <param name="IsFortran">Whether the first index runs fastest.</param>
/// <param name="Length">Bytes of the head itself.</param>
public sealed partial record NumpyHeader(char Kind, int Size, bool IsFortran, ImmutableArray<long> Shape, int Length)
{
    /// <summary>As many bytes of a file say how long its head is.</summary>
    public const int PrefixLength = 12;

    private const int Alignment = 64;

    private const int MaxLength = 1 << 16;

    public int Width => Kind == 'U' ? 4 * Size : Size;

    /// <summary>The length of the head that begins so.</summary>
    /// <exception cref="SlipwayException">It is none.</exception>
    public static int LengthOf(ReadOnlySpan<byte> start)
    {
        if (start.Length < PrefixLength || start[0] != 0x93 || !start[1..].StartsWith("NUMPY"u8)) throw new SlipwayException("this is no array of NumPy");
        var length = start[6] == 1 ? 10L + BinaryPrimitives.ReadUInt16LittleEndian(start[8..]) : 12L + BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        return length <= MaxLength ? (int)length : throw new SlipwayException($"a header of {length} bytes is announced, at most {MaxLength} are read");
    }

    /// <param name="file">Its whole beginning, or more.</param>
    /// <exception cref="SlipwayException">It is cut off, or the elements are not plain little-endian numbers or texts.</exception>
    public static NumpyHeader Parse(ReadOnlySpan<byte> file)
    {
        var length = LengthOf(file);
        if (length > file.Length) throw new SlipwayException($"a header of {length} bytes is announced, the file has {file.Length}");
        var start = file[6] == 1 ? 10 : 12;
        var text = Pattern().Match(Encoding.Latin1.GetString(file[start..length]));
        if (!text.Success) throw new SlipwayException("the header says no type and shape of plain numbers or texts");
        if (text.Groups["order"].Value == ">") throw new SlipwayException("big-endian numbers are not read");
        var parts = text.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new NumpyHeader(
            text.Groups["kind"].Value[0],
            int.Parse(text.Groups["size"].ValueSpan, CultureInfo.InvariantCulture),
            text.Groups["fortran"].Value == "True",
            [.. parts.Select(part => Dimension(part, text.Groups["shape"].Value))],
            length);
    }

    /// <summary>As NumPy writes it: version 1.0, padded so that the elements are aligned.</summary>
    public static byte[] Write(char kind, int size, ReadOnlySpan<long> shape)
    {
        var dimensions = new StringBuilder();
        foreach (var dimension in shape) dimensions.Append(CultureInfo.InvariantCulture, $"{dimension}, ");
        if (shape.Length > 1) dimensions.Length -= 2;
        else if (shape.Length == 1) dimensions.Length -= 1;
        var text = $"{{'descr': '{(size == 1 || kind == 'S' ? '|' : '<')}{kind}{size.ToString(CultureInfo.InvariantCulture)}', 'fortran_order': False, 'shape': ({dimensions}), }}";
        var length = (10 + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
        var header = new byte[length];
        header[0] = 0x93;
        "NUMPY"u8.CopyTo(header.AsSpan(1));
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(length - 10));
        header.AsSpan(10).Fill((byte)' ');
        Encoding.Latin1.GetBytes(text, header.AsSpan(10));
        header[^1] = (byte)'\n';
        return header;
    }

    private static long Dimension(string text, string shape) =>
        long.TryParse(text.TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size <= int.MaxValue ? size : throw new SlipwayException($"the shape is ({shape})");

    [GeneratedRegex(@"^\{'descr': '(?<order>[<>|=])(?<kind>[biufcUS])(?<size>[0-9]{1,6})', 'fortran_order': (?<fortran>True|False), 'shape': \((?<shape>[^)]*)\),? *\}")]
    private static partial Regex Pattern();
}
