using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Bayes;

namespace Slipway.Models.Formats.Pmml.Models.BayesianNetwork;

/// <summary>The element <c>BayesianNetworkModel</c> (PMML 4.4.1, Bayesian Network Models): targets are inferred from the active fields that have a value.</summary>
internal sealed class BayesianNetworkModel(ModelHeader header, ImmutableArray<NodeElement> nodes) : ModelElement(header)
{
    public static BayesianNetworkModel Read(ElementReader e)
    {
        var header = new ModelHeader(e);
        var nodes = ImmutableArray.CreateBuilder<NodeElement>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (header.TryRead(e) || e.Name != "BayesianNetworkNodes") continue;
            var nodeDepth = e.Depth;
            while (e.ReadChild(nodeDepth))
            {
                if (e.Name is not ("DiscreteNode" or "ContinuousNode")) continue;
                var node = NodeElement.Read(e);
                if (!names.Add(node.Name)) throw node.Place.Fault($"the node '{node.Name}' is there twice");
                if (names.Count > Rows.Bayes.BayesianNetwork.MaxNodes) throw node.Place.Unsupported($"a network of more than {Rows.Bayes.BayesianNetwork.MaxNodes} nodes");
                nodes.Add(node);
            }
        }
        if (nodes.Count == 0) throw header.Place.Fault("it has no nodes");
        return new BayesianNetworkModel(header, nodes.DrainToImmutable());
    }

    public override RowModel Bind(ModelScope scope)
    {
        var bindings = nodes.Select(n => new NodeBinding(n, scope)).ToArray();
        foreach (var binding in bindings) binding.Bind(bindings.Where(b => b != binding));
        var sorted = Sort(bindings);
        var places = sorted.Index().ToDictionary(b => b.Item.Element.Name, b => b.Index, StringComparer.Ordinal);
        var results = ImmutableArray.CreateBuilder<ModelResult>();
        var targets = ImmutableArray.CreateBuilder<int>();
        foreach (var target in scope.Targets)
        {
            if (target.Name is null) throw Header.Place.Fault("the mining schema has no target");
            if (!places.TryGetValue(target.Name, out var place)) throw Header.Place.Fault($"the target '{target.Name}' is not a node");
            targets.Add(place);
            results.Add(nodes.First(n => n.Name == target.Name).IsDiscrete ? scope.CategoryResult(sorted[place].Values, target) : scope.NumberResult(target));
        }
        var network = sorted.Select(b => b.Node([.. b.Parents.Select(p => places[p])])).ToImmutableArray();
        return new Rows.Bayes.BayesianNetwork(results.DrainToImmutable(), network, targets.DrainToImmutable());
    }

    /// <summary>Parents before children.</summary>
    private List<NodeBinding> Sort(NodeBinding[] bindings)
    {
        var sorted = new List<NodeBinding>();
        var done = new HashSet<string>(StringComparer.Ordinal);
        var waiting = bindings.ToList();
        while (waiting.Count > 0)
        {
            var ready = waiting.FindAll(b => b.Parents.IsSubsetOf(done));
            if (ready.Count == 0) throw Header.Place.Fault($"the node '{waiting[0].Element.Name}' depends on itself through others");
            foreach (var binding in ready)
            {
                done.Add(binding.Element.Name);
                sorted.Add(binding);
            }
            waiting.RemoveAll(ready.Contains);
        }
        return sorted;
    }
}
