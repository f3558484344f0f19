using Slipway.Core;

namespace Slipway.Models.Formats.H2O;

/// <summary>The entries of a MOJO, or of one folder in it, by name.</summary>
internal sealed class MojoArchive : IDisposable
{
    private readonly MojoEntries _entries;
    private readonly string _folder;

    /// <param name="hasStatistics">See <see cref="HasStatistics"/>.</param>
    public MojoArchive(MojoEntries entries, bool hasStatistics = true) : this(entries, "", hasStatistics)
    {
    }

    private MojoArchive(MojoEntries entries, string folder, bool hasStatistics)
    {
        _entries = entries;
        _folder = folder;
        HasStatistics = hasStatistics;
    }

    /// <summary>Whether what training knew of the nodes of trees is to be read, which is most of an archive.</summary>
    public bool HasStatistics { get; }

    /// <inheritdoc cref="MojoEntries.StoredLength"/>
    public long StoredLength => _entries.StoredLength;

    /// <summary>The entries below a folder, which ends in a slash; from then on by their names in it.</summary>
    public MojoArchive Folder(string folder) => new(_entries, _folder + folder, HasStatistics);

    /// <inheritdoc cref="MojoEntries.NamesIn"/>
    public IEnumerable<string> NamesIn(string folder) => _entries.NamesIn(_folder + folder);

    /// <summary>An entry's name in the whole archive, for messages.</summary>
    public string PathOf(string name) => _folder + name;

    public bool Contains(string name) => _entries.LengthOf(_folder + name) >= 0;

    /// <summary>What an entry says it unpacks to; 0 when there is no such entry.</summary>
    public long LengthOf(string name) => Math.Max(0, _entries.LengthOf(_folder + name));

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
    public ReadOnlySpan<byte> Read(string name, ref byte[] buffer) =>
        Contains(name) ? _entries.Read(PathOf(name), ref buffer) : throw new ModelException($"the archive has no entry '{PathOf(name)}'");

    public void Dispose() => _entries.Dispose();
}
