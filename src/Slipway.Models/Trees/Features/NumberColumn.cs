using Slipway.Core;

namespace Slipway.Models.Trees.Features;

/// <summary>A feature that is a number as it stands.</summary>
internal sealed class NumberColumn(string name) : FeatureColumn(name)
{
    public override bool IsPlain => true;

    public override TensorSpec Spec => new(Name, ElementType.Float64, [-1], Optional: true);

    public override void Encode<T>(Tensor column, int first, Span<T> values, int stride)
    {
        var numbers = column.Values<double>();
        var hasMissing = column.HasMissing;
        for (int at = 0, row = first; at < values.Length; at += stride, row++)
        {
            values[at] = hasMissing && column.IsMissing(row) ? T.NaN : T.CreateTruncating(numbers[row]);
        }
    }
}
