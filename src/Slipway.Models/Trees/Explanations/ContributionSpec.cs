using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;

namespace Slipway.Models.Trees.Explanations;

/// <summary>The output that contributions are in: for each output of the model its features and the bias, behind one another.</summary>
internal static class ContributionSpec
{
    /// <summary>Wider answers have no names.</summary>
    private const int MaxNames = 65_536;

    /// <param name="outputs">Of the model.</param>
    /// <param name="features">In a kernel's row; those that <see cref="TreeModelDefinition.ContributionFeatures"/> tells are told in their place.</param>
    public static TensorSpec Of(TreeModelDefinition definition, ElementType type, int outputs, int features)
    {
        var width = outputs * ((definition.ContributionFeatures?.Names.Length ?? features) + 1);
        return new TensorSpec("contribution", type, [-1, width], Columns: width <= MaxNames ? Names(definition, outputs, features) : []);
    }

    /// <summary>Features and <c>bias</c>; with several outputs <c>class:feature</c>.</summary>
    private static ImmutableArray<string> Names(TreeModelDefinition definition, int outputs, int features)
    {
        var names = definition.ContributionFeatures?.Names ?? definition.FeatureNames;
        string[] columns = [.. Enumerable.Range(0, definition.ContributionFeatures is null ? features : names.Length).Select(f => f < names.Length ? names[f] : $"f{Text(f)}"), "bias"];
        if (outputs == 1) return [.. columns];
        var classes = definition.PredictionOutput.Columns;
        return [.. Enumerable.Range(0, outputs).SelectMany(o => columns.Select(c => $"{(classes.Length == outputs ? classes[o] : Text(o))}:{c}"))];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
