using System.Numerics;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// FusedMatMul: alpha · op(a) · op(b) over stacks of matrices, op the transpose of the last two dimensions or nothing. An operand whose stack is transposed (transBatchA, transBatchB) has the rows
/// of its matrices as the first dimension, before the stack.
/// </summary>
internal sealed class FusedMatMul(NodeInfo node) : FloatOperator
{
    private readonly float _alpha = node.Float("alpha", 1);
    private readonly bool _transA = node.Flag("transA"), _transB = node.Flag("transB"), _apartA = node.Flag("transBatchA"), _apartB = node.Flag("transBatchB");

    public override void Infer(InferenceContext context) =>
        context.SetOutput(0, context.Element(0), MatrixShapes.Infer(context, Transposed(context.Shape(0), _transA, _apartA), Transposed(context.Shape(1), _transB, _apartB)));

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
        Transpose(a.Shape, shapeA, _transA, _apartA);
        Transpose(b.Shape, shapeB, _transB, _apartB);
        var y = context.Output(0).Values<T>();
        var m = a.Rank == 1 ? 1 : (int)shapeA[^2];
        var k = (int)shapeA[^1];
        var n = b.Rank == 1 ? 1 : (int)shapeB[^1];
        if (y.Length == 0) return;
        var epilogue = new GemmEpilogue<T> { Alpha = _alpha == 1 ? null : T.CreateTruncating(_alpha) };
        var result = context.Output(0).Shape;
        var ranks = result.Length - (a.Rank > 1 ? 1 : 0) - (b.Rank > 1 ? 1 : 0);
        var stackA = shapeA[..Math.Max(0, a.Rank - 2)];
        var stackB = shapeB[..Math.Max(0, b.Rank - 2)];
        var (stepA, rowA) = Steps(a.Shape, k, _apartA && a.Rank > 2);
        var (stepB, rowB) = Steps(b.Shape, 1, _apartB && b.Rank > 2);
        for (var i = 0; i < y.Length / (m * n); i++)
        {
            var left = a.Values<T>()[(Place(i, result[..ranks], stackA) * stepA)..];
            var right = b.Values<T>()[(Place(i, result[..ranks], stackB) * stepB)..];
            Gemm.Run(m, n, k, left, _transA && a.Rank > 1 ? 1 : rowA, _transA && a.Rank > 1 ? rowA : 1, right, _transB && b.Rank > 1 ? 1 : rowB, _transB && b.Rank > 1 ? rowB : 1, y.Slice(i * m * n, m * n), n, epilogue, context.Threads);
        }
    }

    /// <summary>The elements from one matrix of a stack to the next, and from row to row.</summary>
    /// <param name="row">The latter of a vector.</param>
    private static (int Matrix, int Row) Steps(ReadOnlySpan<long> shape, int row, bool isApart)
    {
        if (shape.Length == 1) return (0, row);
        var columns = (int)shape[^1];
        return isApart ? (columns, (int)(Shape.CountOf(shape) / shape[0])) : (columns * (int)shape[^2], columns);
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

    private static Shape? Transposed(Shape? shape, bool isTransposed, bool isApart)
    {
        if (shape is null || shape.Rank < 2) return shape;
        var dimensions = new long[shape.Rank];
        Transpose(shape.Span, dimensions, isTransposed, isApart);
        return Shape.Of(dimensions);
    }

    /// <summary>The dimensions of the stack, then rows and columns.</summary>
    private static void Transpose(ReadOnlySpan<long> shape, Span<long> transposed, bool isTransposed, bool isApart)
    {
        shape.CopyTo(transposed);
        if (isApart && shape.Length > 2)
        {
            shape[1..^1].CopyTo(transposed);
            transposed[^2] = shape[0];
        }
        if (isTransposed && shape.Length > 1) (transposed[^1], transposed[^2]) = (transposed[^2], transposed[^1]);
    }
}
