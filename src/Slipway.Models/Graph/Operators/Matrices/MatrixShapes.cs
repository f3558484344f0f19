using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Shapes of products of stacks of matrices, as NumPy's <c>matmul</c> has them.</summary>
internal static class MatrixShapes
{
    /// <summary>The shape of the product; null when a rank is not known.</summary>
    /// <exception cref="ModelException">The shapes do not fit.</exception>
    public static Shape? Infer(InferenceContext context, Shape? a, Shape? b)
    {
        if (a is null || b is null) return null;
        if (a.Rank == 0 || b.Rank == 0) throw new ModelException($"matrices or vectors are expected, {a} and {b} are given");
        var rows = a.Rank == 1 ? 1 : a[a.Rank - 2];
        var inner = a[a.Rank - 1];
        var innerB = b.Rank == 1 ? b[0] : b[b.Rank - 2];
        var columns = b.Rank == 1 ? 1 : b[b.Rank - 1];
        if (inner >= 0 && innerB >= 0 && inner != innerB) throw new ModelException($"{a} times {b}: the last dimension of the first must be the second to last of the second");
        var stack = context.Broadcast(new Shape(a.Dimensions[..Math.Max(a.Rank - 2, 0)]), new Shape(b.Dimensions[..Math.Max(b.Rank - 2, 0)]))!;
        var dimensions = stack.Dimensions;
        if (a.Rank > 1) dimensions = dimensions.Add(rows);
        if (b.Rank > 1) dimensions = dimensions.Add(columns);
        return new Shape(dimensions);
    }
}

/// <summary>How a product of stacks is taken apart into products of matrices [M, K] by [K, N], walked in the order of the result.</summary>
internal sealed class MatrixStack
{
    private readonly long[] _a;
    private readonly long[] _b;
    private readonly int[] _startsA;
    private readonly int[] _startsB;

    private MatrixStack(ReadOnlySpan<long> a, ReadOnlySpan<long> b)
    {
        _a = a.ToArray();
        _b = b.ToArray();
        K = (int)a[^1];
        if (K != (b.Length == 1 ? b[0] : b[^2])) throw new RecordException($"{Shape.TextOf(a)} times {Shape.TextOf(b)}: the inner dimensions differ");
        M = a.Length == 1 ? 1 : (int)a[^2];
        N = b.Length == 1 ? 1 : (int)b[^1];
        var stackA = a[..Math.Max(a.Length - 2, 0)];
        var stackB = b[..Math.Max(b.Length - 2, 0)];
        if (Shape.CountOf(stackB) == 1)
        {
            // One right matrix for all: the rows of the whole stack are one matrix.
            M = checked((int)(Shape.CountOf(stackA) * M));
            _startsA = _startsB = [0];
            Count = 1;
            return;
        }
        var stack = new long[Math.Max(stackA.Length, stackB.Length)];
        for (var i = 1; i <= stack.Length; i++)
        {
            var x = i <= stackA.Length ? stackA[^i] : 1;
            var y = i <= stackB.Length ? stackB[^i] : 1;
            stack[^i] = x == 1 ? y : x;
        }
        object? state = null;
        var walk = Broadcasting.Of(ref state, stack, stackA, stackB);
        Count = (int)Shape.CountOf(stack);
        _startsA = new int[Count];
        _startsB = new int[Count];
        var collect = new Starts(_startsA, _startsB, walk);
        walk.Each(ref collect);
    }

    public int M { get; }

    public int N { get; }

    public int K { get; }

    public int Count { get; }

    /// <summary>The matrix of the left operand that product <paramref name="i"/> takes.</summary>
    public int A(int i) => _startsA[i];

    /// <inheritdoc cref="A"/>
    public int B(int i) => _startsB[i];

    /// <summary>From one matrix to the next in all products, if it is the same distance; else -1.</summary>
    public int StepA => Step(_startsA);

    /// <inheritdoc cref="StepA"/>
    public int StepB => Step(_startsB);

    /// <summary>The plan of these shapes, kept between runs of the same ones.</summary>
    public static MatrixStack Of(RunContext context, ReadOnlySpan<long> a, ReadOnlySpan<long> b)
    {
        var kept = context.State as MatrixStack;
        context.State = Of(ref kept, a, b);
        return kept;
    }

    /// <inheritdoc cref="Of(RunContext, ReadOnlySpan{long}, ReadOnlySpan{long})"/>
    public static MatrixStack Of([System.Diagnostics.CodeAnalysis.NotNull] ref MatrixStack? kept, ReadOnlySpan<long> a, ReadOnlySpan<long> b)
    {
        if (kept is null || !a.SequenceEqual(kept._a) || !b.SequenceEqual(kept._b)) kept = new MatrixStack(a, b);
        return kept;
    }

    private static int Step(int[] starts)
    {
        if (starts.Length < 2) return 0;
        var step = starts[1] - starts[0];
        for (var i = 2; i < starts.Length; i++)
        {
            if (starts[i] - starts[i - 1] != step) return -1;
        }
        return step;
    }

    private readonly struct Starts(int[] a, int[] b, Broadcasting walk) : IBroadcastLoop
    {
        public void Run(scoped ReadOnlySpan<int> starts, int output, int length)
        {
            for (var i = 0; i < length; i++)
            {
                a[output + i] = starts[0] + (walk.IsRepeated(0) ? 0 : i);
                b[output + i] = starts[1] + (walk.IsRepeated(1) ? 0 : i);
            }
        }
    }
}
