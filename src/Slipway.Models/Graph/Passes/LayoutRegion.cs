using System.Collections.Immutable;

namespace Slipway.Models.Graph;

/// <summary>
/// Values that are joined by nodes with a <see cref="LayoutRule"/>, and so can all have their dimensions in another order. Around the region are Transposes,
/// which change with the order, and other makers and readers, which need a Transpose when it changes.
/// </summary>
internal sealed class LayoutRegion
{
    private const int MostOrders = 8;

    /// <summary>The places of the nodes inside, in their order, with their rules.</summary>
    public List<(int Place, LayoutRule Rule)> Nodes { get; } = [];

    /// <summary>The places of Transposes whose results are read inside.</summary>
    public List<(int Place, int[] Order)> Incoming { get; } = [];

    /// <summary>The places of Transposes that read from inside.</summary>
    public List<(int Place, int[] Order)> Outgoing { get; } = [];

    /// <summary>Values from elsewhere.</summary>
    public List<int> Sources { get; } = [];

    /// <summary>Results of nodes inside that others read too, or that the graph answers.</summary>
    public List<int> Exits { get; } = [];

    /// <summary>Results of incoming Transposes that others read too, or that the graph answers.</summary>
    public HashSet<int> Shared { get; } = [];

    /// <summary>The order x′ of the region, x = Transpose(x′, order), in which the fewest elements are transposed around it; null when it is best as it is.</summary>
    public int[]? Best(GraphEditor editor)
    {
        var before = Incoming.Concat(Outgoing).Sum(t => Weight(editor, editor.Nodes[t.Place]!.Outputs[0]));
        int[]? best = null;
        var least = before;
        foreach (var order in Incoming.Select(t => t.Order).Concat(Outgoing.Select(t => Permutation.Inverse(t.Order))).Where(o => !Permutation.IsIdentity(o)).DistinctBy(o => string.Join(',', o)).Take(MostOrders))
        {
            var cost = Cost(editor, order);
            if (cost >= least) continue;
            (least, best) = (cost, order);
        }
        return best;
    }

    /// <summary>Puts all of the region into another order.</summary>
    public void Apply(GraphEditor editor, int[] order)
    {
        var back = Permutation.Inverse(order);
        var renamed = new Dictionary<int, int>();
        foreach (var (place, from) in Incoming)
        {
            var node = editor.Nodes[place]!;
            renamed[node.Outputs[0]] = Transposed(editor, node.Inputs[0], from.Then(back));
        }
        foreach (var source in Sources) renamed[source] = Transposed(editor, source, back);
        foreach (var (place, rule) in Nodes)
        {
            var node = rule.Rename(editor, order);
            var inputs = node.Inputs.ToArray();
            for (var i = 0; i < rule.Carried.Length; i++)
            {
                if (!rule.Carried[i]) continue;
                if (!renamed.TryGetValue(inputs[i], out var other)) renamed[inputs[i]] = other = editor.AddConstant(editor.Value(inputs[i]).Name, Permutation.Apply(editor.Constant(inputs[i])!, back));
                inputs[i] = other;
            }
            var outputs = node.Outputs;
            if (rule.CarriesOutputs) outputs = [.. outputs.Select(o => o < 0 ? o : renamed[o] = Other(editor, o, back))];
            editor.Replace(place, node with { Inputs = [.. inputs], Outputs = outputs });
        }
        foreach (var exit in Exits) editor.Append(NodeFactory.Transpose(editor.Value(exit).Name, renamed[exit], order, exit));
        foreach (var (place, to) in Outgoing)
        {
            var node = editor.Nodes[place]!;
            var (from, result, rest) = (renamed[node.Inputs[0]], node.Outputs[0], order.Then(to));
            if (Permutation.IsIdentity(rest) && !IsLent(editor, from, result))
            {
                editor.Remove(place);
                editor.ReplaceUses(result, from);
            }
            else
            {
                editor.Replace(place, NodeFactory.Transpose(node.Name, from, rest, result));
            }
        }
        foreach (var (place, _) in Incoming)
        {
            if (editor.Nodes[place] is { } node && editor.ReadersOf(node.Outputs[0]).Count == 0 && !editor.IsOutput(node.Outputs[0])) editor.Remove(place);
        }
    }

    private double Cost(GraphEditor editor, int[] order)
    {
        if (Nodes.Any(n => !n.Rule.Allows(order))) return double.PositiveInfinity;
        var back = Permutation.Inverse(order);
        var cost = Sources.Sum(s => Weight(editor, s)) + Exits.Sum(e => IsFree(editor, e, order) ? 0 : Weight(editor, e)) + Shared.Sum(s => Weight(editor, s));
        foreach (var (place, from) in Incoming)
        {
            if (!Permutation.IsIdentity(from.Then(back))) cost += Weight(editor, editor.Nodes[place]!.Outputs[0]);
        }
        foreach (var (place, to) in Outgoing)
        {
            var node = editor.Nodes[place]!;
            if (!Permutation.IsIdentity(order.Then(to)) || (editor.IsOutput(node.Outputs[0]) && WillBeLent(editor, node.Inputs[0], back))) cost += Weight(editor, node.Outputs[0]);
        }
        return cost;
    }

    /// <summary>Whether a value of the region in its other order is none that the graph computes.</summary>
    private bool WillBeLent(GraphEditor editor, int value, int[] back)
    {
        foreach (var (place, from) in Incoming)
        {
            var node = editor.Nodes[place]!;
            if (node.Outputs[0] == value) return Permutation.IsIdentity(from.Then(back)) && editor.ProducerOf(node.Inputs[0]) < 0;
        }
        return false;
    }

    /// <summary>Products take a transposed operand as it is.</summary>
    private static bool IsFree(GraphEditor editor, int exit, int[] order) =>
        Permutation.SwapsLastTwo(order) && !editor.IsOutput(exit) && editor.ReadersOf(exit).All(r => Permutation.Of(editor, editor.Nodes[r]!) is not null || FoldTransposes.CanTake(editor, editor.Nodes[r]!, exit));

    /// <summary>An input of the graph is lent by the caller and a constant is everyone's: what the graph answers is its own.</summary>
    private static bool IsLent(GraphEditor editor, int from, int result) => editor.IsOutput(result) && editor.ProducerOf(from) < 0;

    private static int Transposed(GraphEditor editor, int value, int[] order)
    {
        if (Permutation.IsIdentity(order)) return value;
        var result = Other(editor, value, order);
        editor.Append(NodeFactory.Transpose(editor.Value(value).Name, value, order, result));
        return result;
    }

    /// <summary>A value of the same name, with its dimensions in another order.</summary>
    private static int Other(GraphEditor editor, int value, int[] order)
    {
        var type = editor.TypeOf(value)!;
        return editor.AddValue(new BoundValue(editor.Value(value).Name, type with { Shape = Permutation.Apply(type.Shape!, order) }));
    }

    /// <summary>The elements that a Transpose moves, as far as they are known.</summary>
    private static double Weight(GraphEditor editor, int value)
    {
        var weight = 1.0;
        foreach (var dimension in editor.TypeOf(value)!.Shape!.Span) weight *= Math.Max(1, dimension);
        return weight;
    }
}
