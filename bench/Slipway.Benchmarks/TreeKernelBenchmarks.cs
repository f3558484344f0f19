using BenchmarkDotNet.Attributes;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Benchmarks;

/// <summary>Time per row of each kernel; every call scores other rows, so that no walk is remembered by the branch predictor.</summary>
[MinColumn, MemoryDiagnoser]
public class TreeKernelBenchmarks
{
    private const int Rows = 8192;

    private readonly float[] _rows = SyntheticTrees.Rows(Rows);
    private readonly float[] _margins = new float[Rows];
    private MarginKernel<float> _kernel = null!;
    private int _next;

    [Params("Reference", "Interleaved", "Vector256", "Vector512", "LevelMajor", "Binned", "Symmetric")]
    public string Kernel { get; set; } = "Interleaved";

    [Params(4, 6, 8)]
    public int Depth { get; set; } = 6;

    [GlobalSetup]
    public void Compile() => _kernel = KernelSelection.For<float>(Kernel == "Symmetric" ? SyntheticTrees.SymmetricForest(depth: Depth) : SyntheticTrees.Forest(depth: Depth), Enum.Parse<KernelKind>(Kernel));

    [Benchmark]
    public float SingleRow()
    {
        _next = (_next + 1) % Rows;
        _kernel.Score(_rows.AsSpan(_next * SyntheticTrees.Features, SyntheticTrees.Features), _margins.AsSpan(0, 1));
        return _margins[0];
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public float Batch()
    {
        _kernel.Score(_rows, _margins);
        return _margins[0];
    }
}
