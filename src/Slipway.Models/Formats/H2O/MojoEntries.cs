using System.IO.Compression;
using Slipway.Core;

namespace Slipway.Models.Formats.H2O;

/// <summary>What a MOJO consists of, by name: the entries of a zip, or the files of the folder that it was unpacked to.</summary>
internal abstract class MojoEntries : IDisposable
{
    /// <summary>Bytes of the whole model as it is stored.</summary>
    public abstract long StoredLength { get; }

    /// <returns>-1 when there is no such entry.</returns>
    public abstract long LengthOf(string name);

    /// <summary>The names of the entries right in a folder, which ends in a slash.</summary>
    public abstract IEnumerable<string> NamesIn(string folder);

    /// <param name="name">Of an entry that is there.</param>
    /// <param name="buffer">Used again from entry to entry; replaced when it is too small.</param>
    /// <exception cref="ModelException">The entry is damaged, or larger than a model's can be.</exception>
    public abstract ReadOnlySpan<byte> Read(string name, ref byte[] buffer);

    public virtual void Dispose()
    {
    }

    protected static Span<byte> Room(ref byte[] buffer, int length)
    {
        if (buffer.Length < length) buffer = GC.AllocateUninitializedArray<byte>(length);
        return buffer.AsSpan(0, length);
    }
}

/// <summary>Entries of a zip archive. Nothing is unpacked before it is asked for, and all of it together stays within a bound.</summary>
internal sealed class ZipEntries : MojoEntries
{
    /// <summary>Unpacked bytes that any archive may have, however small it is.</summary>
    private const long FreeBytes = 4 << 20;

    /// <summary>Real models unpack to less than 20 times their size.</summary>
    private const int MaxRatio = 64;

    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly ILookup<string, string> _namesByFolder;

    /// <summary>What may still be unpacked.</summary>
    private long _left;

    /// <param name="file">Stays open as long as this.</param>
    /// <exception cref="ModelException">It is no zip archive, or is damaged.</exception>
    public ZipEntries(Stream file)
    {
        StoredLength = file.Length;
        _left = FreeBytes + (MaxRatio * file.Length);
        try
        {
            _zip = new ZipArchive(file, ZipArchiveMode.Read);
            foreach (var entry in _zip.Entries)
            {
                if (!_entries.TryAdd(entry.FullName, entry)) throw new ModelException($"the archive has two entries '{entry.FullName}'");
            }
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new ModelException($"the zip archive is damaged: {e.Message}", e);
        }
        _namesByFolder = _entries.Keys.ToLookup(name => name[..(name.LastIndexOf('/') + 1)], name => name[(name.LastIndexOf('/') + 1)..], StringComparer.Ordinal);
    }

    public override long StoredLength { get; }

    public override long LengthOf(string name) => _entries.TryGetValue(name, out var entry) ? entry.Length : -1;

    public override IEnumerable<string> NamesIn(string folder) => _namesByFolder[folder];

    public override ReadOnlySpan<byte> Read(string name, ref byte[] buffer)
    {
        var entry = _entries[name];
        if (entry.Length > Math.Min(_left, Array.MaxLength) || entry.Length < 0) throw new ModelException($"{name}: {entry.Length} bytes packed into {entry.CompressedLength}: more than a model can have");
        _left -= entry.Length;
        var content = Room(ref buffer, (int)entry.Length);
        try
        {
            using var stream = entry.Open();
            if (stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) < content.Length) throw new ModelException($"{name}: ends before its {content.Length} bytes");
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new ModelException($"{name}: cannot be unpacked: {e.Message}", e);
        }
        return Crc32.Of(content) == entry.Crc32 ? content : throw new ModelException($"{name}: its content does not match its checksum");
    }

    public override void Dispose()
    {
        _zip.Dispose();
        base.Dispose();
    }

    private static bool IsDamage(Exception e) => e is InvalidDataException or IOException or NotSupportedException or ArgumentException or OverflowException;
}

/// <summary>Files below a folder. They are looked up when they are asked for: what else the folder holds is not looked at.</summary>
internal sealed class FolderEntries(string root) : MojoEntries
{
    private readonly string _root = Path.GetFullPath(root) + Path.DirectorySeparatorChar;

    /// <summary>The files are as long as they say: there is nothing to bound by it.</summary>
    public override long StoredLength => long.MaxValue;

    public override long LengthOf(string name) => FileOf(name) is { Exists: true } file ? file.Length : -1;

    public override IEnumerable<string> NamesIn(string folder)
    {
        try
        {
            return PathOf(folder) is { } path && Directory.Exists(path) ? [.. Directory.EnumerateFiles(path).Select(f => Path.GetFileName(f))] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{folder}: cannot be read: {e.Message}", e);
        }
    }

    public override ReadOnlySpan<byte> Read(string name, ref byte[] buffer)
    {
        try
        {
            using var file = File.OpenHandle(PathOf(name)!);
            var length = RandomAccess.GetLength(file);
            if (length > Array.MaxLength) throw new ModelException($"{name}: {length} bytes: more than a model can have");
            var content = Room(ref buffer, (int)length);
            return RandomAccess.Read(file, content, 0) == content.Length ? content : throw new ModelException($"{name}: ends before its {length} bytes");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{name}: cannot be read: {e.Message}", e);
        }
    }

    /// <returns>null for a name that leads out of the folder, as those that a damaged model.ini gives may.</returns>
    private string? PathOf(string name) => name.Contains('\0') ? null : Path.GetFullPath(Path.Combine(_root, name)) is var path && path.StartsWith(_root, StringComparison.Ordinal) ? path : null;

    private FileInfo? FileOf(string name) => PathOf(name) is { } path ? new FileInfo(path) : null;
}
