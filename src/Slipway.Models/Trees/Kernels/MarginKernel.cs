using Slipway.Core;

namespace Slipway.Models.Trees.Kernels;

/// <summary>Computes margins (sums of leaves, before the objective's transform) of rows. Immutable and thread-safe; allocates nothing per call.</summary>
internal abstract class MarginKernel(int features, int outputs)
{
    /// <summary>Values in a row.</summary>
    public int Features { get; } = features;

    /// <summary>Margins per row.</summary>
    public int Outputs { get; } = outputs;

    /// <param name="rows">Row-major, <see cref="Features"/> values each; NaN is missing.</param>
    /// <param name="margins">Row-major, <see cref="Outputs"/> values each; every one is written.</param>
    public void Score(ReadOnlySpan<float> rows, Span<float> margins)
    {
        var count = margins.Length / Outputs;
        if (rows.Length != (long)count * Features) throw new ArgumentException($"{rows.Length} values given for {count} rows of {Features}", nameof(rows));
        ScoreRows(rows, margins, count);
    }

    protected abstract void ScoreRows(ReadOnlySpan<float> rows, Span<float> margins, int count);
}

/// <summary>The ways to walk an ensemble; all give the same bits.</summary>
internal enum KernelKind
{
    /// <summary>The fastest that fits the ensemble and the machine.</summary>
    Automatic,

    /// <summary>Node by node over <see cref="TreeEnsemble"/> itself: takes every ensemble, and is what the others are compared with.</summary>
    Reference,

    /// <summary>Eight walks at once through 8-byte nodes, for memory-level parallelism.</summary>
    Interleaved,

    /// <summary><see cref="Interleaved"/> for single rows and large trees; small trees over 8 rows at once in 256-bit vectors.</summary>
    Vector256,

    /// <summary><see cref="Interleaved"/> for single rows and large trees; small trees over 16 rows at once in 512-bit vectors.</summary>
    Vector512,
}
