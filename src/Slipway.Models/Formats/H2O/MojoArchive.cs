using System.IO.Compression;
using Slipway.Core;

namespace Slipway.Models.Formats.H2O;

/// <summary>The entries of a zip, or of one folder in it, by name. Nothing is unpacked before it is asked for, and all of it together stays within a bound.</summary>
internal sealed class MojoArchive : IDisposable
{
    /// <summary>Unpacked bytes that any archive may have, however small it is.</summary>
    private const long FreeBytes = 4 << 20;

    /// <summary>Real models unpack to less than 20 times their size.</summary>
    private const int MaxRatio = 64;

    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries;
    private readonly ILookup<string, string> _namesByFolder;
    private readonly string _folder;
    private readonly Budget _budget;

    private MojoArchive(ZipArchive zip, Dictionary<string, ZipArchiveEntry> entries, ILookup<string, string> namesByFolder, string folder, Budget budget, bool hasStatistics)
    {
        _zip = zip;
        _entries = entries;
        _namesByFolder = namesByFolder;
        _folder = folder;
        _budget = budget;
        HasStatistics = hasStatistics;
    }

    /// <summary>Whether what training knew of the nodes of trees is to be read, which is most of an archive.</summary>
    public bool HasStatistics { get; }

    /// <param name="file">Stays open as long as the archive.</param>
    /// <param name="hasStatistics">See <see cref="HasStatistics"/>.</param>
    /// <exception cref="ModelException">It is no zip archive, or is damaged.</exception>
    public static MojoArchive Open(Stream file, bool hasStatistics = true)
    {
        var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        try
        {
            var zip = new ZipArchive(file, ZipArchiveMode.Read);
            foreach (var entry in zip.Entries)
            {
                if (!entries.TryAdd(entry.FullName, entry)) throw new ModelException($"the archive has two entries '{entry.FullName}'");
            }
            var namesByFolder = entries.Keys.ToLookup(name => name[..(name.LastIndexOf('/') + 1)], name => name[(name.LastIndexOf('/') + 1)..], StringComparer.Ordinal);
            return new MojoArchive(zip, entries, namesByFolder, "", new Budget(file.Length), hasStatistics);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new ModelException($"the zip archive is damaged: {e.Message}", e);
        }
    }

    /// <summary>The entries below a folder, which ends in a slash; from then on by their names in it.</summary>
    public MojoArchive Folder(string folder) => new(_zip, _entries, _namesByFolder, _folder + folder, _budget, HasStatistics);

    /// <summary>The names of the entries right in a folder, which ends in a slash.</summary>
    public IEnumerable<string> NamesIn(string folder) => _namesByFolder[_folder + folder];

    /// <summary>An entry's name in the whole archive, for messages.</summary>
    public string PathOf(string name) => _folder + name;

    public bool Contains(string name) => _entries.ContainsKey(_folder + name);

    /// <summary>Bytes of the whole file.</summary>
    public long PackedLength => _budget.Packed;

    /// <summary>What an entry says it unpacks to; 0 when there is no such entry.</summary>
    public long LengthOf(string name) => _entries.TryGetValue(_folder + name, out var entry) ? entry.Length : 0;

    /// <exception cref="ModelException">There is no such entry, it is damaged, or it is larger than a model's can be.</exception>
    public byte[] Read(string name)
    {
        var buffer = Array.Empty<byte>();
        var content = Read(name, ref buffer);
        return content.Length == buffer.Length ? buffer : content.ToArray();
    }

    /// <param name="buffer">Used again from entry to entry; replaced when it is too small.</param>
    /// <returns>The content, at the front of <paramref name="buffer"/>.</returns>
    /// <inheritdoc cref="Read(string)" path="/exception"/>
    public ReadOnlySpan<byte> Read(string name, ref byte[] buffer)
    {
        var path = PathOf(name);
        if (!_entries.TryGetValue(path, out var entry)) throw new ModelException($"the archive has no entry '{path}'");
        var length = _budget.Take(entry);
        if (buffer.Length < length) buffer = GC.AllocateUninitializedArray<byte>(length);
        var content = buffer.AsSpan(0, length);
        try
        {
            using var stream = entry.Open();
            if (stream.ReadAtLeast(content, length, throwOnEndOfStream: false) < length) throw new ModelException($"{path}: ends before its {length} bytes");
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new ModelException($"{path}: cannot be unpacked: {e.Message}", e);
        }
        return Crc32.Of(content) == entry.Crc32 ? content : throw new ModelException($"{path}: its content does not match its checksum");
    }

    public void Dispose() => _zip.Dispose();

    private static bool IsDamage(Exception e) => e is InvalidDataException or IOException or NotSupportedException or ArgumentException or OverflowException;

    /// <summary>What may still be unpacked.</summary>
    private sealed class Budget(long packed)
    {
        public long Packed => packed;

        private long Left { get; set; } = FreeBytes + (MaxRatio * packed);

        public int Take(ZipArchiveEntry entry)
        {
            if (entry.Length > Math.Min(Left, Array.MaxLength) || entry.Length < 0)
            {
                throw new ModelException($"{entry.FullName}: {entry.Length} bytes packed into {entry.CompressedLength}: more than a model can have");
            }
            Left -= entry.Length;
            return (int)entry.Length;
        }
    }
}
