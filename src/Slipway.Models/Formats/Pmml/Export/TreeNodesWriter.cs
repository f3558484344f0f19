using System.Text;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.Pmml.Export;

/// <summary>Writes the nodes of a tree as elements <c>Node</c>; a missing value goes to the default child. Leaves keep the numbers of whoever built the tree, and so do splits where theirs are others.</summary>
internal sealed class TreeNodesWriter(TreeEnsemble trees, ExportedFields fields, PmmlWriter writer)
{
    private const int EndOfNode = -1;

    private readonly Stack<(int Node, int Parent)> _open = new();
    private string _splitPrefix = "";

    /// <param name="margin">Which value of leaves that have several.</param>
    public void Write(int tree, int margin)
    {
        _splitPrefix = HasDistinctIds(tree) ? "" : "split_";
        _open.Push((trees.TreeStarts[tree], -1));
        while (_open.TryPop(out var next))
        {
            var (node, parent) = next;
            if (node == EndOfNode)
            {
                writer.End();
                continue;
            }
            Begin(node, margin);
            if (parent < 0) writer.Element("True");
            else WritePredicate(parent, isLeft: node == trees.LeftChildren[parent]);
            _open.Push((EndOfNode, -1));
            if (trees.IsLeaf(node)) continue;
            _open.Push((trees.LeftChildren[node] + 1, node));
            _open.Push((trees.LeftChildren[node], node));
        }
    }

    private void Begin(int node, int margin)
    {
        var id = IdOf(node);
        if (trees.IsLeaf(node)) writer.Begin("Node", ("id", id), ("score", Score(node, margin)));
        else writer.Begin("Node", ("id", id), ("defaultChild", IdOf(trees.LeftChildren[node] + (trees.DefaultLeft[node] ? 0 : 1))));
    }

    private string IdOf(int node) => (trees.IsLeaf(node) ? "" : _splitPrefix) + PmmlWriter.Number(trees.NodeIds[node]);

    private bool HasDistinctIds(int tree)
    {
        var ids = trees.NodeIds.AsSpan()[trees.TreeStarts[tree]..trees.TreeStarts[tree + 1]].ToArray();
        ids.AsSpan().Sort();
        for (var i = 1; i < ids.Length; i++)
        {
            if (ids[i] == ids[i - 1]) return false;
        }
        return true;
    }

    private string Score(int leaf, int margin)
    {
        var value = trees.HasVectorLeaves ? trees.LeafVectors[~trees.LeftChildren[leaf] + margin] : trees.Thresholds[leaf];
        return trees.Arithmetic == TreeArithmetic.Float32 ? PmmlWriter.Number((float)value) : PmmlWriter.Number(value);
    }

    private void WritePredicate(int split, bool isLeft)
    {
        var feature = trees.Features[split];
        var set = trees.CategorySets[split];
        if (set < 0)
        {
            writer.Element("SimplePredicate", ("field", fields[feature]), ("operator", isLeft ? "lessThan" : "greaterOrEqual"), ("value", Threshold(trees.Thresholds[split])));
            return;
        }
        var categories = trees.CategoriesOf(set);
        writer.Begin("SimpleSetPredicate", ("field", fields.CategoryOf(feature)), ("booleanOperator", isLeft ? "isNotIn" : "isIn"));
        if (fields.TextsOf(feature) is { } texts) WriteTexts(categories, texts);
        else WriteArray("int", categories.Length, Join(categories));
        writer.End();
    }

    /// <summary>Categories beyond the list cannot occur.</summary>
    private void WriteTexts(ReadOnlySpan<int> categories, IReadOnlyList<string> texts)
    {
        var quoted = new List<string>(categories.Length);
        foreach (var category in categories)
        {
            if (category < texts.Count) quoted.Add($"\"{texts[category].Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        }
        WriteArray("string", quoted.Count, string.Join(' ', quoted));
    }

    private void WriteArray(string type, int count, string items)
    {
        writer.Begin("Array", ("type", type), ("n", PmmlWriter.Number(count)));
        writer.Text(items);
        writer.End();
    }

    /// <summary>The float32 numbers below a threshold are those below the least float32 number that is not below it.</summary>
    private string Threshold(double threshold)
    {
        if (!fields.IsFloat) return PmmlWriter.Number(threshold);
        var single = (float)threshold;
        return PmmlWriter.Number(single < threshold ? MathF.BitIncrement(single) : single);
    }

    private static string Join(ReadOnlySpan<int> categories)
    {
        var text = new StringBuilder();
        foreach (var category in categories) text.Append(text.Length > 0 ? " " : "").Append(category);
        return text.ToString();
    }
}
