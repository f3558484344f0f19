using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.Treelite;

/// <summary>The trees of a checkpoint, checked, as a <see cref="TreeEnsemble"/>.</summary>
internal sealed class TreeliteTrees
{
    /// <summary>Vectors for one target or one class are widened to all outputs; this much of that is plausible.</summary>
    private const long MaxWidened = 1 << 26;

    private readonly TreeliteDocument _document;
    private readonly TreeliteOutputs _outputs;
    private readonly TreeEnsembleBuilder _builder;
    private readonly bool _isFloat32;
    private readonly bool _hasVectors;
    private readonly double[] _divisors;
    private readonly double[] _vector;
    private long _widened;

    private TreeliteTrees(TreeliteDocument document, TreeliteOutputs outputs, TreeArithmetic arithmetic)
    {
        _document = document;
        _outputs = outputs;
        _isFloat32 = arithmetic == TreeArithmetic.Float32;
        _builder = new TreeEnsembleBuilder(document.Features, outputs.Count, arithmetic).BaseMargins(BaseMargins());
        _hasVectors = outputs.Count > 1 && HasVectors();
        _divisors = Divisors();
        _vector = new double[outputs.Count];
    }

    public static TreeEnsemble Build(TreeliteDocument document, TreeliteOutputs outputs, TreeArithmetic arithmetic, bool hasStatistics)
    {
        if (document.TreeTargets.Length != document.Trees.Count) throw new ModelException($"target_id has {document.TreeTargets.Length} entries for {document.Trees.Count} trees");
        if (document.TreeClasses.Length != document.Trees.Count) throw new ModelException($"class_id has {document.TreeClasses.Length} entries for {document.Trees.Count} trees");
        var trees = new TreeliteTrees(document, outputs, arithmetic);
        var nodes = 0L;
        foreach (var tree in document.Trees) nodes += tree.Nodes.Length;
        trees._builder.ForScores(!hasStatistics).Expect((int)Math.Min(nodes, Array.MaxLength));
        for (var t = 0; t < document.Trees.Count; t++) trees.Add(t);
        return trees._builder.Build();
    }

    private double[] BaseMargins()
    {
        var scores = _document.BaseScores;
        if (scores.Length == 1) return scores;
        if (scores.Length != (long)_outputs.Targets * _outputs.MostClasses)
        {
            throw new ModelException($"base_scores has {scores.Length} entries, {(long)_outputs.Targets * _outputs.MostClasses} expected ({_outputs.Targets} targets, at most {_outputs.MostClasses} classes)");
        }
        var margins = new double[_outputs.Count];
        for (var t = 0; t < _outputs.Targets; t++) scores.AsSpan(t * _outputs.MostClasses, _outputs.ClassesOf(t)).CopyTo(margins.AsSpan(_outputs.Start(t)));
        return margins;
    }

    private bool HasVectors()
    {
        foreach (var tree in _document.Trees)
        {
            foreach (ref readonly var node in tree.Nodes.AsSpan())
            {
                if (node.Kind == TreeliteNodeKind.Leaf && node.VectorEnd != node.VectorBegin) return true;
            }
        }
        return false;
    }

    /// <summary>For each output 1, or with averages the number of trees that add to it.</summary>
    private double[] Divisors()
    {
        var divisors = new double[_outputs.Count];
        Array.Fill(divisors, _document.Averages ? 0 : 1);
        if (!_document.Averages) return divisors;
        for (var tree = 0; tree < _document.Trees.Count; tree++)
        {
            var (targets, classes) = (TargetsOf(tree), ClassesOf(tree));
            for (var t = targets.First; t <= targets.Last; t++)
            {
                for (var c = classes.First; c <= Math.Min(classes.Last, _outputs.ClassesOf(t) - 1); c++) divisors[_outputs.Start(t) + c]++;
            }
        }
        return divisors;
    }

    private (int First, int Last) TargetsOf(int tree) => _document.TreeTargets[tree] switch
    {
        -1 => (0, _outputs.Targets - 1),
        var target when target >= 0 && target < _outputs.Targets => (target, target),
        var target => throw new ModelException($"tree {tree}: target_id is {target}, but there are {_outputs.Targets} targets"),
    };

    private (int First, int Last) ClassesOf(int tree) => _document.TreeClasses[tree] switch
    {
        -1 => (0, _outputs.MostClasses - 1),
        var @class when @class >= 0 && @class < _outputs.MostClasses => (@class, @class),
        var @class => throw new ModelException($"tree {tree}: class_id is {@class}, but there are {_outputs.MostClasses} classes"),
    };

    private void Add(int t)
    {
        var tree = _document.Trees[t];
        var nodes = TreeliteEquality.Replace(tree.Nodes, t);
        var (targets, classes) = (TargetsOf(t), ClassesOf(t));
        var isSingle = targets.First == targets.Last && classes.First == classes.Last && classes.First < _outputs.ClassesOf(targets.First);
        _builder.BeginTree(nodes.Length, !_hasVectors && isSingle ? _outputs.Start(targets.First) + classes.First : 0);
        for (var n = 0; n < nodes.Length; n++)
        {
            ref readonly var node = ref nodes[n];
            switch (node.Kind)
            {
                case TreeliteNodeKind.NumericalTest:
                    Split(t, n, node);
                    break;
                case TreeliteNodeKind.CategoricalTest:
                    CategoricalSplit(t, n, node, tree);
                    break;
                case var _ when _hasVectors:
                    VectorLeaf(t, n, node, tree, targets, classes);
                    break;
                case var _ when isSingle:
                    var values = VectorOf(t, n, node, tree);
                    if (values.Length > 1) throw At(t, n, $"its leaf has {values.Length} values, one expected");
                    _builder.Leaf(n, (values.IsEmpty ? node.Value : values[0]) / _divisors[_outputs.Start(targets.First) + classes.First], node.Id);
                    break;
                default:
                    throw At(t, n, "its leaf has one value, but target_id or class_id say that the tree answers several");
            }
            if (!double.IsNaN(node.Cover) || !double.IsNaN(node.Gain)) _builder.Statistics(n, node.Cover, node.Kind == TreeliteNodeKind.Leaf ? 0 : node.Gain);
        }
        _builder.EndTree();
    }

    private void Split(int t, int n, in TreeliteNode node)
    {
        switch (node.Operator)
        {
            case TreeliteOperator.LessThan:
                _builder.Split(n, node.Feature, node.Value, node.Left, node.Right, node.DefaultLeft);
                break;
            case TreeliteOperator.AtMost:
                SplitAtMost(n, node.Feature, node.Value, node.Left, node.Right, node.DefaultLeft);
                break;
            case TreeliteOperator.AtLeast:
                _builder.Split(n, node.Feature, node.Value, node.Right, node.Left, !node.DefaultLeft);
                break;
            case TreeliteOperator.GreaterThan:
                SplitAtMost(n, node.Feature, node.Value, node.Right, node.Left, !node.DefaultLeft);
                break;
            default:
                throw At(t, n, $"its comparison operator is {(byte)node.Operator}, 1 to 5 expected");
        }
    }

    /// <summary>In the precision that features have: the number after a float32 threshold is the next float32.</summary>
    private void SplitAtMost(int n, int feature, double threshold, int left, int right, bool defaultLeft)
    {
        if (_isFloat32 && !double.IsPositiveInfinity(threshold)) _builder.Split(n, feature, float.BitIncrement((float)threshold), left, right, defaultLeft);
        else _builder.SplitAtMost(n, feature, threshold, left, right, defaultLeft);
    }

    private void CategoricalSplit(int t, int n, in TreeliteNode node, TreeliteTree tree)
    {
        if (node.CategoryBegin > node.CategoryEnd || node.CategoryEnd > (ulong)tree.Categories.Length)
        {
            throw At(t, n, $"its categories are {node.CategoryBegin} to {node.CategoryEnd} of {tree.Categories.Length}");
        }
        // Larger ones are refused as negative.
        var categories = System.Runtime.InteropServices.MemoryMarshal.Cast<uint, int>(tree.Categories.AsSpan((int)node.CategoryBegin..(int)node.CategoryEnd));
        if (node.CategoriesGoRight) _builder.CategoricalSplit(n, node.Feature, categories, node.Left, node.Right, node.DefaultLeft);
        else _builder.CategoricalSplit(n, node.Feature, categories, node.Right, node.Left, !node.DefaultLeft);
    }

    private void VectorLeaf(int t, int n, in TreeliteNode node, TreeliteTree tree, (int First, int Last) targets, (int First, int Last) classes)
    {
        var values = VectorOf(t, n, node, tree);
        if (values.IsEmpty) values = new ReadOnlySpan<double>(in node.Value);
        var (rows, columns) = (targets.Last - targets.First + 1, classes.Last - classes.First + 1);
        if (values.Length != (long)rows * columns) throw At(t, n, $"its leaf has {values.Length} values, {(long)rows * columns} expected");
        if (values.Length < _vector.Length && (_widened += _vector.Length) > MaxWidened) throw At(t, n, $"more than {MaxWidened} values in the leaves of trees that answer a part of the {_vector.Length} outputs each");
        Array.Clear(_vector);
        for (var row = 0; row < rows; row++)
        {
            var target = targets.First + row;
            var start = _outputs.Start(target) + classes.First;
            for (var column = 0; column < columns && classes.First + column < _outputs.ClassesOf(target); column++)
            {
                _vector[start + column] = values[(row * columns) + column] / _divisors[start + column];
            }
        }
        _builder.VectorLeaf(n, _vector, node.Id);
    }

    /// <summary>The values in a leaf's vector; none when it has but one value.</summary>
    private static ReadOnlySpan<double> VectorOf(int t, int n, in TreeliteNode node, TreeliteTree tree) =>
        node.VectorBegin <= node.VectorEnd && node.VectorEnd <= (ulong)tree.LeafVectors.Length
            ? tree.LeafVectors.AsSpan((int)node.VectorBegin..(int)node.VectorEnd)
            : throw At(t, n, $"its leaf is the values {node.VectorBegin} to {node.VectorEnd} of {tree.LeafVectors.Length}");

    private static ModelException At(int tree, int node, string problem) => new($"tree {tree}, node {node}: {problem}");
}
