using System.Collections.Immutable;

namespace Slipway.Models.Trees;

/// <summary>A boosted linear model, library-neutral: margin = bias + base + Σ weight × value, float32, in feature order; missing values add nothing.</summary>
/// <param name="FeatureCount">Values in a row.</param>
/// <param name="Weights">Feature-major: <c>Weights[feature × outputs + output]</c>, then one bias per output.</param>
/// <param name="BaseMargins">One per output.</param>
public sealed record LinearBooster(int FeatureCount, ImmutableArray<float> Weights, ImmutableArray<float> BaseMargins);
