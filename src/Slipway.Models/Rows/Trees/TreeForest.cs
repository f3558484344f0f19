using System.Buffers;
using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Models.Rows.Trees;

/// <summary>
/// An ensemble of decision trees in the hands of a tree kernel, which reads the rows' cells where they are. Whatever a kernel cannot decide (a record that
/// must be refused, NaN that is not missing, a tree without a result, a tie of votes) is left to the ensemble itself, of which this is a faster form: the same bits.
/// </summary>
internal abstract class TreeForest : RowModel
{
    private const int MaxOutputsOnStack = 64;

    private readonly RowModel _exact;
    private readonly TreeKernel<double> _kernel;
    private readonly Lazy<TreeKernel<double>?>? _kernelForMissing;
    private readonly int[] _slots;
    private readonly int[] _categorySlots;
    private readonly RowExpression[] _derived;

    protected TreeForest(RowModel exact, ForestParts parts) : base(exact.Results)
    {
        _exact = exact;
        _kernel = parts.Kernel;
        _kernelForMissing = parts.KernelForMissing;
        _slots = parts.Slots;
        _categorySlots = parts.CategorySlots;
        _derived = parts.Derived;
    }

    public sealed override void Score(in Row row)
    {
        try
        {
            foreach (var derived in _derived) derived.Evaluate(row);
        }
        catch (Exception e) when (e is RecordException or RefusedInputException)
        {
            // Only the ensemble itself knows whether this row needs the field at all.
            _exact.Score(row);
            return;
        }
        ScoreReady(row);
    }

    public sealed override void ScoreBlock(in RowBlock block)
    {
        foreach (var derived in _derived)
        {
            for (var i = 0; i < block.Count; i++) derived.Evaluate(block[i]);
        }
        var outputs = _kernel.Outputs;
        var rented = ArrayPool<double>.Shared.Rent(block.Count * outputs);
        var margins = rented.AsSpan(0, block.Count * outputs);
        _kernel.Score(block.Cells, block.RowLength, margins);
        for (var i = 0; i < block.Count; i++)
        {
            var row = block[i];
            if (HasOnlyNumbers(row) || (_kernelForMissing is null && HasOnlyNumbersOrMissing(row))) Take(row, margins.Slice(i * outputs, outputs));
            else ScoreReady(row);
        }
        ArrayPool<double>.Shared.Return(rented);
    }

    public sealed override void Clear(in Row row) => _exact.Clear(row);

    /// <summary>Makes the result of the sums over all trees.</summary>
    /// <returns>False when they do not say it.</returns>
    protected abstract bool TryFinish(Span<double> sums, in Row row);

    /// <summary>A row whose derived fields are computed.</summary>
    private void ScoreReady(in Row row)
    {
        var kernel = HasOnlyNumbers(row) ? _kernel : HasOnlyNumbersOrMissing(row) ? KernelForMissing : null;
        if (kernel is null)
        {
            _exact.Score(row);
            return;
        }
        Span<double> sums = kernel.Outputs <= MaxOutputsOnStack ? stackalloc double[kernel.Outputs] : new double[kernel.Outputs];
        kernel.Score(row.Cells, row.Cells.Length, sums);
        Take(row, sums);
    }

    private TreeKernel<double>? KernelForMissing => _kernelForMissing is null ? _kernel : _kernelForMissing.Value;

    private void Take(in Row row, Span<double> sums)
    {
        if (!TryFinish(sums, row)) _exact.Score(row);
    }

    private bool HasOnlyNumbers(in Row row)
    {
        var cells = row.Cells;
        var any = false;
        foreach (var slot in _slots) any |= double.IsNaN(cells[slot]);
        foreach (var slot in _categorySlots) any |= Math.Truncate(cells[slot]) != cells[slot];
        return !any;
    }

    private bool HasOnlyNumbersOrMissing(in Row row)
    {
        foreach (var slot in _slots)
        {
            if (double.IsNaN(row[slot]) && !Cell.IsMissing(row[slot])) return false;
        }
        foreach (var slot in _categorySlots)
        {
            if (!Cell.IsMissing(row[slot]) && Math.Truncate(row[slot]) != row[slot]) return false;
        }
        return true;
    }
}

/// <summary>What a forest scores with.</summary>
/// <param name="Kernel">For rows without missing cells; its features are the cells of a row.</param>
/// <param name="KernelForMissing">For rows with missing cells, made when the first of them comes, for many models never see any; its value is null when such are left to the ensemble itself. Null when the kernel takes them.</param>
/// <param name="Slots">The cells that the trees read.</param>
/// <param name="CategorySlots">Those among them that are compared with categories, which the kernels take to be whole numbers.</param>
/// <param name="Derived">The derived fields among them.</param>
internal sealed record ForestParts(TreeKernel<double> Kernel, Lazy<TreeKernel<double>?>? KernelForMissing, int[] Slots, int[] CategorySlots, RowExpression[] Derived)
{
    /// <summary>Half a GiB in all leaves together; forests of more classes are walked.</summary>
    private const long MaxLeafValues = 1 << 26;

    /// <summary>Makes kernels of trees.</summary>
    /// <param name="outputs">Sums per row.</param>
    /// <param name="start">What every sum begins with.</param>
    /// <param name="leaf">Writes the values of a tree's outcome: one for each output; NaN where it has no result.</param>
    /// <returns>Null when a tree does not fit the kernels.</returns>
    public static ForestParts? TryCreate(ImmutableArray<DecisionTree> trees, int outputs, TreeArithmetic arithmetic, double start, LeafValues leaf)
    {
        if (trees.Sum(t => t.Program.Tests.Length + 1L) * outputs > MaxLeafValues) return null;
        var unrolling = new TreeUnrolling(asksForMissing: false);
        if (TryBuild(trees, outputs, arithmetic, start, leaf, unrolling) is not { } kernel) return null;
        var kernelForMissing = unrolling.NeedsCompleteRows
            ? new Lazy<TreeKernel<double>?>(() => TryBuild(trees, outputs, arithmetic, start, leaf, new TreeUnrolling(asksForMissing: true)))
            : null;
        return new ForestParts(kernel, kernelForMissing, unrolling.Slots, unrolling.CategorySlots, DerivedOf(trees));
    }

    /// <summary>In the order of their slots.</summary>
    private static RowExpression[] DerivedOf(ImmutableArray<DecisionTree> trees)
    {
        var derived = new Dictionary<int, RowExpression>();
        foreach (var tree in trees)
        {
            var slots = tree.Program.Derived;
            foreach (var slot in slots.Slots) derived.TryAdd(slot, slots[slot]);
        }
        RowExpression[] expressions = [.. derived.Values];
        Array.Sort(derived.Keys.ToArray(), expressions);
        return expressions;
    }

    private static TreeKernel<double>? TryBuild(ImmutableArray<DecisionTree> trees, int outputs, TreeArithmetic arithmetic, double start, LeafValues leaf, TreeUnrolling unrolling)
    {
        var features = 1 + trees.Max(t => t.Program.MaxSlot);
        var builder = new TreeEnsembleBuilder(features, outputs, arithmetic).BaseMargins(start);
        var values = new double[outputs];
        for (var i = 0; i < trees.Length; i++)
        {
            var tree = i;
            var program = trees[i].Program;
            if (!unrolling.TryUnroll(program)) return null;
            unrolling.Write(program, builder, (node, outcome) =>
            {
                leaf(tree, trees[tree].Outcomes[outcome], values);
                if (outputs == 1) builder.Leaf(node, values[0]);
                else builder.VectorLeaf(node, values);
            });
        }
        var kernel = KernelSelection.For<double>(builder.Build(), KernelKind.Automatic);
        return kernel is ReferenceKernel<double> ? null : kernel;
    }
}

/// <summary>Writes what an outcome adds to each output's sum.</summary>
internal delegate void LeafValues(int tree, ReadOnlySpan<double> outcome, Span<double> values);
