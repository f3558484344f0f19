using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Features;

namespace Slipway.Models.Formats.XGBoost;

/// <summary>Checks what a file says and makes a library-neutral model of it.</summary>
internal static class XGBoostImport
{
    /// <summary>Without names in the file, columns are named f0, f1, … up to this many features.</summary>
    private const int MaxGeneratedNames = 65_536;

    private const int MaxFeatures = 1 << 24;

    /// <param name="hasStatistics">Whether what training knew of the nodes is kept, too.</param>
    /// <exception cref="ModelException">The document contradicts itself.</exception>
    public static TreeModelDefinition Import(XGBoostDocument document, bool hasStatistics = true)
    {
        var unsupported = ImmutableArray.CreateBuilder<string>();
        var features = Parameter(document, "num_feature", 0);
        if (features is <= 0 or > MaxFeatures) throw new ModelException($"learner_model_param.num_feature is {features}, 1 to {MaxFeatures} expected");
        var outputs = Math.Max(1, Math.Max(Parameter(document, "num_class", 0), Parameter(document, "num_target", 1)));
        var objective = ObjectiveOf(document, outputs, unsupported);
        var baseScores = BaseScores(document, objective.Link);
        var facts = XGBoostFacts.Of(document, features, outputs, baseScores);

        var encoder = XGBoostCategories.EncoderOf(document, FeatureNames(document, features));
        var definition = new TreeModelDefinition(SignatureOf(document, features, outputs, objective, encoder), objective.Transform) { Facts = facts, Encoder = encoder };
        switch (document.Booster)
        {
            case "gblinear":
                definition = definition with { Linear = Linear(document, features, outputs, baseScores, objective.Link) };
                break;
            case "gbtree" or "dart":
                CheckOutputs(document, outputs);
                definition = definition with
                {
                    Trees = XGBoostTrees.Build(document, features, outputs, Margins(baseScores, objective.Link, outputs), hasStatistics),
                    TreesPerRound = XGBoostTrees.TreesPerRound(document, outputs),
                };
                break;
            default:
                unsupported.Add($"gradient_booster.name: '{document.Booster}' is not known (gbtree, dart and gblinear are)");
                break;
        }
        return definition with { Unsupported = unsupported.ToImmutable() };
    }

    private static XGBoostObjective ObjectiveOf(XGBoostDocument document, int outputs, ImmutableArray<string>.Builder unsupported)
    {
        var objective = XGBoostObjective.Find(document.Objective);
        if (objective is null)
        {
            unsupported.Add($"learner.objective.name: '{document.Objective}' is not known");
            return new XGBoostObjective(MarginTransform.Identity, BaseScoreLink.Identity);
        }
        if (document.BaseScoreIsMargin) objective = objective with { Link = BaseScoreLink.Identity };
        return document.Objective switch
        {
            "reg:expectileerror" when outputs == 1 => objective with { Transform = MarginTransform.Identity },
            // Since 3.4 quantiles are sorted, so that they do not cross.
            "reg:quantileerror" when outputs > 1 && document.IsSince(3, 4) => objective with { Transform = MarginTransform.Ascending },
            _ => objective,
        };
    }

    /// <summary>Every output has a tree of its own, or every tree a value for each: a larger count is damage, and nothing is allocated for it.</summary>
    private static void CheckOutputs(XGBoostDocument document, int outputs)
    {
        var leafValues = document.Trees.Count > 0 && document.Trees[0].LeafSize > 1 ? Math.Max(document.Trees[0].BaseWeights.Length, document.Trees[0].LeafWeights.Length) : 1;
        if (outputs > Math.Max(document.Trees.Count, leafValues))
        {
            throw new ModelException($"learner_model_param: {outputs} classes or targets, but there are {document.Trees.Count} trees");
        }
    }

    private static LinearBooster Linear(XGBoostDocument document, int features, int outputs, ImmutableArray<float> baseScores, BaseScoreLink link)
    {
        var expected = (features + 1L) * outputs;
        if (document.LinearWeights.Length != expected)
        {
            throw new ModelException($"gradient_booster.model.weights has {document.LinearWeights.Length} values, {expected} expected ({features} features and a bias, {outputs} outputs)");
        }
        return new LinearBooster(features, [.. document.LinearWeights], Margins(baseScores, link, outputs));
    }

    private static int Parameter(XGBoostDocument document, string name, int absent)
    {
        if (!document.ModelParameters.TryGetValue(name, out var text)) return absent;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new ModelException($"learner_model_param.{name} is '{text}', a number expected");
    }

    /// <summary><c>5E-1</c>, or since 3.1 <c>[5E-1,2E-1]</c>: one for all outputs or one for each.</summary>
    private static ImmutableArray<float> BaseScores(XGBoostDocument document, BaseScoreLink link)
    {
        if (!document.ModelParameters.TryGetValue("base_score", out var text)) return [0.5f];
        var parts = text.AsSpan().Trim().TrimStart('[').TrimEnd(']').ToString().Split(',');
        var scores = ImmutableArray.CreateBuilder<float>(parts.Length);
        foreach (var part in parts)
        {
            if (!float.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var score)) throw new ModelException($"learner_model_param.base_score is '{text}', a number or a list expected");
            // Since 3.1 an intercept of exactly 0 or 1 (all labels equal) is kept a little away from the ends.
            scores.Add(link == BaseScoreLink.Logit && document.IsSince(3, 1) && score is >= 0 and <= 1 ? Math.Clamp(score, 1e-6f, 1f - 1e-6f) : score);
        }
        return scores.MoveToImmutable();
    }

    private static ImmutableArray<float> Margins(ImmutableArray<float> scores, BaseScoreLink link, int outputs)
    {
        // Allocated only after the number of outputs was checked against the trees or weights in the file.
        if (scores.Length != 1 && scores.Length != outputs) throw new ModelException($"learner_model_param.base_score has {scores.Length} values for {outputs} outputs");
        var margins = ImmutableArray.CreateBuilder<float>(outputs);
        for (var i = 0; i < outputs; i++)
        {
            var score = scores[scores.Length == 1 ? 0 : i];
            margins.Add(link == BaseScoreLink.Increments && i > 0 ? Increment(score - scores[scores.Length == 1 ? 0 : i - 1]) : Margin(score, link));
        }
        return margins.MoveToImmutable();
    }

    private static float Margin(float score, BaseScoreLink link) => link switch
    {
        BaseScoreLink.Logit when !(score > 0 && score < 1) => throw new ModelException($"learner_model_param.base_score is {score.ToString(CultureInfo.InvariantCulture)}, a probability between 0 and 1 expected"),
        BaseScoreLink.Logit => -MathF.Log((1f / score) - 1f),
        BaseScoreLink.Log when !(score > 0) => throw new ModelException($"learner_model_param.base_score is {score.ToString(CultureInfo.InvariantCulture)}, a number above 0 expected"),
        BaseScoreLink.Log => MathF.Log(score),
        _ => score,
    };

    /// <summary>The margin whose softplus, with the millionth every step has, is this step between two expectiles.</summary>
    private static float Increment(float step)
    {
        const float Least = 1e-6f;
        var rest = MathF.Max(step - Least, Least);
        return rest + MathF.Log((float)(1 - Math.Exp(-(double)rest)));
    }

    private static Signature SignatureOf(XGBoostDocument document, int features, int outputs, XGBoostObjective objective, ColumnEncoder? encoder)
    {
        ImmutableArray<TensorSpec> inputs = encoder is not null
            ? [.. encoder.Columns.Select(c => c.Spec)]
            : [new TensorSpec("input", ElementType.Float32, [-1, features], Optional: true, FeatureNames(document, features))];
        var output = objective.Transform.OutputsFor(outputs) == 1
            ? new TensorSpec("prediction", ElementType.Float32, [-1])
            : new TensorSpec("prediction", ElementType.Float32, [-1, outputs], Columns: OutputNames(document, outputs));
        return new Signature(inputs, [output]);
    }

    private static ImmutableArray<string> FeatureNames(XGBoostDocument document, int features)
    {
        var names = document.FeatureNames;
        if (names.Count > features) throw new ModelException($"learner.feature_names has {names.Count} names, num_feature is {features}");
        if (names.Count == 0 && features > MaxGeneratedNames) return [];
        var all = ImmutableArray.CreateBuilder<string>(features);
        for (var f = 0; f < features; f++) all.Add(f < names.Count ? names[f] : $"f{f}");
        return all.MoveToImmutable();
    }

    private static ImmutableArray<string> OutputNames(XGBoostDocument document, int outputs)
    {
        if (outputs > MaxGeneratedNames) return [];
        if (document.Objective == "reg:normal" && outputs == 2) return ["mean", "log_variance"];
        var kind = document.Objective switch { "reg:quantileerror" => "quantile_", "reg:expectileerror" => "expectile_", _ => "" };
        var levels = document.ObjectiveParameters.TryGetValue(kind + "alpha", out var text) ? text.Trim('[', ']').Split(',', StringSplitOptions.TrimEntries) : [];
        var (stem, ends) = levels.Length == outputs ? (kind, levels.Select(Level))
            : (document.Objective.StartsWith("multi:", StringComparison.Ordinal) ? "class_" : "target_", Enumerable.Range(0, outputs).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        return [.. ends.Select(end => stem + end)];
    }

    private static string Level(string text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var level) ? level.ToString(CultureInfo.InvariantCulture) : text;
}
