using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using Slipway.Core;

namespace Slipway.Models.Trees;

/// <summary>The names of a classifier's classes, and how a row's predictions choose among them.</summary>
internal sealed class ClassLabels
{
    private readonly double _threshold = double.NaN;

    /// <summary>By output.</summary>
    private readonly byte[][][] _texts;

    /// <param name="names">Of the first predictions of a row, one for each class (or two for a single prediction: that of the second); more that follow take no part.</param>
    /// <param name="threshold">With two classes: the second is chosen where its prediction is at least this; NaN: the largest prediction wins, the first of equals.</param>
    public ClassLabels(ImmutableArray<string> names, double threshold = double.NaN) : this([names]) => _threshold = threshold;

    /// <param name="outputs">The classes of each output: a row has predictions for those of the first, then for those of the second, …, and a label for each output.</param>
    public ClassLabels(ImmutableArray<ImmutableArray<string>> outputs) => (Outputs, _texts) = (outputs, [.. outputs.Select(names => names.Select(Encoding.UTF8.GetBytes).ToArray())]);

    /// <summary>The classes of the first output.</summary>
    public ImmutableArray<string> Names => Outputs[0];

    public ImmutableArray<ImmutableArray<string>> Outputs { get; }

    /// <summary>Writes the labels of every row.</summary>
    /// <param name="predictions">One or more values a row.</param>
    /// <param name="labels">A text a row, or one for each output.</param>
    public void Write(Tensor predictions, Tensor labels)
    {
        if (predictions.Type == ElementType.Float32) Write(predictions.Values<float>(), predictions.Stride, labels);
        else Write(predictions.Values<double>(), predictions.Stride, labels);
    }

    private void Write<T>(ReadOnlySpan<T> predictions, int width, Tensor labels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var at = 0; at < predictions.Length; at += width)
        {
            var row = predictions.Slice(at, width);
            foreach (var texts in _texts)
            {
                var used = Math.Min(row.Length, texts.Length);
                var choice = texts.Length == 1 ? 0 : Choose(row[..used]);
                // Where there is no prediction, there is no label.
                if (used > 0 && T.IsNaN(row[Math.Min(choice, used - 1)])) labels.AppendMissing();
                else labels.Append(texts[choice]);
                row = row[used..];
            }
        }
    }

    private int Choose<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        double.IsNaN(_threshold) && row.Length > 1 ? MarginTransforms.ArgMax(row)
            : double.CreateTruncating(row[^1]) >= (double.IsNaN(_threshold) ? 0.5 : _threshold) ? 1 : 0;
}
