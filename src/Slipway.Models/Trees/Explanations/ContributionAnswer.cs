using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using Slipway.Core;
using Tensor = Slipway.Core.Tensor;

namespace Slipway.Models.Trees.Explanations;

/// <summary>Answers a row with its <see cref="TreeContributions"/>.</summary>
internal sealed class ContributionAnswer<T> : TreeAnswer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TreeContributions _contributions;
    private readonly ContributionFeatures? _features;
    private readonly ScaleAndBias? _adjustment;

    private ContributionAnswer(TreeContributions contributions, TreeModelDefinition definition, TensorSpec spec) : base(spec) =>
        (_contributions, _features, _adjustment) = (contributions, definition.ContributionFeatures, definition.ScaleAndBias);

    public static ContributionAnswer<T> Of(TreeModelDefinition definition)
    {
        if (definition.Trees is not { } trees) throw new ModelException("contributions are asked for, but the model has neither trees nor a linear booster");
        var contributions = new TreeContributions(trees, definition.ContributionFeatures);
        return new ContributionAnswer<T>(contributions, definition, ContributionSpec.Of(definition, ElementTypes.Of<T>(), trees.OutputCount, trees.FeatureCount));
    }

    public override void Write(ReadOnlySpan<T> rows, int count, Tensor output, int first)
    {
        var width = (int)Spec.Shape[1];
        var features = rows.Length / Math.Max(1, count);
        var rented = ArrayPool<double>.Shared.Rent(_contributions.Width + width);
        var groups = rented.AsSpan(0, _contributions.Width);
        var sums = _features is null ? groups : rented.AsSpan(groups.Length, width);
        for (var row = 0; row < count; row++)
        {
            _contributions.Explain(rows.Slice(row * features, features), groups);
            _features?.Share(groups, sums);
            if (_adjustment is not null) Adjust(_adjustment, sums);
            TensorPrimitives.ConvertTruncating<double, T>(sums, output.Values<T>().Slice((first + row) * width, width));
        }
        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>The bias is what no feature adds.</summary>
    private static void Adjust(ScaleAndBias adjustment, Span<double> contributions)
    {
        TensorPrimitives.Multiply(contributions, adjustment.Scale, contributions);
        var perOutput = contributions.Length / adjustment.Bias.Length;
        for (var output = 0; output < adjustment.Bias.Length; output++) contributions[((output + 1) * perOutput) - 1] += adjustment.Bias[output];
    }
}
