using System.IO.Compression;
using Slipway.Conformance.Pmml;

namespace Slipway.Tests.Conformance;

/// <summary>A made-up suite in a temporary folder.</summary>
internal sealed class SuiteFolder : IDisposable
{
    public const string Header = "id\tpmml\tinput\texpected\tcompare_columns\tequivalence";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-suite-");

    public string Path => _folder.FullName;

    public SuiteFolder With(string path, string text)
    {
        var full = System.IO.Path.Combine(Path, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        using var file = File.Create(full);
        using Stream content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Compress) : file;
        content.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return this;
    }

    public SuiteFolder WithManifest(params string[] lines) => With("manifest.tsv", string.Join('\n', [Header, .. lines]) + "\n");

    /// <summary>A case whose model is the adder, with its three files.</summary>
    public string Case(string id, string input, string expected)
    {
        With($"{id}.model", "adder").With($"{id}.input.csv", input).With($"{id}.expected.csv", expected);
        return Line(id);
    }

    public static string Line(string id) => $"{id}\t{id}.model\t{id}.input.csv\t{id}.expected.csv\tsum\tPMMLEquivalence(1.0E-13,1.0E-13)";

    public void Dispose() => _folder.Delete(recursive: true);
}

/// <summary>Opens files that say 'adder': sum = a + b. Missing when either is missing; refuses what is no number.</summary>
internal sealed class Adder : IPmmlScorer
{
    private double? _sum;

    public static ITableScorer Open(string path)
    {
        using var reader = new StreamReader(TextTable.OpenRead(path));
        return reader.ReadToEnd() == "adder" ? new RowTableScorer(new Adder()) : throw new InvalidDataException("it is no adder");
    }

    public IReadOnlyList<string> Inputs => ["a", "b"];

    public IReadOnlyList<string> Outputs => ["_target", "sum"];

    public bool TryScore(ReadOnlySpan<string?> values, out string? error)
    {
        error = null;
        _sum = 0;
        foreach (var value in values)
        {
            if (value is null) _sum = null;
            else if (double.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var number)) _sum += number;
            else error = $"'{value}' is no number";
        }
        return error is null;
    }

    public object? Output(int i) => i == 0 ? "adder" : _sum;

    public void Dispose()
    {
    }
}
