using System.Numerics;

namespace Slipway.Models.Trees.Kernels;

/// <summary>Computes margins (sums of leaves, before the objective's transform) of rows. Immutable and thread-safe; allocates nothing per call.</summary>
/// <typeparam name="T">Of features and margins: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal abstract class MarginKernel<T>(int features, int outputs)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Values of a row that may be read.</summary>
    public int Features { get; } = features;

    /// <summary>Margins per row.</summary>
    public int Outputs { get; } = outputs;

    /// <param name="rows">Row-major, <see cref="Features"/> values each; NaN is missing.</param>
    /// <param name="margins">Row-major, <see cref="Outputs"/> values each; every one is written.</param>
    public void Score(ReadOnlySpan<T> rows, Span<T> margins) => Score(rows, Features, margins);

    /// <param name="rows">Row-major, <paramref name="rowLength"/> values each, of which the first <see cref="Features"/> are features; NaN is missing.</param>
    /// <param name="rowLength">At least <see cref="Features"/>.</param>
    /// <param name="margins">Row-major, <see cref="Outputs"/> values each; every one is written.</param>
    public void Score(ReadOnlySpan<T> rows, int rowLength, Span<T> margins)
    {
        var count = margins.Length / Outputs;
        if (rowLength < Features) throw new ArgumentException($"rows of {rowLength} values given, {Features} expected", nameof(rowLength));
        if (rows.Length != (long)count * rowLength) throw new ArgumentException($"{rows.Length} values given for {count} rows of {rowLength}", nameof(rows));
        ScoreRows(rows, rowLength, margins, count);
    }

    protected abstract void ScoreRows(ReadOnlySpan<T> rows, int rowLength, Span<T> margins, int count);
}

/// <summary>A kernel over trees.</summary>
internal abstract class TreeKernel<T>(int features, int outputs, int trees) : MarginKernel<T>(features, outputs)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Trees { get; } = trees;

    /// <param name="row">At least <see cref="MarginKernel{T}.Features"/> values; NaN is missing.</param>
    /// <param name="leaves">One for each tree: the leaf the row reaches, as an index into the nodes of the <see cref="TreeEnsemble"/>.</param>
    public void FindLeaves(ReadOnlySpan<T> row, Span<int> leaves)
    {
        if (row.Length < Features) throw new ArgumentException($"a row of {row.Length} values given, {Features} expected", nameof(row));
        if (leaves.Length != Trees) throw new ArgumentException($"room for {leaves.Length} leaves given, there are {Trees} trees", nameof(leaves));
        Walk(row, leaves);
    }

    protected abstract void Walk(ReadOnlySpan<T> row, Span<int> leaves);
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

    /// <summary>Small trees over 16 rows at once in 512-bit vectors, larger ones as <see cref="Interleaved"/>; single rows through the upper levels of 16 trees at once.</summary>
    Vector512,

    /// <summary>All splits of six levels at once, over features as bytes: numeric trees of at most ten levels, on machines that can permute bytes.</summary>
    Binned,

    /// <summary>Eight walks at once through perfect trees, level by level, without a step's latency: numeric float32 trees that are nearly full.</summary>
    LevelMajor,

    /// <summary>Without walking, where every tree has one split on each level.</summary>
    Symmetric,

    /// <summary>All splits of 16 trees side by side, in any order: trees of at most 64 leaves, in 512-bit vectors.</summary>
    QuickScorer,
}
