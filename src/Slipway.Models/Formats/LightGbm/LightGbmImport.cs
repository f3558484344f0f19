using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.LightGbm;

/// <summary>Checks what a file says and makes a library-neutral model of it.</summary>
internal static class LightGbmImport
{
    /// <exception cref="ModelException">The document contradicts itself.</exception>
    public static TreeModelDefinition Import(LightGbmDocument document, LightGbmTrees trees)
    {
        var outputs = document.Outputs;
        var ensemble = trees.Build();
        var unsupported = Contradictions(document, trees);
        var objective = LightGbmObjective.Parse(document.Objective, outputs);
        if (objective is null)
        {
            unsupported.Add($"objective: '{document.Objective}' is not known");
            objective = new LightGbmObjective(document.Objective, MarginTransform.Identity);
        }
        var columns = ColumnsOf(document);
        var inputs = LightGbmInputs.Of(document, trees, columns, out var encoder);
        var averages = document.AverageOutput && trees.Count > 0;
        return new TreeModelDefinition(new Signature(inputs, [OutputOf(document)]), objective.Transform)
        {
            Trees = ensemble,
            TreesPerRound = outputs,
            Encoder = encoder,
            MarginScale = averages ? 1 : objective.Scale,
            Function = averages ? new AveragedOutput(outputs, trees.Count / outputs, objective) : null,
            Facts = LightGbmFacts.Of(document, trees, columns),
            Unsupported = unsupported.ToImmutable(),
        };
    }

    private static ImmutableArray<string>.Builder Contradictions(LightGbmDocument document, LightGbmTrees trees)
    {
        var unsupported = ImmutableArray.CreateBuilder<string>();
        for (var feature = 0; feature < document.Features; feature++)
        {
            if (trees.Contradicts(feature)) unsupported.Add($"feature '{document.FeatureNames[feature]}': its zeros are missing values at some splits and numbers at others");
        }
        return unsupported;
    }

    /// <summary>The categories of each feature that pandas had categories for, as far as it can be told which these are.</summary>
    private static PandasCategories?[] ColumnsOf(LightGbmDocument document)
    {
        var columns = new PandasCategories?[document.Features];
        if (PandasCategories.FindFeatures(document) is not { } features) return columns;
        for (var column = 0; column < features.Length; column++) columns[features[column]] = document.PandasCategories[column];
        return columns;
    }

    private static TensorSpec OutputOf(LightGbmDocument document)
    {
        var outputs = document.Outputs;
        if (outputs == 1) return new TensorSpec("prediction", ElementType.Float64, [-1]);
        var stem = document.Classes > 1 ? "class_" : "target_";
        return new TensorSpec("prediction", ElementType.Float64, [-1, outputs], Columns: [.. Enumerable.Range(0, outputs).Select(o => stem + o.ToString(CultureInfo.InvariantCulture))]);
    }
}

/// <summary>A random forest: sums are divided by the number of iterations before the objective transforms them.</summary>
internal sealed class AveragedOutput(int outputs, int iterations, LightGbmObjective objective) : PredictionFunction(outputs)
{
    public override PredictionFunction ForRounds(int rounds) => new AveragedOutput(Outputs, rounds, objective);

    public override void Apply(ReadOnlySpan<double> margins, Span<double> predictions)
    {
        for (var i = 0; i < margins.Length; i++) predictions[i] = margins[i] / iterations * objective.Scale;
        MarginTransforms.Apply(objective.Transform, predictions, Outputs);
    }
}
