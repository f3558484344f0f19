using System.Collections.Immutable;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// A linear booster: margin = bias + base + Σ weight × value in float32, feature by feature; a missing (NaN) value adds nothing.
/// </summary>
/// <param name="weights">Feature-major: <c>weights[feature × outputs + output]</c>, then one bias per output.</param>
/// <param name="baseMargins">One per output.</param>
internal sealed class LinearKernel(int features, ImmutableArray<float> weights, ImmutableArray<float> baseMargins) : MarginKernel<float>(features, baseMargins.Length)
{
    protected override void ScoreRows(ReadOnlySpan<float> rows, int rowLength, Span<float> margins, int count)
    {
        var weight = weights.AsSpan();
        var bias = weight[(Features * Outputs)..];
        for (var r = 0; r < count; r++)
        {
            var row = rows.Slice(r * rowLength, Features);
            for (var output = 0; output < Outputs; output++)
            {
                var sum = bias[output] + baseMargins[output];
                for (var f = 0; f < row.Length; f++)
                {
                    if (!float.IsNaN(row[f])) sum += row[f] * weight[(f * Outputs) + output];
                }
                margins[(r * Outputs) + output] = sum;
            }
        }
    }
}
