using System.Globalization;
using System.IO.Compression;
using Slipway.Core;
using Slipway.Data;
using Slipway.Models.Formats.Pmml;
using Slipway.Models.Rows;

namespace Slipway.Benchmarks;

/// <summary>The models and rows of a PMML suite, found by its <c>manifest.tsv</c>.</summary>
internal sealed class PmmlSuiteFiles(string directory)
{
    private readonly Dictionary<string, string[]> _manifest =
        File.ReadLines(Path.Combine(directory, "manifest.tsv")).Skip(1).Select(l => l.Split('\t')).ToDictionary(c => c[0]);

    public IEnumerable<string> Cases => _manifest.Keys;

    public RowProgramModel OpenModel(string name) => PmmlRuntime.Open(OpenStream(name));

    /// <summary>The case's document.</summary>
    public PlainFile PlainModel(string name) => new(PathOf(name));

    public Stream OpenStream(string name)
    {
        var path = PathOf(name);
        return path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(File.OpenRead(path), CompressionMode.Decompress) : File.OpenRead(path);
    }

    /// <summary>The case's rows, numbers as numbers.</summary>
    public Batch ReadRows(string name, Signature signature)
    {
        var types = signature.Inputs.ToDictionary(i => i.Name, i => i.Type is ElementType.Bytes or ElementType.Bool ? ElementType.Bytes : ElementType.Float64);
        using var file = new PlainFile(Path.Combine(directory, _manifest[name][3]));
        using var reader = TableFiles.OpenRead(file.Path, new TableReadOptions(Missing: ["NA", "N/A"], Types: types));
        return reader.Read(int.MaxValue)!;
    }

    /// <summary>Every row as texts, in the order of the model's inputs; null is missing.</summary>
    public static string?[][] Texts(RowProgramModel model, Batch table)
    {
        var rows = new string?[table.Rows][];
        for (var r = 0; r < rows.Length; r++)
        {
            rows[r] = new string?[model.Signature.Inputs.Length];
            for (var i = 0; i < rows[r].Length; i++)
            {
                if (!table.TryGet(model.Signature.Inputs[i].Name, out var column) || column.IsMissing(r)) continue;
                rows[r][i] = column.Type == ElementType.Bytes ? column.GetText(r) : column.NumberAt(r).ToString("R", CultureInfo.InvariantCulture);
            }
        }
        return rows;
    }

    private string PathOf(string name) => Path.Combine(directory, _manifest[name][2]);

    /// <summary>A file without its compression, for readers that go by its name.</summary>
    public sealed class PlainFile : IDisposable
    {
        private readonly DirectoryInfo? _folder;

        public PlainFile(string path)
        {
            Path = path;
            if (!path.EndsWith(".gz", StringComparison.Ordinal)) return;
            _folder = Directory.CreateTempSubdirectory("slipway-plain-");
            Path = System.IO.Path.Combine(_folder.FullName, System.IO.Path.GetFileNameWithoutExtension(path));
            using var packed = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            using var plain = File.Create(Path);
            packed.CopyTo(plain);
        }

        public string Path { get; }

        public void Dispose() => _folder?.Delete(recursive: true);
    }
}
