using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.LightGbm;

/// <summary>
/// LightGBM's parallel arrays, checked against each other, as a <see cref="TreeEnsemble"/>. Its splits decide as LightGBM's <c>Tree::NumericalDecision</c>
/// and <c>Tree::CategoricalDecision</c> do, with NaN for missing values; where zeros are missing too, the feature's zeros have to become NaN.
/// </summary>
internal sealed class LightGbmTrees
{
    /// <summary>Where the file does not announce how many trees there are.</summary>
    private const int MaxOutputs = 1 << 16;

    private readonly LightGbmDocument _document;
    private readonly TreeEnsembleBuilder _builder;
    private readonly Demands[] _demands;

    /// <summary>By the tree's own numbers: the builder's, or -1 before the first split by the set, and whether category 0 is in it.</summary>
    private readonly List<(int Number, bool HasZero)> _sets = [];

    /// <param name="hasStatistics">Whether what training knew of the nodes is kept, too.</param>
    /// <exception cref="ModelException">The document names no features, or not as many as it says.</exception>
    public LightGbmTrees(LightGbmDocument document, bool hasStatistics)
    {
        if (document.Version.Length == 0) throw new ModelException("there is no version: LightGBM writes it since 2.1, and older models decide otherwise");
        if (document.Features == 0) throw new ModelException("there are no feature_names");
        if (document.MaxFeatureIndex != document.Features - 1) throw new ModelException($"feature_names has {document.Features} names, but max_feature_idx is {document.MaxFeatureIndex}");
        if (document.FeatureInfos.Length > 0 && document.FeatureInfos.Length != document.Features) throw new ModelException($"feature_infos has {document.FeatureInfos.Length} entries for {document.Features} features");
        CheckOutputs(document);
        _document = document;
        _builder = new TreeEnsembleBuilder(document.Features, document.Outputs, TreeArithmetic.Float64).ForScores(!hasStatistics);
        _demands = new Demands[document.Features];
    }

    /// <summary>What splits and leaves need of a feature's values.</summary>
    [Flags]
    private enum Demands : byte
    {
        None = 0,

        /// <summary>0 goes the same way as NaN, and not that of its value.</summary>
        ZeroIsMissing = 1,

        /// <summary>NaN goes another way than 0.</summary>
        MissingIsNotZero = 2,

        /// <summary>The category 0 goes left, NaN right.</summary>
        CategoryZero = 4,

        /// <summary>A linear model computes with it.</summary>
        Term = 8,
    }

    public int Count { get; private set; }

    /// <summary>There is a linear model in a leaf.</summary>
    public bool HasLinearLeaves { get; private set; }

    /// <exception cref="ModelException">The tree contradicts itself.</exception>
    public void Add(LightGbmTree tree)
    {
        CheckLengths(tree);
        var splits = tree.Leaves - 1;
        _builder.BeginTree(tree.Leaves + splits, Count % _document.Outputs);
        _sets.Clear();
        for (var split = 0; split < splits; split++) AddSplit(tree, split);
        // Files tell 0 rows, or nothing, of a tree that is one leaf; all rows reach it.
        if (splits == 0) _builder.Statistics(0, tree.LeafCounts is [> 0 and var rows] ? rows : 1, double.NaN);
        else if (tree.LeafCounts.Count > 0 && tree.SplitCounts.Count > 0)
        {
            for (var split = 0; split < splits; split++) _builder.Statistics(split, tree.SplitCounts[split], tree.Gains.Count > 0 ? tree.Gains[split] : double.NaN);
            for (var leaf = 0; leaf < tree.Leaves; leaf++) _builder.Statistics(splits + leaf, tree.LeafCounts[leaf], double.NaN);
        }
        if (tree.IsLinear) AddLinearLeaves(tree);
        else for (var leaf = 0; leaf < tree.Leaves; leaf++) _builder.Leaf(splits + leaf, tree.LeafValues[leaf], leaf);
        _builder.EndTree();
        Count++;
    }

    /// <summary>Makes room for nodes. Only a hint.</summary>
    public void Expect(long nodes) => _builder.Expect((int)Math.Min(nodes, Array.MaxLength));

    public TreeEnsemble Build()
    {
        if (Count % _document.Outputs != 0) throw new ModelException($"there are {Count} trees, but {_document.Outputs} trees per iteration");
        return _builder.Build();
    }

    /// <summary>Zeros of the feature have to become NaN.</summary>
    public bool ZeroIsMissing(int feature) => (_demands[feature] & Demands.ZeroIsMissing) != 0;

    /// <summary>Negative values above -1 are of category 0, as LightGBM truncates them, and that matters.</summary>
    public bool TruncatesToZero(int feature) => (_demands[feature] & Demands.CategoryZero) != 0;

    /// <summary>Zeros cannot become NaN without changing what other splits or leaves do: the parameter <c>zero_as_missing</c> was changed in the midst of training.</summary>
    public bool Contradicts(int feature) => ZeroIsMissing(feature) && _demands[feature] != Demands.ZeroIsMissing;

    private void AddSplit(LightGbmTree tree, int split)
    {
        var feature = tree.Features[split];
        if ((uint)feature >= (uint)_document.Features) throw At($"split {split} is on feature {feature}, but there are {_document.Features} features");
        var left = Child(tree, split, tree.LeftChildren[split], "left");
        var right = Child(tree, split, tree.RightChildren[split], "right");
        var decision = tree.DecisionTypes[split];
        if ((decision & DecisionType.Categorical) != 0)
        {
            // Only categories of the set go left; NaN and what is no category go right.
            var set = SetOf(tree, split, feature);
            _builder.CategoricalSplit(split, feature, set, right, left, defaultLeft: true);
            return;
        }
        var threshold = tree.Thresholds[split];
        var zeroGoesLeft = 0 <= threshold;
        var defaultLeft = (decision & DecisionType.DefaultLeft) != 0;
        switch (DecisionType.MissingOf(decision))
        {
            case MissingType.None:
                defaultLeft = zeroGoesLeft;
                break;
            case MissingType.Zero:
                if (defaultLeft ? threshold < FeatureRule.ZeroThreshold : threshold >= -FeatureRule.ZeroThreshold) _demands[feature] |= Demands.ZeroIsMissing;
                break;
            case MissingType.NaN:
                if (defaultLeft != zeroGoesLeft) _demands[feature] |= Demands.MissingIsNotZero;
                break;
            default:
                throw At($"split {split} has decision_type {decision}");
        }
        _builder.SplitAtMost(split, feature, threshold, left, right, defaultLeft);
    }

    private int Child(LightGbmTree tree, int split, int child, string side)
    {
        var splits = tree.Leaves - 1;
        if (child >= splits || ~child >= tree.Leaves) throw At($"the {side} child of split {split} is {child}, but there are {splits} splits and {tree.Leaves} leaves");
        return child >= 0 ? child : splits + ~child;
    }

    private int SetOf(LightGbmTree tree, int split, int feature)
    {
        var index = tree.Thresholds[split];
        var sets = Math.Max(0, tree.SetStarts.Count - 1);
        if (!(index >= 0 && index < sets)) throw At($"split {split} is by category set {index}, but there are {sets} sets");
        while (_sets.Count < sets) _sets.Add((-1, false));
        var own = (int)index;
        if (_sets[own].Number < 0)
        {
            var categories = tree.Categories.Items[tree.SetStarts[own]..tree.SetStarts[own + 1]];
            _sets[own] = (_builder.CategorySet(split, categories), categories.Contains(0));
        }
        if (_sets[own].HasZero) _demands[feature] |= Demands.CategoryZero;
        return _sets[own].Number;
    }

    private void AddLinearLeaves(LightGbmTree tree)
    {
        HasLinearLeaves = true;
        var features = tree.TermFeatures.Items;
        var coefficients = tree.TermCoefficients.Items;
        for (int leaf = 0, first = 0; leaf < tree.Leaves; leaf++)
        {
            var terms = tree.TermCounts[leaf];
            if (terms < 0 || terms > features.Length - first) throw At($"leaf {leaf} has {terms} terms, but {features.Length - first} are left");
            foreach (var feature in features.Slice(first, terms))
            {
                if ((uint)feature >= (uint)_document.Features) throw At($"leaf {leaf} has a term of feature {feature}, but there are {_document.Features} features");
                _demands[feature] |= Demands.Term;
            }
            var node = tree.Leaves - 1 + leaf;
            if (terms == 0) _builder.Leaf(node, tree.LeafConstants[leaf], leaf);
            else _builder.LinearLeaf(node, tree.LeafConstants[leaf], features.Slice(first, terms), coefficients.Slice(first, terms), tree.LeafValues[leaf], leaf);
            first += terms;
        }
    }

    /// <summary>Every output has a tree of its own: a larger count is damage, and nothing is allocated for it.</summary>
    private static void CheckOutputs(LightGbmDocument document)
    {
        var most = Math.Max(1, document.AnnouncedTrees < 0 ? MaxOutputs : document.AnnouncedTrees);
        if (document.Outputs < 1 || document.Outputs > most) throw new ModelException($"num_tree_per_iteration is {document.Outputs}, 1 to {most} expected");
    }

    private void CheckLengths(LightGbmTree tree)
    {
        var leaves = tree.Leaves;
        if (leaves < 1) throw At($"num_leaves is {leaves}");
        Check("leaf_value", tree.LeafValues.Count, leaves);
        if (tree.LeafCounts.Count > 0) Check("leaf_count", tree.LeafCounts.Count, leaves);
        if (leaves > 1)
        {
            Check("split_feature", tree.Features.Count, leaves - 1);
            Check("threshold", tree.Thresholds.Count, leaves - 1);
            Check("decision_type", tree.DecisionTypes.Count, leaves - 1);
            Check("left_child", tree.LeftChildren.Count, leaves - 1);
            Check("right_child", tree.RightChildren.Count, leaves - 1);
            if (tree.Gains.Count > 0) Check("split_gain", tree.Gains.Count, leaves - 1);
            if (tree.SplitCounts.Count > 0) Check("internal_count", tree.SplitCounts.Count, leaves - 1);
        }
        if (!tree.IsLinear) return;
        Check("leaf_const", tree.LeafConstants.Count, leaves);
        Check("num_features", tree.TermCounts.Count, leaves);
        Check("leaf_coeff", tree.TermCoefficients.Count, tree.TermFeatures.Count);
    }

    private void Check(string name, int found, int expected)
    {
        if (found != expected) throw At($"{name} has {found} values, {expected} expected");
    }

    private ModelException At(string problem) => new($"tree {Count}: {problem}");
}
