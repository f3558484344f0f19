using Slipway.Core;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Models.Formats.OnnxMl;

/// <summary>What a tree-ensemble node of a graph says, short of its trees: those are read when the rest of the graph is understood.</summary>
internal sealed class EnsembleOperator
{
    /// <summary>Vectors with so many values are made of leaves, and more when the file has many weights.</summary>
    private const int MostZeros = 1 << 16;

    private EnsembleOperator(EnsembleScores scores) => Scores = scores;

    public EnsembleScores Scores { get; private set; }

    public static bool Is(string name) => name is "TreeEnsembleRegressor" or "TreeEnsembleClassifier" or "TreeEnsemble";

    /// <param name="input">What the ensemble reads.</param>
    /// <exception cref="ModelException">The attributes are damaged, or ONNX Runtime would not take them.</exception>
    public static EnsembleOperator Bind(OnnxAttributes attributes, ElementType input)
    {
        var isClassifier = attributes.Operator == "TreeEnsembleClassifier";
        var inSingle = input != ElementType.Float64;
        RequireNumbers(attributes, inSingle);
        if (attributes.Operator == "TreeEnsemble")
        {
            var targets = Targets(attributes, attributes.Integer("n_targets", 0));
            return new EnsembleOperator(new EnsembleScores
            {
                IsClassifier = false,
                Targets = targets,
                Function = Choice<AggregateFunction>(attributes, "aggregate_function", 1),
                Transform = Choice<PostTransform>(attributes, "post_transform", 0),
                InSingle = inSingle,
                ScoreType = input,
            });
        }
        var labels = isClassifier ? attributes.Integers("classlabels_int64s") : [];
        string[] texts = isClassifier ? attributes.Texts("classlabels_strings") : [];
        if (isClassifier && labels.Length > 0 && texts.Length > 0) throw attributes.Unsupported("it has labels of two kinds");
        return new EnsembleOperator(new EnsembleScores
        {
            IsClassifier = isClassifier,
            Targets = Targets(attributes, isClassifier ? labels.Length + texts.Length : attributes.Integer("n_targets", 0)),
            Function = isClassifier ? AggregateFunction.Sum : attributes.Text("aggregate_function", "SUM") switch
            {
                "AVERAGE" => AggregateFunction.Average,
                "SUM" => AggregateFunction.Sum,
                "MIN" => AggregateFunction.Min,
                "MAX" => AggregateFunction.Max,
                var other => throw attributes.Unsupported($"aggregate_function '{other}' is unknown"),
            },
            Transform = attributes.Text("post_transform", "NONE") switch
            {
                "NONE" => PostTransform.None,
                "SOFTMAX" => PostTransform.Softmax,
                "LOGISTIC" => PostTransform.Logistic,
                "SOFTMAX_ZERO" => PostTransform.SoftmaxZero,
                "PROBIT" => PostTransform.Probit,
                var other => throw attributes.Unsupported($"post_transform '{other}' is unknown"),
            },
            Labels = labels,
            TextLabels = [.. texts],
            InSingle = inSingle,
            ScoreType = ElementType.Float32,
        });
    }

    /// <summary>Reads the trees; <see cref="Scores"/> is complete then.</summary>
    /// <param name="features">Values in a row; -1: as many as the splits look at.</param>
    /// <param name="forScores">Nobody asks which leaves rows reach.</param>
    public EnsembleTrees ReadTrees(OnnxAttributes attributes, int features, bool forScores = true)
    {
        var nodes = attributes.Operator == "TreeEnsemble" ? TreeEnsembleV5Reader.Read(attributes, Scores.Targets)
            : TreeEnsembleReader.Read(attributes, Scores.IsClassifier ? "class" : "target", Scores.Targets);
        if (features < 0) features = WidestOf(nodes);
        var categories = new CategoryFeatures(nodes, features);
        var weights = new LeafWeights(nodes, Scores.Targets);
        CompleteScores(attributes, nodes, weights);
        var arithmetic = Scores.InSingle ? TreeArithmetic.Float32 : TreeArithmetic.Float64;
        if (NeedsAggregation(weights, nodes))
        {
            var numbered = new EnsembleBuilding(nodes, categories, features, Scores.Targets, LeafForm.Number).Build(TreeArithmetic.Float64, forScores: false);
            return new EnsembleTrees(numbered, new LeafAggregation(numbered, nodes, Scores.Targets, Scores.Function, Scores.InSingle), null, categories, features);
        }
        var form = weights.OneTargetEach || Scores.Targets == 1 ? LeafForm.Scalar : LeafForm.Vector;
        var trees = new EnsembleBuilding(nodes, categories, features, Scores.Targets, form).Build(arithmetic, forScores);
        Scores = Scores with { HasWeight = weights.Always ?? weights.Used };
        return new EnsembleTrees(trees, null, TakeBias(), categories, features);
    }

    /// <summary>True when scores are the sums of the trees and their bias, and nothing else.</summary>
    public bool IsPlain =>
        !Scores.IsClassifier && Scores.Function == AggregateFunction.Sum && Scores.Base.Length == 0 && Scores.HasWeight is not null
        && (Scores.Transform == PostTransform.None || (Scores.Targets == 1 && Scores.Transform != PostTransform.Probit));

    private static int WidestOf(TreeNodes nodes)
    {
        var widest = 0;
        for (var i = 0; i < nodes.Count; i++)
        {
            if (nodes.Modes[i] != NodeMode.Leaf) widest = Math.Max(widest, nodes.Features[i]);
        }
        return widest < TreeEnsembleBuilder.MaxCategory ? widest + 1 : throw OnnxFile.Unsupported($"splits look at feature {widest}, and nothing says how many there are");
    }

    private void CompleteScores(OnnxAttributes attributes, TreeNodes nodes, LeafWeights weights)
    {
        var start = attributes.Operator == "TreeEnsemble" ? [] : TreeEnsembleReader.Numbers(attributes, "base_values", -1);
        var fits = start.Length == 0 || start.Length == Scores.Targets || (Scores.IsClassifier && Scores.Targets == 2 && start.Length == 1);
        if (!fits) throw attributes.Fault("base_values", $"{start.Length} values for {Scores.Targets} targets");
        Scores = Scores with
        {
            Base = start,
            Trees = nodes.Roots.Length,
            IsBinary = Scores.IsClassifier && Scores.Targets == 2 && weights.Used.Count(u => u) == 1,
            WeightsAreAllPositive = !nodes.Weights.AsSpan().ContainsAnyInRange(double.NegativeInfinity, -double.Epsilon),
        };
    }

    private bool NeedsAggregation(LeafWeights weights, TreeNodes nodes) =>
        Scores.Function is AggregateFunction.Min or AggregateFunction.Max
        || (Scores.Targets > 1 && weights.HasRepeated)
        || (!weights.OneTargetEach && (long)weights.Leaves * Scores.Targets > MostZeros + (64L * nodes.Weights.Length))
        || (Scores.Targets > 1 && weights.Always is null && (Scores.IsClassifier || Scores.Base.Length > 0));

    /// <summary>Base values that are just added to the sums.</summary>
    private ScaleAndBias? TakeBias()
    {
        if (Scores.Base.Length != Scores.Targets || (Scores.Targets > 1 && Scores.HasWeight.Contains(false)) || Scores.Function != AggregateFunction.Sum || (Scores.IsClassifier && Scores.Targets < 3)) return null;
        var bias = new ScaleAndBias(1, [.. Scores.Base]);
        Scores = Scores with { Base = [] };
        return bias;
    }

    private static int Targets(OnnxAttributes attributes, long count) =>
        count is > 0 and <= 1 << 20 ? (int)count : throw attributes.Fault("n_targets or classlabels", $"{count} targets");

    private static TEnum Choice<TEnum>(OnnxAttributes attributes, string name, long otherwise)
        where TEnum : struct, Enum
    {
        var value = (TEnum)Enum.ToObject(typeof(TEnum), attributes.Integer(name, otherwise));
        return Enum.IsDefined(value) ? value : throw attributes.Fault(name, $"{attributes.Integer(name, otherwise)} is unknown");
    }

    /// <summary>Tensors of numbers must be of the type that the ensemble computes in.</summary>
    private static void RequireNumbers(OnnxAttributes attributes, bool inSingle)
    {
        foreach (var name in new[] { "nodes_values_as_tensor", "base_values_as_tensor", "target_weights_as_tensor", "class_weights_as_tensor", "nodes_splits", "leaf_weights", "membership_values" })
        {
            var isHalf = inSingle && attributes.Operator == "TreeEnsemble" && attributes.TensorType(name) == ElementType.Float16;
            if (!isHalf && attributes.TensorType(name) is { } type && type != (inSingle ? ElementType.Float32 : ElementType.Float64))
            {
                throw OnnxFile.Unsupported($"{name} is {type.ProtocolName}, the ensemble computes in {(inSingle ? "FP32" : "FP64")}");
            }
        }
    }
}

/// <summary>Trees that are read: for sums a bias, for other aggregates a kernel.</summary>
/// <param name="Categories">Of the kernel's rows.</param>
/// <param name="Features">Values in a row of inputs.</param>
internal sealed record EnsembleTrees(TreeEnsemble Trees, MarginKernel<double>? Kernel, ScaleAndBias? Bias, CategoryFeatures Categories, int Features);
