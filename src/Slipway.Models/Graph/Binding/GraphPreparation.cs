using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Gives all operators their constant inputs, and drops constants that all of their readers keep in a form of their own.</summary>
internal static class GraphPreparation
{
    /// <param name="isBody">Of the types in a body, none is certain: runs may bring others.</param>
    /// <exception cref="ModelException">A constant does not fit its node.</exception>
    public static BoundGraph Prepare(BoundGraph graph, bool isBody)
    {
        var readers = Readers(graph);
        foreach (var node in graph.Nodes)
        {
            var context = new PrepareContext(
                [.. node.Inputs.Select(i => i < 0 ? null : graph.Values[i].Constant as TensorValue)],
                [.. node.Inputs.Select(i => i < 0 || isBody ? null : (graph.Values[i].Type as TensorType)?.Shape)],
                [.. node.Inputs.Select(i => i >= 0)]);
            try
            {
                node.Operator.Prepare(context);
            }
            catch (Exception e) when (e is SlipwayException or ArgumentException or OverflowException)
            {
                throw new ModelException($"{node}: {e.Message}", e);
            }
            for (var i = 0; i < node.Inputs.Length; i++)
            {
                // At once: weights that are packed need not be in memory while others are.
                if (node.Inputs[i] >= 0 && context.IsForgotten(i) && --readers[node.Inputs[i]] == 0 && graph.Values[node.Inputs[i]].Constant is TensorValue packed) packed.Discard();
            }
        }
        return graph with { Values = [.. graph.Values.Select((value, i) => readers[i] > 0 || value.Constant is not TensorValue constant ? value : value with { Constant = WithoutElements(constant) })] };
    }

    /// <summary>By value: how many nodes and outputs want it.</summary>
    private static int[] Readers(BoundGraph graph)
    {
        var readers = new int[graph.Values.Length];
        foreach (var output in graph.Outputs) readers[output]++;
        foreach (var node in graph.Nodes)
        {
            foreach (var input in node.Inputs)
            {
                if (input >= 0) readers[input]++;
            }
        }
        for (var i = 0; i < readers.Length; i++)
        {
            // What passes have computed with is not wanted any more.
            if (readers[i] == 0 && graph.Values[i].Constant is TensorValue unread) unread.Discard();
        }
        return readers;
    }

    private static TensorValue WithoutElements(TensorValue constant)
    {
        var shape = new TensorValue(constant.Element);
        shape.Declare(constant.Element, constant.Shape);
        return shape;
    }
}
