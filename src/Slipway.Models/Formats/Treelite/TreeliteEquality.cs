using Slipway.Core;

namespace Slipway.Models.Formats.Treelite;

/// <summary>
/// Spells tests for equality by two others: <c>x == t ? a : b</c> is <c>x &lt; t ? b : x &lt;= t ? a : b</c>, with a copy of b. No library writes
/// them, but people build such trees.
/// </summary>
internal static class TreeliteEquality
{
    /// <summary>Tests that stand in each other's else double what is below: a tree may have that many times its nodes, and a few thousand more.</summary>
    private const int MaxGrowth = 8;
    private const int AlwaysAllowed = 1 << 14;

    /// <summary>The same nodes when none tests for equality; else more, the first of which have the numbers they had.</summary>
    public static TreeliteNode[] Replace(TreeliteNode[] nodes, int tree)
    {
        if (!Array.Exists(nodes, IsEquality)) return nodes;
        var replaced = new List<TreeliteNode>(nodes);
        for (var n = 0; n < replaced.Count; n++)
        {
            var node = replaced[n];
            if (!IsEquality(node)) continue;
            var copy = Copy(replaced, node.Right, (nodes.Length * (long)MaxGrowth) + AlwaysAllowed, tree, n);
            replaced.Add(node with { Operator = TreeliteOperator.AtMost, Gain = double.NaN, Cover = double.NaN });
            // Missing values go the way of the test: left of the second node, or to the else of the first.
            replaced[n] = node with { Operator = TreeliteOperator.LessThan, Left = copy, Right = replaced.Count - 1, DefaultLeft = !node.DefaultLeft };
        }
        return [.. replaced];
    }

    /// <summary>Copies what is below a node; tests for equality among it are replaced when the loop over all nodes comes to them.</summary>
    private static int Copy(List<TreeliteNode> nodes, int root, long most, int tree, int test)
    {
        var first = nodes.Count;
        var origins = new Queue<int>([root]);
        var next = first + 1;
        while (origins.TryDequeue(out var origin))
        {
            if ((uint)origin >= (uint)first) throw new ModelException($"tree {tree}, node {test}: below it is a child {origin} that does not exist");
            if (next > most) throw new ModelException($"tree {tree}, node {test}: with its tests for equality spelled by < and <= the tree has more than {most} nodes");
            var node = nodes[origin];
            if (node.Kind != TreeliteNodeKind.Leaf)
            {
                origins.Enqueue(node.Left);
                origins.Enqueue(node.Right);
                (node.Left, node.Right) = (next, next + 1);
                next += 2;
            }
            nodes.Add(node);
        }
        return first;
    }

    private static bool IsEquality(TreeliteNode node) => node is { Kind: TreeliteNodeKind.NumericalTest, Operator: TreeliteOperator.Equal };
}
