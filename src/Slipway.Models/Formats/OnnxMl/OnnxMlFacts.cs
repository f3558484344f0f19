using System.Collections.Immutable;
using System.Globalization;

namespace Slipway.Models.Formats.OnnxMl;

/// <summary>What <c>inspect</c> shows of such a file.</summary>
internal static class OnnxMlFacts
{
    private const int MostLabels = 20;

    public static ImmutableArray<KeyValuePair<string, string>> Of(OnnxFile file, EnsembleScores scores, EnsembleTrees trees)
    {
        var facts = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        Add("producer", file.ProducerVersion.Length > 0 ? $"{file.Producer} {file.ProducerVersion}" : file.Producer);
        Add("graph", file.GraphName);
        Add("description", file.Description);
        Add("ir version", file.IrVersion.ToString(CultureInfo.InvariantCulture));
        Add("operator sets", string.Join(", ", file.OperatorSets.Select(s => string.Create(CultureInfo.InvariantCulture, $"{(s.Key.Length == 0 ? "ai.onnx" : s.Key)} {s.Value}"))));
        Add("operators", string.Join(", ", file.Nodes.CountBy(n => n.Operator).Select(o => o.Value == 1 ? o.Key : string.Create(CultureInfo.InvariantCulture, $"{o.Key} × {o.Value}"))));
        Add(scores.IsClassifier ? "classes" : "targets", scores.Targets.ToString(CultureInfo.InvariantCulture));
        Add("labels", Shortened(scores.HasTextLabels ? scores.TextLabels : [.. scores.Labels.Select(l => l.ToString(CultureInfo.InvariantCulture))]));
        Add("aggregate function", scores.Function.ToString());
        Add("post transform", scores.Transform.ToString());
        Add("arithmetic", scores.InSingle ? "float32" : "float64");
        if (trees.Kernel is not null)
        {
            // What the runtime says of all ensembles that are sums.
            Add("trees", trees.Trees.TreeCount.ToString(CultureInfo.InvariantCulture));
            Add("max depth", trees.Trees.MaxDepth.ToString(CultureInfo.InvariantCulture));
            Add("nodes", trees.Trees.NodeCount.ToString(CultureInfo.InvariantCulture));
        }
        return facts.ToImmutable();

        void Add(string name, string value)
        {
            if (value.Length > 0) facts.Add(new(name, value));
        }
    }

    private static string Shortened(ImmutableArray<string> labels) =>
        labels.Length <= MostLabels ? string.Join(", ", labels) : $"{string.Join(", ", labels.Take(MostLabels))}, …";
}
