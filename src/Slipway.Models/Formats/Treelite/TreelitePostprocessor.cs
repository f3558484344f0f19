using Slipway.Models.Trees;

namespace Slipway.Models.Formats.Treelite;

/// <summary>What a postprocessor makes of margins (https://treelite.readthedocs.io/en/latest/knobs/postprocessor.html).</summary>
/// <param name="Transform">Of margins that were multiplied by <paramref name="Scale"/>.</param>
/// <param name="Function">In the place of <paramref name="Transform"/>.</param>
internal sealed record TreelitePostprocessor(MarginTransform Transform, double Scale = 1, PredictionFunction? Function = null)
{
    /// <summary>The postprocessor a document names, or null when there is none of that name.</summary>
    public static TreelitePostprocessor? Find(TreeliteDocument document, TreeliteOutputs outputs) => document.Postprocessor switch
    {
        "identity" or "identity_multiclass" => new(MarginTransform.Identity),
        "signed_square" => new(MarginTransform.SignedSquare),
        "hinge" => new(MarginTransform.Step),
        "sigmoid" or "multiclass_ova" => new(MarginTransform.Sigmoid, document.SigmoidAlpha),
        "exponential" => new(MarginTransform.Exponential),
        "exponential_standard_ratio" => new(MarginTransform.Identity, Function: new StandardRatio(outputs.Count, document.RatioC)),
        "logarithm_one_plus_exp" => new(MarginTransform.Softplus),
        "softmax" when outputs.Targets == 1 => new(MarginTransform.Softmax),
        "softmax" => new(MarginTransform.Identity, Function: new SoftmaxOfEachTarget(outputs)),
        "max_index" when outputs.Targets == 1 => new(MarginTransform.ArgMax),
        _ => null,
    };

    /// <summary>2^(-x / c): the anomaly score of isolation forests, of the average depth.</summary>
    private sealed class StandardRatio(int outputs, double c) : PredictionFunction(outputs)
    {
        public override void Apply(ReadOnlySpan<double> margins, Span<double> predictions)
        {
            for (var i = 0; i < margins.Length; i++) predictions[i] = double.Exp2(-margins[i] / c);
        }
    }

    private sealed class SoftmaxOfEachTarget(TreeliteOutputs outputs) : PredictionFunction(outputs.Count)
    {
        public override void Apply(ReadOnlySpan<double> margins, Span<double> predictions)
        {
            margins.CopyTo(predictions);
            for (var t = 0; t < outputs.Targets; t++)
            {
                MarginTransforms.Apply(MarginTransform.Softmax, predictions.Slice(outputs.Start(t), outputs.ClassesOf(t)), outputs.ClassesOf(t));
            }
        }
    }
}
