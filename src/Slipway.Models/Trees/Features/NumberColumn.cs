using Slipway.Core;

namespace Slipway.Models.Trees.Features;

/// <summary>A feature that is a number as it stands.</summary>
/// <param name="zeroIsMissing">See <see cref="Zeros"/>.</param>
internal sealed class NumberColumn(string name, bool zeroIsMissing = false) : FeatureColumn(name)
{
    public override bool IsPlain => !zeroIsMissing;

    public override TensorSpec Spec => new(Name, ElementType.Float64, [-1], Optional: true);

    public override void Encode<T>(Tensor column, int first, Span<T> values, int stride)
    {
        var numbers = column.Values<double>();
        var hasMissing = column.HasMissing;
        for (int at = 0, row = first; at < values.Length; at += stride, row++)
        {
            values[at] = hasMissing && column.IsMissing(row) ? T.NaN : T.CreateTruncating(numbers[row]);
            if (zeroIsMissing) Zeros.Drop(ref values[at]);
        }
    }
}
