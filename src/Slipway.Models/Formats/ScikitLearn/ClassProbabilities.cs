using Slipway.Models.Trees;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>e^x over the sum of all, after the largest was taken off (<c>sklearn.utils.extmath.softmax</c>).</summary>
/// <param name="isPairwise">Sums are taken as numpy does along rows; false: as it does across columns, one after the other.</param>
/// <param name="divisor">Of the margins.</param>
internal sealed class Softmax(int outputs, bool isPairwise, double divisor = 1) : PredictionFunction(outputs)
{
    public override void Apply(ReadOnlySpan<double> margins, Span<double> predictions)
    {
        var max = double.NegativeInfinity;
        for (var i = 0; i < margins.Length; i++)
        {
            predictions[i] = margins[i] / divisor;
            max = Math.Max(max, predictions[i]);
        }
        foreach (ref var value in predictions) value = Math.Exp(value - max);
        var sum = 0.0;
        if (isPairwise) sum = PairwiseSum.Of(predictions);
        else foreach (var value in predictions) sum += value;
        foreach (ref var value in predictions) value /= sum;
    }
}

/// <summary>e^(x − ln Σ e^x), of gradient boosting before scikit-learn 1.4; what is no number becomes 0.</summary>
internal sealed class LogSoftmax(int outputs) : PredictionFunction(outputs)
{
    public override void Apply(ReadOnlySpan<double> margins, Span<double> predictions)
    {
        var max = double.NegativeInfinity;
        foreach (var margin in margins) max = Math.Max(max, margin);
        for (var i = 0; i < margins.Length; i++) predictions[i] = Math.Exp(margins[i] - max);
        var logarithm = Math.Log(PairwiseSum.Of(predictions)) + max;
        for (var i = 0; i < margins.Length; i++)
        {
            var probability = Math.Exp(margins[i] - logarithm);
            predictions[i] = double.IsNaN(probability) ? 0 : probability;
        }
    }
}
