namespace Slipway.Models.Formats.OnnxMl;

/// <summary>Which targets the leaves of an ensemble have weights for.</summary>
internal sealed class LeafWeights
{
    /// <param name="targets">Of the weights.</param>
    public LeafWeights(TreeNodes nodes, int targets)
    {
        Used = new bool[targets];
        var inAllLeaves = new bool[targets];
        var (counts, touched) = (new int[targets], new List<int>());
        var (leaves, target) = (0, -1);
        OneTargetEach = true;
        for (int node = 0, tree = 0; node < nodes.Count; node++)
        {
            if (StartsTree(nodes, node, ref tree))
            {
                Close(counts, touched, leaves, inAllLeaves);
                (leaves, target) = (0, -1);
            }
            if (nodes.Modes[node] != NodeMode.Leaf) continue;
            leaves++;
            Leaves++;
            var of = nodes.TargetsOf(node);
            OneTargetEach &= of.Length == 1 && (target < 0 || target == of[0]);
            if (of.Length > 0) target = of[0];
            for (var i = 0; i < of.Length; i++)
            {
                Used[of[i]] = true;
                if (of[..i].Contains(of[i])) HasRepeated = true;
                else if (counts[of[i]]++ == 0) touched.Add(of[i]);
            }
        }
        Close(counts, touched, leaves, inAllLeaves);
        Always = Used.AsSpan().SequenceEqual(inAllLeaves) ? Used : null;
    }

    public int Leaves { get; }

    /// <summary>Targets that some leaf has a weight for.</summary>
    public bool[] Used { get; }

    /// <summary>The targets that every row gets a weight for, when every other target never gets one; else null.</summary>
    public bool[]? Always { get; }

    /// <summary>All leaves of a tree have one weight, for the same target.</summary>
    public bool OneTargetEach { get; }

    /// <summary>A leaf has several weights for one target.</summary>
    public bool HasRepeated { get; }

    private static bool StartsTree(TreeNodes nodes, int node, ref int tree)
    {
        if (tree >= nodes.Roots.Length || nodes.Roots[tree] != node) return false;
        tree++;
        return true;
    }

    private static void Close(int[] counts, List<int> touched, int leaves, bool[] inAllLeaves)
    {
        foreach (var target in touched)
        {
            inAllLeaves[target] |= counts[target] == leaves;
            counts[target] = 0;
        }
        touched.Clear();
    }
}
