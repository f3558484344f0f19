using Slipway.Core;

namespace Slipway.Models.Trees.Explanations;

/// <summary>Answers a row with what each term of a <see cref="LinearBooster"/> adds, in float32 as XGBoost does; a missing (NaN) value adds nothing.</summary>
internal sealed class LinearContributionAnswer(LinearBooster booster, TreeModelDefinition definition)
    : TreeAnswer<float>(ContributionSpec.Of(definition, ElementType.Float32, booster.BaseMargins.Length, booster.FeatureCount))
{
    public override void Write(ReadOnlySpan<float> rows, int count, Tensor output, int first)
    {
        var (features, outputs) = (booster.FeatureCount, booster.BaseMargins.Length);
        var weights = booster.Weights.AsSpan();
        var bias = weights[(features * outputs)..];
        var contributions = output.Values<float>()[(first * outputs * (features + 1))..];
        for (var row = 0; row < count; row++)
        {
            var values = rows.Slice(row * features, features);
            for (var o = 0; o < outputs; o++)
            {
                for (var f = 0; f < features; f++) contributions[f] = float.IsNaN(values[f]) ? 0 : values[f] * weights[(f * outputs) + o];
                contributions[features] = bias[o] + booster.BaseMargins[o];
                contributions = contributions[(features + 1)..];
            }
        }
    }
}
