using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Predicates;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Trees;

namespace Slipway.Models.Formats.Pmml.Models.Tree;

/// <summary>Compiles a tree: its predicates into tests, its nodes into outcomes.</summary>
internal sealed class TreeBinder
{
    private readonly TreeModel _tree;
    private readonly ModelScope _scope;
    private readonly TreeNodes _nodes;
    private readonly NodePredicates _predicates;
    private readonly TreeProgramBuilder _builder = new();

    public TreeBinder(TreeModel tree, ModelScope scope)
    {
        _tree = tree;
        _scope = scope;
        _nodes = tree.Nodes;
        _predicates = new NodePredicates(_nodes, scope.Fields);
    }

    /// <summary>The outcome of a row for which the tree has no node.</summary>
    private int NoOutcome => _nodes.Count;

    public RowModel Bind()
    {
        var outcomes = NodeOutcomes.Bind(_tree, _scope, out var result);
        if (_tree.Missing >= MissingValueStrategy.WeightedConfidence) return BindBlended(outcomes, result);
        var program = _builder.Build(Compile(), _nodes.Count + 1, out var reached);
        outcomes = outcomes.Select(reached);
        if (!_nodes.Embedded.IsEmpty) return new EmbeddingDecisionTree(result, program, outcomes, BindEmbedded(reached, result));
        return _tree.MissingValuePenalty != 1 && result.Confidences >= 0
            ? new PenalizedDecisionTree(result, program, outcomes, _tree.MissingValuePenalty)
            : new DecisionTree(result, program, outcomes);
    }

    /// <summary>From the last node to the first, so that a node's children are compiled before it.</summary>
    /// <returns>The way into the tree.</returns>
    private int Compile()
    {
        var entries = new int[_nodes.Count];
        var children = new List<int>();
        for (var node = _nodes.Count - 1; node >= 0; node--)
        {
            if (!_nodes.HasChildren(node))
            {
                entries[node] = ~node;
                continue;
            }
            children.Clear();
            for (var child = node + 1; child < _nodes[node].End; child = _nodes[child].End) children.Add(child);
            var level = _tree.MissingValuePenalty == 1 ? -1 : node;
            var way = ~(_tree.ReturnsLastPrediction && _nodes[node].Score != 0 ? node : NoOutcome);
            for (var i = children.Count - 1; i >= 0; i--)
            {
                var whenUnknown = _tree.Missing switch
                {
                    MissingValueStrategy.LastPrediction => ~node,
                    MissingValueStrategy.NullPrediction => ~NoOutcome,
                    MissingValueStrategy.DefaultChild => _builder.Detour(level, entries[DefaultChild(node)]),
                    _ => way,
                };
                way = _predicates.Compile(children[i], _builder, entries[children[i]], way, whenUnknown, level);
            }
            entries[node] = way;
        }
        return _predicates.Compile(0, _builder, entries[0], ~NoOutcome, ~NoOutcome, -1);
    }

    private int DefaultChild(int node)
    {
        var child = _nodes[node].DefaultChild;
        return child >= 0 ? child : throw _nodes.Place(node).Fault("missingValueStrategy=\"defaultChild\" needs the attribute 'defaultChild' to name one of the node's own children");
    }

    private BlendedDecisionTree BindBlended(TreeOutcomes outcomes, ModelResult result)
    {
        if (!_nodes.Embedded.IsEmpty) throw _scope.Place.Unsupported("a model inside a node of a tree that blends nodes");
        if (!result.Categories.IsEmpty && result.Confidences < 0) throw _scope.Place.Fault($"missingValueStrategy=\"{(Aggregates ? "aggregateNodes" : "weightedConfidence")}\" needs score distributions");
        ImmutableArray<RowPredicate> predicates = [.. Enumerable.Range(0, _nodes.Count).Select(_predicates.Bind)];
        ImmutableArray<bool> hasScore = [.. Enumerable.Range(0, _nodes.Count).Select(n => _nodes[n].Score != 0)];
        ImmutableArray<int> ends = [.. Enumerable.Range(0, _nodes.Count).Select(n => _nodes[n].End)];
        return Aggregates
            ? new AggregatedDecisionTree(result, outcomes, predicates, ends, hasScore, _tree.ReturnsLastPrediction, result.Categories.IsEmpty ? NodeRecords() : CategoryRecords(result))
            : new WeightedDecisionTree(result, outcomes, predicates, ends, hasScore, _tree.ReturnsLastPrediction, NodeRecords());
    }

    private bool Aggregates => _tree.Missing == MissingValueStrategy.AggregateNodes;

    /// <summary>The records of each node, which are those of its distributions when it does not say.</summary>
    private ImmutableArray<double> NodeRecords()
    {
        var records = ImmutableArray.CreateBuilder<double>(_nodes.Count);
        for (var node = 0; node < _nodes.Count; node++)
        {
            var count = _nodes.RecordCounts[node];
            if (double.IsNaN(count))
            {
                count = 0;
                foreach (ref readonly var distribution in _nodes.DistributionsOf(node)) count += distribution.RecordCount;
            }
            records.Add(count > 0 ? count : throw _nodes.Place(node).Fault("the tree's missingValueStrategy needs a positive recordCount"));
        }
        return records.MoveToImmutable();
    }

    private ImmutableArray<double> CategoryRecords(ModelResult result)
    {
        var records = new double[_nodes.Count * result.Categories.Length];
        for (var node = 0; node < _nodes.Count; node++)
        {
            foreach (ref readonly var distribution in _nodes.DistributionsOf(node))
            {
                var category = result.Categories.IndexOf(_scope.Category(_nodes.Names[distribution.Value], _nodes.Place(node)));
                if (double.IsNaN(distribution.RecordCount)) throw _nodes.Place(node).Fault("missingValueStrategy=\"aggregateNodes\" needs the attribute 'recordCount' in every ScoreDistribution");
                records[(node * result.Categories.Length) + category] = distribution.RecordCount;
            }
        }
        return [.. records];
    }

    private ImmutableArray<EmbeddedModel?> BindEmbedded(int[] reached, ModelResult result)
    {
        var models = ImmutableArray.CreateBuilder<EmbeddedModel?>(reached.Length);
        foreach (var node in reached)
        {
            if (!_nodes.Embedded.TryGetValue(node, out var element))
            {
                models.Add(null);
                continue;
            }
            var bound = _scope.BindNode(element);
            models.Add(new EmbeddedModel(bound.Model, [.. result.Categories.Select(c => bound.Result.Categories.IndexOf(c))]));
        }
        return models.DrainToImmutable();
    }
}
