using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using Slipway.Core;

namespace Slipway.Models.Trees;

/// <summary>The names of a classifier's classes, and how a row's predictions choose among them.</summary>
/// <param name="names">Of the first predictions of a row, one for each class (or two for a single prediction: that of the second); more that follow take no part.</param>
/// <param name="threshold">With two classes: the second is chosen where its prediction is at least this; NaN: the largest prediction wins, the first of equals.</param>
internal sealed class ClassLabels(ImmutableArray<string> names, double threshold = double.NaN)
{
    private readonly byte[][] _texts = [.. names.Select(Encoding.UTF8.GetBytes)];

    public ImmutableArray<string> Names => names;

    /// <summary>Writes the label of every row.</summary>
    /// <param name="predictions">One or more values a row.</param>
    /// <param name="labels">A text a row.</param>
    public void Write(Tensor predictions, Tensor labels)
    {
        if (predictions.Type == ElementType.Float32) Write(predictions.Values<float>(), predictions.Stride, labels);
        else Write(predictions.Values<double>(), predictions.Stride, labels);
    }

    private void Write<T>(ReadOnlySpan<T> predictions, int width, Tensor labels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var used = Math.Min(width, _texts.Length);
        for (var at = 0; at < predictions.Length; at += width) labels.Append(_texts[Choose(predictions.Slice(at, used))]);
    }

    private int Choose<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        double.IsNaN(threshold) && row.Length > 1 ? MarginTransforms.ArgMax(row)
            : double.CreateTruncating(row[^1]) >= (double.IsNaN(threshold) ? 0.5 : threshold) ? 1 : 0;
}
