using System.Collections.Immutable;

namespace Slipway.Models.Graph;

/// <summary>How an operator computes on tensors whose dimensions are in another order: the same code with its axes renamed.</summary>
/// <param name="Rank">Of what is carried over.</param>
/// <param name="Carried">By input: whether it must come in the other order; the others stay as they are.</param>
/// <param name="CarriesOutputs">False when the outputs are the same in every order.</param>
/// <param name="Rename">The node for inputs x′ of which x = Transpose(x′, order), still with the old values.</param>
internal sealed record LayoutRule(int Rank, ImmutableArray<bool> Carried, bool CarriesOutputs, Func<GraphEditor, int[], BoundNode> Rename)
{
    /// <summary>False for an order in which the outputs would be others.</summary>
    public Predicate<int[]> Allows { get; init; } = static _ => true;

    /// <summary>The rule of a node; null when the order of dimensions means something to it, or nothing is known of its shapes.</summary>
    /// <param name="acrossSums">Also where another order of dimensions is another order of summation.</param>
    public static LayoutRule? Of(GraphEditor editor, BoundNode node, bool acrossSums)
    {
        if (node.Outputs.Length == 0 || node.Inputs.Length == 0 || node.Inputs[0] < 0) return null;
        var rule = Find(editor, node, acrossSums);
        return rule is null || (rule.CarriesOutputs && node.Outputs.Any(o => o >= 0 && editor.TypeOf(o)?.Shape?.Rank != rule.Rank)) ? null : rule;
    }

    private static LayoutRule? Find(GraphEditor editor, BoundNode node, bool acrossSums)
    {
        if (node.Operator is IElementwise) return node.Info.Version < 7 && node.Inputs.Length > 1 ? null : Elementwise(editor, node);
        if (node.Info.Definition.Domain.Length > 0 || editor.TypeOf(node.Inputs[0])?.Shape is not { Rank: >= 2 and var rank }) return null;
        return node.Operator switch
        {
            Cast => First(node, rank, (_, _) => node),
            QuantizeLinear or DequantizeLinear when IsOne(editor, node.Inputs[1]) => First(node, rank, (_, _) => node),
            Concat => Joined(editor, node, rank),
            Split => First(node, rank, (_, order) => WithAxis(node, rank, 0, order)),
            SoftmaxOperator when acrossSums && node.Info.Version >= 13 => First(node, rank, (_, order) => WithAxis(node, rank, -1, order)),
            ReduceOperator when acrossSums || node.Info.Operator is "ReduceMax" or "ReduceMin" => Reduced(editor, node, rank),
            Slice => Sliced(editor, node, rank),
            Pad => Padded(editor, node, rank),
            _ => null,
        };
    }

    private static LayoutRule? Elementwise(GraphEditor editor, BoundNode node)
    {
        if (node.Outputs is not [>= 0 and var output] || editor.TypeOf(output)?.Shape is not { Rank: >= 2 and var rank }) return null;
        var carried = ImmutableArray.CreateBuilder<bool>();
        foreach (var input in node.Inputs)
        {
            if (input < 0 || IsOne(editor, input))
            {
                carried.Add(false);
                continue;
            }
            if (editor.TypeOf(input)?.Shape is not { } shape || (shape.Rank != rank && editor.Constant(input) is null)) return null;
            carried.Add(true);
        }
        return new LayoutRule(rank, carried.ToImmutable(), true, (_, _) => node);
    }

    private static LayoutRule First(BoundNode node, int rank, Func<GraphEditor, int[], BoundNode> rename) => new(rank, [.. node.Inputs.Select((_, i) => i == 0)], true, rename);

    private static LayoutRule? Joined(GraphEditor editor, BoundNode node, int rank) =>
        node.Inputs.All(i => editor.TypeOf(i)?.Shape?.Rank == rank) ? new(rank, [.. node.Inputs.Select(_ => true)], true, (_, order) => WithAxis(node, rank, 1, order)) : null;

    private static LayoutRule? Reduced(GraphEditor editor, BoundNode node, int rank)
    {
        var isInput = node.Inputs.Length > 1 && node.Inputs[1] >= 0;
        var axes = isInput ? editor.Constant(node.Inputs[1])?.ToInts() : node.Info.Ints("axes") ?? [];
        if (axes is null || axes.Any(a => a < -rank || a >= rank)) return null;
        var keeps = node.Info.Flag("keepdims", true);
        return new(rank, [.. node.Inputs.Select((_, i) => i == 0)], keeps, (editor, order) =>
        {
            if (axes.Length == 0) return node;
            var renamed = Renamed(axes, order);
            return isInput ? WithInput(editor, node, 1, renamed) : With(node, "axes", ImmutableArray.Create(renamed));
        })
        {
            Allows = order => keeps || axes.Length == 0 || IsInOrder(order, Renamed(axes, order)),
        };
    }

    /// <summary>Whether the dimensions that are left come one after another.</summary>
    private static bool IsInOrder(int[] order, long[] removed)
    {
        var last = -1;
        foreach (var axis in order)
        {
            if (removed.Contains(axis)) continue;
            if (axis < last) return false;
            last = axis;
        }
        return true;
    }

    private static LayoutRule? Sliced(GraphEditor editor, BoundNode node, int rank)
    {
        if (node.Info.Version < 10)
        {
            var given = node.Info.Ints("axes") ?? [.. Enumerable.Range(0, node.Info.Ints("starts")!.Length).Select(i => (long)i)];
            return First(node, rank, (_, order) => With(node, "axes", ImmutableArray.Create(Renamed(given, order))));
        }
        long[]? axes = null;
        if (node.Inputs.Length > 3 && node.Inputs[3] >= 0) axes = editor.Constant(node.Inputs[3])?.ToInts();
        else if (editor.TypeOf(node.Inputs[1])?.Shape is { Rank: 1 } starts && starts[0] >= 0 && starts[0] <= rank) axes = [.. Enumerable.Range(0, (int)starts[0]).Select(i => (long)i)];
        return axes is null || axes.Any(a => a < -rank || a >= rank) ? null : First(node, rank, (editor, order) => WithInput(editor, node, 3, Renamed(axes, order)));
    }

    private static LayoutRule? Padded(GraphEditor editor, BoundNode node, int rank)
    {
        var isInput = node.Info.Version >= 11;
        var pads = isInput ? editor.Constant(node.Inputs[1])?.ToInts() : node.Info.Ints(node.Info.Version < 2 ? "paddings" : "pads");
        if (pads is null) return null;
        if (isInput && node.Inputs.Length > 3 && node.Inputs[3] >= 0)
        {
            return editor.Constant(node.Inputs[3])?.ToInts() is { } axes && axes.All(a => a >= -rank && a < rank) ? First(node, rank, (editor, order) => WithInput(editor, node, 3, Renamed(axes, order))) : null;
        }
        if (pads.Length != 2 * rank) return null;
        return First(node, rank, (editor, order) =>
        {
            var renamed = new long[pads.Length];
            for (var i = 0; i < rank; i++) (renamed[order[i]], renamed[rank + order[i]]) = (pads[i], pads[rank + i]);
            return isInput ? WithInput(editor, node, 1, renamed) : With(node, node.Info.Version < 2 ? "paddings" : "pads", ImmutableArray.Create(renamed));
        });
    }

    private static long[] Renamed(long[] axes, int[] order) => Array.ConvertAll(axes, a => (long)order[a < 0 ? a + order.Length : a]);

    private static BoundNode WithAxis(BoundNode node, int rank, long otherwise, int[] order) => With(node, "axis", Renamed([InferenceContext.Axis(node.Info.Int("axis", otherwise), rank)], order)[0]);

    private static BoundNode With(BoundNode node, string attribute, object value)
    {
        var info = NodeFactory.With(node.Info, attribute, value);
        return node with { Info = info, Operator = OperatorCatalog.Default.Create(info) };
    }

    private static BoundNode WithInput(GraphEditor editor, BoundNode node, int input, long[] values)
    {
        var inputs = node.Inputs.ToList();
        while (inputs.Count <= input) inputs.Add(-1);
        inputs[input] = editor.AddConstant(node.Name + ".axes", TensorValue.Vector(values));
        var info = NodeFactory.With(node.Info, [.. inputs.Select(i => i < 0 ? "" : "x")]);
        return node with { Info = info, Operator = OperatorCatalog.Default.Create(info), Inputs = [.. inputs] };
    }

    private static bool IsOne(GraphEditor editor, int value) => value >= 0 && editor.TypeOf(value)?.Shape is { } shape && shape.Dimensions.All(d => d == 1);
}
