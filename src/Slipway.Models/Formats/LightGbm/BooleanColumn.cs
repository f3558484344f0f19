using System.Text;
using Slipway.Core;
using Slipway.Models.Trees.Features;

namespace Slipway.Models.Formats.LightGbm;

/// <summary>A pandas column of the categories False and True: takes booleans, the numbers 0 and 1, and the words in any case.</summary>
internal sealed class BooleanColumn(string name, PandasCategories categories) : FeatureColumn(name)
{
    private readonly FeatureRule.Codes _codes = new(categories);

    public override TensorSpec Spec => new(Name, ElementType.Bytes, [-1], Optional: true, AnyType: true);

    public override void Encode<T>(Tensor column, int first, Span<T> values, int stride)
    {
        var isText = column.Type == ElementType.Bytes;
        for (int at = 0, row = first; at < values.Length; at += stride, row++)
        {
            var number = column.IsMissing(row) ? double.NaN : isText ? Truth(column.GetBytes(row)) : column.NumberAt(row);
            values[at] = T.CreateTruncating(_codes.Apply(number));
        }
    }

    private static double Truth(ReadOnlySpan<byte> text) =>
        Ascii.EqualsIgnoreCase(text, "true"u8) || text.SequenceEqual("1"u8) ? 1
            : Ascii.EqualsIgnoreCase(text, "false"u8) || text.SequenceEqual("0"u8) ? 0
            : double.NaN;
}
