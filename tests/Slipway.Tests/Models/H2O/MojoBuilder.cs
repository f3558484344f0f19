using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Slipway.Tests.Models.H2O;

/// <summary>Writes archives as H2O does, entry by entry.</summary>
internal sealed class MojoBuilder
{
    private readonly List<(string Key, string Value)> _info = [];
    private readonly List<string> _columns = [];
    private readonly List<(int Column, string[] Levels)> _domains = [];
    private readonly List<(string Name, byte[] Content)> _entries = [];

    public MojoBuilder(string algorithm, string category, string version = "1.40")
    {
        Set("h2o_version", "3.46.0.8").Set("mojo_version", version).Set("algo", algorithm).Set("algorithm", algorithm).Set("endianness", "LITTLE_ENDIAN").Set("category", category)
            .Set("supervised", "true").Set("balance_classes", "false").Set("default_threshold", "0.5").Set("escape_domain_values", "true");
    }

    /// <summary>A later value of a key replaces an earlier one.</summary>
    public MojoBuilder Set(string key, string value)
    {
        _info.RemoveAll(i => i.Key == key);
        _info.Add((key, value));
        return this;
    }

    public MojoBuilder Set(string key, params double[] values) => Set(key, "[" + string.Join(", ", values.Select(v => v.ToString("R", CultureInfo.InvariantCulture))) + "]");

    public MojoBuilder Column(string name, params string[] levels)
    {
        if (levels.Length > 0) _domains.Add((_columns.Count, levels));
        _columns.Add(name);
        return this;
    }

    public MojoBuilder Entry(string name, byte[] content)
    {
        _entries.Add((name, content));
        return this;
    }

    public MojoBuilder Folder(string folder, MojoBuilder model)
    {
        foreach (var (name, content) in model.Entries()) _entries.Add((folder + name, content));
        return this;
    }

    /// <param name="features">The first columns; the rest are the response and others.</param>
    public MojoBuilder Features(int features, int classes = 1) => Set("n_features", $"{features}").Set("n_classes", $"{classes}");

    public List<(string Name, byte[] Content)> Entries()
    {
        var ini = new StringBuilder("[info]\n");
        foreach (var (key, value) in _info) ini.Append(CultureInfo.InvariantCulture, $"{key} = {value}\n");
        ini.Append(CultureInfo.InvariantCulture, $"n_columns = {_columns.Count}\nn_domains = {_domains.Count}\n\n[columns]\n");
        foreach (var column in _columns) ini.Append(column).Append('\n');
        ini.Append("\n[domains]\n");
        for (var d = 0; d < _domains.Count; d++) ini.Append(CultureInfo.InvariantCulture, $"{_domains[d].Column}: {_domains[d].Levels.Length} d{d:000}.txt\n");
        return
        [
            ("model.ini", Encoding.UTF8.GetBytes(ini.ToString())),
            .. _domains.Select((d, i) => ($"domains/d{i:000}.txt", Encoding.UTF8.GetBytes(string.Concat(d.Levels.Select(l => l.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "\n"))))),
            .. _entries,
        ];
    }

    public byte[] Build() => Zip(Entries());

    public static byte[] Zip(IEnumerable<(string Name, byte[] Content)> entries, CompressionLevel level = CompressionLevel.Fastest)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        }
        return stream.ToArray();
    }

    public static List<(string Name, byte[] Content)> Unzip(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        return [.. zip.Entries.Where(e => !e.FullName.EndsWith('/')).Select(e =>
        {
            using var content = new MemoryStream();
            using (var stream = e.Open()) stream.CopyTo(content);
            return (e.FullName, content.ToArray());
        })];
    }
}
