using Slipway.Models.Trees;

namespace Slipway.Tests.Models.Trees;

/// <summary>Seeded ensembles of every shape: perfect, ragged, single leaves, several outputs, vector leaves, categorical splits.</summary>
internal static class RandomForests
{
    public static TreeEnsemble Make(int seed, int trees = 21, int maxDepth = 7, int features = 6, int outputs = 1, bool vectorLeaves = false, bool categorical = false)
    {
        var random = new Random(seed);
        var builder = new TreeEnsembleBuilder(features, outputs, TreeArithmetic.Float32).BaseMargins(Number(random));
        for (var tree = 0; tree < trees; tree++)
        {
            var shape = Grow(random, maxDepth);
            builder.BeginTree(shape.Count, vectorLeaves ? 0 : random.Next(outputs));
            for (var node = 0; node < shape.Count; node++)
            {
                if (shape[node] < 0)
                {
                    if (vectorLeaves) builder.VectorLeaf(node, [.. Enumerable.Range(0, outputs).Select(_ => Number(random))]);
                    else builder.Leaf(node, Number(random));
                }
                else if (categorical && random.Next(3) == 0)
                {
                    var categories = Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(70)).ToArray();
                    builder.CategoricalSplit(node, random.Next(features), categories, shape[node], shape[node] + 1, random.Next(2) == 0);
                }
                else
                {
                    builder.Split(node, random.Next(features), Number(random), shape[node], shape[node] + 1, random.Next(2) == 0);
                }
            }
            builder.EndTree();
        }
        return builder.Build();
    }

    /// <summary>Rows that meet every special value, and thresholds exactly.</summary>
    public static float[] Rows(int seed, int count, int features, TreeEnsemble? thresholdsOf = null)
    {
        var random = new Random(seed);
        float[] special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, float.Epsilon, -float.Epsilon, float.MaxValue, float.MinValue, 1e9f, -1, 3, 16777216, 65];
        var rows = new float[count * features];
        foreach (ref var value in rows.AsSpan())
        {
            value = random.Next(6) switch
            {
                0 => special[random.Next(special.Length)],
                1 when thresholdsOf is not null => (float)thresholdsOf.Thresholds[random.Next(thresholdsOf.NodeCount)],
                _ => Number(random),
            };
        }
        return rows;
    }

    private static float Number(Random random) => random.Next(12) switch
    {
        0 => 0f,
        1 => -0f,
        2 => random.Next(40) == 0 ? float.PositiveInfinity : 1f,
        3 => random.Next(70),
        _ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 4))),
    };

    /// <summary>Left children by node (the right one follows), -1 for leaves.</summary>
    private static List<int> Grow(Random random, int maxDepth)
    {
        var children = new List<int> { -1 };
        var depths = new List<int> { 0 };
        var density = random.NextDouble() + 0.3;
        for (var node = 0; node < children.Count; node++)
        {
            if (depths[node] >= maxDepth || random.NextDouble() > density) continue;
            children[node] = children.Count;
            for (var i = 0; i < 2; i++)
            {
                children.Add(-1);
                depths.Add(depths[node] + 1);
            }
        }
        return children;
    }
}
