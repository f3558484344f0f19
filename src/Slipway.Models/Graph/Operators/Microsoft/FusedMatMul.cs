using System.Numerics;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>FusedMatMul: alpha · op(a) · op(b) over stacks of matrices, op the transpose of the last two dimensions or nothing.</summary>
internal sealed class FusedMatMul : FloatOperator
{
    private readonly float _alpha;
    private readonly bool _transA, _transB;

    public FusedMatMul(NodeInfo node)
    {
        _alpha = node.Float("alpha", 1);
        (_transA, _transB) = (node.Flag("transA"), node.Flag("transB"));
        if (node.Flag("transBatchA") || node.Flag("transBatchB")) throw node.Unsupported("the transposition of the stack (transBatchA, transBatchB)");
    }

    public override void Infer(InferenceContext context) =>
        context.SetOutput(0, context.Element(0), MatrixShapes.Infer(context, Transposed(context.Shape(0), _transA), Transposed(context.Shape(1), _transB)));

    protected override void Compute(RunContext context)
    {
        switch (context.Input(0).Element)
        {
            case DataType.Float32: Run<float>(context); break;
            case DataType.Float64: Run<double>(context); break;
            default: throw new RecordException($"floats are expected, {context.Input(0).Type} is given");
        }
    }

    private void Run<T>(RunContext context) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var a = context.Input(0);
        var b = context.Input(1);
        Span<long> shapeA = stackalloc long[a.Rank];
        Span<long> shapeB = stackalloc long[b.Rank];
        Transpose(a.Shape, shapeA, _transA);
        Transpose(b.Shape, shapeB, _transB);
        var y = context.Output(0).Values<T>();
        var m = a.Rank == 1 ? 1 : (int)shapeA[^2];
        var k = (int)shapeA[^1];
        var n = b.Rank == 1 ? 1 : (int)shapeB[^1];
        if (y.Length == 0) return;
        var epilogue = new GemmEpilogue<T> { Alpha = _alpha == 1 ? null : T.CreateTruncating(_alpha) };
        var result = context.Output(0).Shape;
        var stack = y.Length / (m * n);
        var ranks = result.Length - (a.Rank > 1 ? 1 : 0) - (b.Rank > 1 ? 1 : 0);
        for (var i = 0; i < stack; i++)
        {
            var left = a.Values<T>().Slice(Place(i, result[..ranks], a.Shape[..Math.Max(0, a.Rank - 2)]) * m * k, m * k);
            var right = b.Values<T>().Slice(Place(i, result[..ranks], b.Shape[..Math.Max(0, b.Rank - 2)]) * k * n, k * n);
            Gemm.Run(m, n, k, left, _transA && a.Rank > 1 ? 1 : k, _transA && a.Rank > 1 ? m : 1, right, _transB && b.Rank > 1 ? 1 : n, _transB && b.Rank > 1 ? k : 1, y.Slice(i * m * n, m * n), n, epilogue, context.Threads);
        }
    }

    /// <summary>Which matrix of a stack stands for one of the result.</summary>
    private static int Place(int matrix, ReadOnlySpan<long> result, ReadOnlySpan<long> stack)
    {
        int place = 0, step = 1;
        for (var i = 1; i <= stack.Length; i++)
        {
            var size = (int)result[^i];
            if (stack[^i] > 1) place += matrix % size * step;
            step *= (int)stack[^i];
            matrix /= size;
        }
        return place;
    }

    private static Shape? Transposed(Shape? shape, bool isTransposed)
    {
        if (shape is null || shape.Rank < 2 || !isTransposed) return shape;
        var dimensions = shape.Span.ToArray();
        (dimensions[^1], dimensions[^2]) = (dimensions[^2], dimensions[^1]);
        return Shape.Of(dimensions);
    }

    private static void Transpose(ReadOnlySpan<long> shape, Span<long> transposed, bool isTransposed)
    {
        shape.CopyTo(transposed);
        if (isTransposed && shape.Length > 1) (transposed[^1], transposed[^2]) = (shape[^2], shape[^1]);
    }
}
