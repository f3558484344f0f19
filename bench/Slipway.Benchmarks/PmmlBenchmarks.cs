using BenchmarkDotNet.Attributes;
using Slipway.Core;
using Slipway.Models.Rows;

namespace Slipway.Benchmarks;

/// <summary>The models of <see cref="PmmlSpeed"/> by BenchmarkDotNet; the folder of the suite is in <c>SLIPWAY_PMML_SUITE</c>.</summary>
[MemoryDiagnoser]
public class PmmlBenchmarks
{
    private const int Rows = 4096;

    private RowProgramModel _model = null!;
    private RowScorer _scorer = null!;
    private Batch _rows = null!;
    private Batch _row = null!;
    private string?[][] _texts = null!;

    [ParamsSource(nameof(Cases))]
    public string Case { get; set; } = "";

    public static IEnumerable<string> Cases => PmmlSpeed.Models.Select(m => m.Case);

    [GlobalSetup]
    public void Open()
    {
        var suite = new PmmlSuiteFiles(Environment.GetEnvironmentVariable("SLIPWAY_PMML_SUITE") ?? throw new InvalidOperationException("SLIPWAY_PMML_SUITE names no folder with a manifest.tsv"));
        _model = suite.OpenModel(Case);
        _scorer = _model.CreateScorer();
        using var table = suite.ReadRows(Case, _model.Signature);
        _rows = table.Take([.. Enumerable.Range(0, Rows).Select(i => i % table.Rows)]);
        _row = table.Take([0]);
        _texts = PmmlSuiteFiles.Texts(_model, table)[..1];
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public void Typed_columns_in_batches() => _model.Run(_rows).Dispose();

    [Benchmark]
    public void Typed_columns_of_one_row() => _model.Run(_row).Dispose();

    [Benchmark]
    public double Texts_of_one_row() => PmmlSpeed.ScoreSingly(_scorer, _texts);
}
