using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Det (ai.onnx 11): determinants of square matrices [*, m, m], by elimination with row pivots in float64.</summary>
internal sealed class Determinant : FloatOperator
{
    public override void Infer(InferenceContext context)
    {
        var shape = context.Shape(0);
        if (shape is not null && (shape.Rank < 2 || (shape[shape.Rank - 1] >= 0 && shape[shape.Rank - 2] >= 0 && shape[shape.Rank - 1] != shape[shape.Rank - 2])))
        {
            throw new ModelException($"square matrices are expected, {shape} is given");
        }
        context.SetOutput(0, context.Element(0), shape is null ? null : new Shape(shape.Dimensions[..^2]));
    }

    protected override long ComputeScratchBytes(RunContext context) => context.Input(0)[context.Input(0).Rank - 1] is var size ? checked(size * size * sizeof(double)) : 0;

    protected override void Compute(RunContext context)
    {
        var x = context.Input(0);
        var y = context.Output(0);
        var size = (int)x[x.Rank - 1];
        var work = MemoryMarshal.Cast<byte, double>(context.Scratch)[..(size * size)];
        for (var matrix = 0; matrix < y.Count; matrix++)
        {
            for (var i = 0; i < work.Length; i++) work[i] = x.Element == DataType.Float32 ? x.Values<float>()[matrix * work.Length + i] : x.Values<double>()[matrix * work.Length + i];
            var determinant = Of(work, size);
            if (y.Element == DataType.Float32) y.Values<float>()[matrix] = (float)determinant;
            else y.Values<double>()[matrix] = determinant;
        }
    }

    private static double Of(Span<double> a, int size)
    {
        var result = 1.0;
        for (var column = 0; column < size; column++)
        {
            var pivot = column;
            for (var row = column + 1; row < size; row++)
            {
                if (Math.Abs(a[row * size + column]) > Math.Abs(a[pivot * size + column])) pivot = row;
            }
            var value = a[pivot * size + column];
            if (value == 0) return 0;
            if (pivot != column)
            {
                result = -result;
                for (var k = column; k < size; k++) (a[pivot * size + k], a[column * size + k]) = (a[column * size + k], a[pivot * size + k]);
            }
            result *= value;
            for (var row = column + 1; row < size; row++)
            {
                var factor = a[row * size + column] / value;
                for (var k = column + 1; k < size; k++) a[row * size + k] -= factor * a[column * size + k];
            }
        }
        return result;
    }
}
