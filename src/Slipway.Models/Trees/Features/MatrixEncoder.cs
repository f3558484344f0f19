using System.Numerics;
using System.Numerics.Tensors;
using Slipway.Core;

namespace Slipway.Models.Trees.Features;

/// <summary>Takes rows as they stand in a model's one matrix input of float32 or float64.</summary>
/// <param name="features">Columns of the matrix.</param>
/// <param name="zeroIsMissing">Features whose zeros are missing, see <see cref="Zeros"/>; null when none are.</param>
internal sealed class MatrixEncoder(int features, bool[]? zeroIsMissing = null) : FeatureEncoder(features)
{
    public override void Encode<T>(Batch inputs, int first, Span<T> rows)
    {
        var matrix = inputs[0];
        var from = first * Features;
        if (matrix.Type == ElementType.Float32) Convert<float, T>(matrix.Values<float>().Slice(from, rows.Length), rows);
        else Convert<double, T>(matrix.Values<double>().Slice(from, rows.Length), rows);
        if (matrix.HasMissing)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                if (matrix.IsMissing(from + i)) rows[i] = T.NaN;
            }
        }
        if (zeroIsMissing is null) return;
        for (var at = 0; at < rows.Length; at += Features)
        {
            for (var f = 0; f < Features; f++)
            {
                if (zeroIsMissing[f]) Zeros.Drop(ref rows[at + f]);
            }
        }
    }

    private static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> from, Span<TTo> to)
        where TFrom : unmanaged, IBinaryFloatingPointIeee754<TFrom>
        where TTo : unmanaged, IBinaryFloatingPointIeee754<TTo> =>
        TensorPrimitives.ConvertTruncating(from, to);
}

/// <summary>Zeros that stand for missing values in sparse data (LightGBM's <c>zero_as_missing</c>).</summary>
internal static class Zeros
{
    /// <summary>Values no further from 0 are 0: LightGBM's kZeroThreshold.</summary>
    private const float Threshold = 1e-35f;

    public static void Drop<T>(ref T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (double.Abs(double.CreateTruncating(value)) <= Threshold) value = T.NaN;
    }
}
