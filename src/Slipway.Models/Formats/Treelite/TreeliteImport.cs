using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.Treelite;

/// <summary>Checks what a checkpoint says and makes a library-neutral model of it.</summary>
internal static class TreeliteImport
{
    /// <summary>Up to this many columns are named.</summary>
    private const int MaxNames = 65_536;

    private const int MaxFeatures = 1 << 24;

    /// <param name="hasStatistics">Whether what training knew of the nodes is kept, too.</param>
    /// <exception cref="ModelException">The document contradicts itself.</exception>
    public static TreeModelDefinition Import(TreeliteDocument document, bool hasStatistics = true)
    {
        if (document.Features is <= 0 or > MaxFeatures) throw new ModelException($"num_feature is {document.Features}, 1 to {MaxFeatures} expected");
        var outputs = TreeliteOutputs.Of(document);
        var postprocessor = TreelitePostprocessor.Find(document, outputs);
        var (transform, scale, function) = postprocessor ?? new(MarginTransform.Identity);
        // Averages and functions are computed in float64: nearer to what float32 sums stand for than another order of roundings.
        var arithmetic = document.IsFloat32 && !document.Averages && function is null ? TreeArithmetic.Float32 : TreeArithmetic.Float64;
        return new TreeModelDefinition(SignatureOf(document, outputs, transform), transform)
        {
            Trees = TreeliteTrees.Build(document, outputs, arithmetic, hasStatistics),
            MarginScale = scale,
            Function = function,
            Facts = Facts(document, outputs),
            Unsupported = postprocessor is null ? [$"postprocessor: '{document.Postprocessor}' is not known for {outputs.Targets} targets"] : [],
        };
    }

    private static Signature SignatureOf(TreeliteDocument document, TreeliteOutputs outputs, MarginTransform transform)
    {
        var type = document.IsFloat32 ? ElementType.Float32 : ElementType.Float64;
        var input = new TensorSpec("input", type, [-1, document.Features], Optional: true, FeatureNames(document.Features));
        var output = transform.OutputsFor(outputs.Count) == 1
            ? new TensorSpec("prediction", type, [-1])
            : new TensorSpec("prediction", type, [-1, outputs.Count], Columns: outputs.Count <= MaxNames ? outputs.Names() : []);
        return new Signature([input], [output]);
    }

    /// <summary>Checkpoints hold none: f0, f1, …</summary>
    private static ImmutableArray<string> FeatureNames(int features)
    {
        if (features > MaxNames) return [];
        var names = ImmutableArray.CreateBuilder<string>(features);
        for (var f = 0; f < features; f++) names.Add(string.Create(CultureInfo.InvariantCulture, $"f{f}"));
        return names.MoveToImmutable();
    }

    private static ImmutableArray<KeyValuePair<string, string>> Facts(TreeliteDocument document, TreeliteOutputs outputs) =>
    [
        new("library", $"treelite {document.Version}"),
        new("task", document.Task switch
        {
            TreeliteTask.BinaryClassifier => "binary classification",
            TreeliteTask.MulticlassClassifier => "multi-class classification",
            TreeliteTask.LearningToRank => "learning to rank",
            TreeliteTask.IsolationForest => "isolation forest",
            _ => "regression",
        }),
        new("objective", document.Postprocessor),
        new("arithmetic", document.IsFloat32 ? "float32" : "float64"),
        new("features", document.Features.ToString(CultureInfo.InvariantCulture)),
        new("outputs", outputs.Count.ToString(CultureInfo.InvariantCulture)),
        .. document.Averages ? [new KeyValuePair<string, string>("trees are", "averaged")] : Array.Empty<KeyValuePair<string, string>>(),
    ];
}
