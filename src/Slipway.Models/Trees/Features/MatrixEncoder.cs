using System.Numerics;
using System.Numerics.Tensors;
using Slipway.Core;

namespace Slipway.Models.Trees.Features;

/// <summary>Takes rows as they stand in a model's one matrix input of float32 or float64.</summary>
/// <param name="features">Columns of the matrix.</param>
internal sealed class MatrixEncoder(int features) : FeatureEncoder(features)
{
    public override void Encode<T>(Batch inputs, int first, Span<T> rows)
    {
        var matrix = inputs[0];
        var from = first * Features;
        if (matrix.Type == ElementType.Float32) Convert<float, T>(matrix.Values<float>().Slice(from, rows.Length), rows);
        else Convert<double, T>(matrix.Values<double>().Slice(from, rows.Length), rows);
        if (!matrix.HasMissing) return;
        for (var i = 0; i < rows.Length; i++)
        {
            if (matrix.IsMissing(from + i)) rows[i] = T.NaN;
        }
    }

    private static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> from, Span<TTo> to)
        where TFrom : unmanaged, IBinaryFloatingPointIeee754<TFrom>
        where TTo : unmanaged, IBinaryFloatingPointIeee754<TTo> =>
        TensorPrimitives.ConvertTruncating(from, to);
}
