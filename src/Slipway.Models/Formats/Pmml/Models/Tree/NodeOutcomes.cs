using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Trees;

namespace Slipway.Models.Formats.Pmml.Models.Tree;

/// <summary>What the nodes of a tree predict, as cells: one outcome for each node, and after the last one that has no result.</summary>
internal sealed class NodeOutcomes
{
    /// <summary>1 GiB of outcomes: nodes times categories.</summary>
    private const int MaxCells = 1 << 27;

    private readonly TreeModel _tree;
    private readonly ModelScope _scope;
    private readonly TreeNodes _nodes;
    private readonly List<double> _categories = [];
    private readonly Dictionary<double, int> _categoryIndex = [];

    /// <summary>The scores that nodes say, and the categories that they are.</summary>
    private readonly ByteKeyIndex _scores = new();
    private readonly List<int> _scoreCategories = [];

    /// <summary>By node, the category of its score; -1 where it has none.</summary>
    private int[] _nodeCategories = [];

    /// <summary>By name, the category that it is when a distribution has it; -1 for the others.</summary>
    private int[] _nameCategories = [];
    private readonly bool _hasEntityIds;

    private NodeOutcomes(TreeModel tree, ModelScope scope)
    {
        _tree = tree;
        _scope = scope;
        _nodes = tree.Nodes;
        _hasEntityIds = scope.NeedsEntityIds;
    }

    /// <param name="result">The slots that an outcome's cells go to.</param>
    public static TreeOutcomes Bind(TreeModel tree, ModelScope scope, out ModelResult result)
    {
        var outcomes = new NodeOutcomes(tree, scope);
        return tree.Header.Function == MiningFunction.Regression ? outcomes.BindNumbers(out result) : outcomes.BindCategories(out result);
    }

    private TreeOutcomes BindNumbers(out ModelResult result)
    {
        var type = _scope.Target.Format.Type is var t && (t == CellType.Float32 || t.IsTemporal) ? t : CellType.Float64;
        var outcomes = Outcomes(1);
        for (var node = 0; node < _nodes.Count; node++)
        {
            if (_nodes[node].Score != 0) outcomes.Cells[node * outcomes.Width] = Number(node);
            SetEntityId(outcomes, node);
        }
        result = new ModelResult { Predicted = outcomes.First, Type = type, EntityId = _hasEntityIds ? outcomes.First + 1 : -1 };
        return outcomes;
    }

    private TreeOutcomes BindCategories(out ModelResult result)
    {
        FindCategories();
        var count = _categories.Count;
        var hasProbabilities = !_nodes.Distributions.IsEmpty || !_nodes.Embedded.IsEmpty || _scope.Target.Treatment is not null;
        var hasConfidences = hasProbabilities && (_tree.MissingValuePenalty != 1 || _tree.Missing >= MissingValueStrategy.WeightedConfidence || _nodes.Distributions.Any(d => !double.IsNaN(d.Confidence)));
        var outcomes = Outcomes(1 + (hasProbabilities ? count : 0) + (hasConfidences ? count : 0));
        for (var node = 0; node < _nodes.Count; node++)
        {
            var cells = outcomes.Cells.AsSpan(node * outcomes.Width, outcomes.Width);
            var distributions = _nodes.DistributionsOf(node);
            if (distributions.Length > 0)
            {
                var probabilities = cells.Slice(1, count);
                SetProbabilities(distributions, probabilities);
                if (hasConfidences) SetConfidences(distributions, probabilities, cells.Slice(1 + count, count));
                cells[0] = MostProbable(distributions, probabilities);
            }
            if (_nodes[node].Score != 0) cells[0] = _categories[_nodeCategories[node]];
            SetEntityId(outcomes, node);
        }
        result = new ModelResult
        {
            Predicted = outcomes.First,
            Type = _scope.Target.Format.Type,
            Categories = [.. _categories],
            Probabilities = hasProbabilities ? outcomes.First + 1 : -1,
            Confidences = hasConfidences ? outcomes.First + 1 + count : -1,
            EntityId = _hasEntityIds ? outcomes.First + outcomes.Width - 1 : -1,
        };
        return outcomes;
    }

    private TreeOutcomes Outcomes(int width)
    {
        if (_hasEntityIds) width++;
        var size = (_nodes.Count + 1L) * width;
        if (size > MaxCells) throw _scope.Place.Fault($"{_nodes.Count} nodes with {width} values each are more than {MaxCells}");
        var cells = new double[size];
        cells.AsSpan().Fill(Cell.Missing);
        return new TreeOutcomes(_scope.ResultSlots(width), width, cells);
    }

    /// <summary>A node without an identifier is named by its number, from 1, in the file's order.</summary>
    private void SetEntityId(TreeOutcomes outcomes, int node)
    {
        if (!_hasEntityIds) return;
        var id = _nodes[node].Id != 0 ? _nodes.Text(_nodes[node].Id).ToString() : (node + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        outcomes.Cells[(node * outcomes.Width) + outcomes.Width - 1] = _scope.Program.Symbols.Intern(id);
    }

    private double Number(int node)
    {
        var text = _nodes.Text(_nodes[node].Score);
        if (_tree.Header.IsFloat && NumberText.TryParse(text, out float single)) return single;
        if (!_tree.Header.IsFloat && NumberText.TryParse(text, out double number)) return number;
        throw _nodes.Place(node).Fault($"score=\"{text}\" is not a number");
    }

    /// <summary>Those that the target lists, then those of the distributions, then other scores.</summary>
    private void FindCategories()
    {
        foreach (var category in _scope.Target.Categories) IndexOf(category);
        _nameCategories = new int[_nodes.Names.Length];
        _nameCategories.AsSpan().Fill(-1);
        for (var node = 0; node < _nodes.Count; node++)
        {
            foreach (ref readonly var distribution in _nodes.DistributionsOf(node))
            {
                ref var category = ref _nameCategories[distribution.Value];
                if (category < 0) category = IndexOf(_scope.Category(_nodes.Names[distribution.Value], _nodes.Place(node)));
            }
        }
        _nodeCategories = new int[_nodes.Count];
        for (var node = 0; node < _nodes.Count; node++) _nodeCategories[node] = _nodes[node].Score != 0 ? CategoryOf(_nodes.Text(_nodes[node].Score), node) : -1;
    }

    private int IndexOf(double category)
    {
        if (_categoryIndex.TryGetValue(category, out var index)) return index;
        _categories.Add(category);
        _categoryIndex.Add(category, _categories.Count - 1);
        return _categories.Count - 1;
    }

    private int CategoryOf(ReadOnlySpan<char> score, int node)
    {
        var known = _scores.Find(MemoryMarshal.AsBytes(score));
        if (known >= 0) return _scoreCategories[known];
        var category = IndexOf(_scope.Category(score.ToString(), _nodes.Place(node)));
        _scores.Add(MemoryMarshal.AsBytes(score).ToArray());
        _scoreCategories.Add(category);
        return category;
    }

    private int IndexOf(in ScoreDistribution distribution) => _nameCategories[distribution.Value];

    /// <summary>The first distribution says whether probabilities are given or to be made of record counts; either way they are made to sum to 1.</summary>
    private void SetProbabilities(ReadOnlySpan<ScoreDistribution> distributions, Span<double> probabilities)
    {
        probabilities.Clear();
        var given = !double.IsNaN(distributions[0].Probability);
        double sum = 0;
        float sumFloat = 0;
        foreach (ref readonly var distribution in distributions)
        {
            var value = given ? distribution.Probability : distribution.RecordCount;
            probabilities[IndexOf(distribution)] = value;
            sum += value;
            sumFloat += (float)value;
        }
        if (_tree.Header.IsFloat) sum = sumFloat;
        if (!(sum > 0))
        {
            probabilities.Fill(Cell.Missing);
            return;
        }
        foreach (ref var probability in probabilities)
        {
            if (_tree.Header.IsFloat) probability = sum == 1 ? (float)probability : (float)probability / (float)sum;
            else if (sum != 1) probability /= sum;
        }
    }

    private void SetConfidences(ReadOnlySpan<ScoreDistribution> distributions, ReadOnlySpan<double> probabilities, Span<double> confidences)
    {
        probabilities.CopyTo(confidences);
        foreach (ref readonly var distribution in distributions)
        {
            if (!double.IsNaN(distribution.Confidence)) confidences[IndexOf(distribution)] = distribution.Confidence;
        }
    }

    private double MostProbable(ReadOnlySpan<ScoreDistribution> distributions, ReadOnlySpan<double> probabilities)
    {
        var best = IndexOf(distributions[0]);
        if (Cell.IsMissing(probabilities[best])) return Cell.Missing;
        foreach (ref readonly var distribution in distributions)
        {
            if (probabilities[IndexOf(distribution)] > probabilities[best]) best = IndexOf(distribution);
        }
        return _categories[best];
    }
}
