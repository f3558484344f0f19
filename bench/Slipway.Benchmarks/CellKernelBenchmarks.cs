using BenchmarkDotNet.Attributes;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Benchmarks;

/// <summary>Time per row of each kernel over rows of doubles, as the PMML engine has them; every call scores other rows.</summary>
[MinColumn, MemoryDiagnoser]
public class CellKernelBenchmarks
{
    private const int Rows = 4096;

    private readonly double[] _cells = SyntheticTrees.Cells(Rows);
    private double[] _margins = [];
    private int[] _leaves = [];
    private TreeKernel<double> _kernel = null!;
    private int _next;

    [Params("Reference", "Interleaved", "Vector256", "Vector512")]
    public string Kernel { get; set; } = "Interleaved";

    [Params("Categorical", "Probabilities")]
    public string Forest { get; set; } = "Categorical";

    [GlobalSetup]
    public void Compile()
    {
        var ensemble = Forest == "Categorical" ? SyntheticTrees.CategoricalForest() : SyntheticTrees.ProbabilityForest();
        _kernel = KernelSelection.For<double>(ensemble, Enum.Parse<KernelKind>(Kernel));
        _margins = new double[Rows * _kernel.Outputs];
        _leaves = new int[_kernel.Trees];
    }

    [Benchmark]
    public double SingleRow()
    {
        _kernel.Score(NextRow(), SyntheticTrees.CellsPerRow, _margins.AsSpan(0, _kernel.Outputs));
        return _margins[0];
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public double Batch()
    {
        _kernel.Score(_cells, SyntheticTrees.CellsPerRow, _margins);
        return _margins[0];
    }

    [Benchmark]
    public int Leaves()
    {
        _kernel.FindLeaves(NextRow(), _leaves);
        return _leaves[0];
    }

    private ReadOnlySpan<double> NextRow()
    {
        _next = (_next + 1) % Rows;
        return _cells.AsSpan(_next * SyntheticTrees.CellsPerRow, SyntheticTrees.CellsPerRow);
    }
}
