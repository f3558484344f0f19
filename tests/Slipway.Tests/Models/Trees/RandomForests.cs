using Slipway.Models.Trees;

namespace Slipway.Tests.Models.Trees;

/// <summary>What categorical splits choose from.</summary>
/// <param name="Count">Of categories; 0 for numeric splits only.</param>
/// <param name="MaxInSet">1: one category each.</param>
/// <param name="First">The least category.</param>
/// <param name="Apart">From one category to the next.</param>
internal readonly record struct Categories(int Count, int MaxInSet = 8, int First = 0, int Apart = 1);

/// <summary>Seeded ensembles of every shape: perfect, ragged, single leaves, several outputs, vector leaves, categorical splits.</summary>
internal static class RandomForests
{
    public static TreeEnsemble Make(int seed, int trees = 21, int maxDepth = 7, int features = 6, int outputs = 1, bool vectorLeaves = false, Categories categories = default, TreeArithmetic arithmetic = TreeArithmetic.Float32)
    {
        var random = new Random(seed);
        Func<Random, double> number = arithmetic == TreeArithmetic.Float32 ? r => Number(r) : DoubleNumber;
        Func<Random, double> leaf = arithmetic == TreeArithmetic.Float32 ? r => Number(r) : r => r.Next(300) == 0 ? double.NaN : DoubleNumber(r);
        var builder = new TreeEnsembleBuilder(features, outputs, arithmetic).BaseMargins(number(random));
        for (var tree = 0; tree < trees; tree++)
        {
            var shape = Grow(random, maxDepth);
            builder.BeginTree(shape.Count, vectorLeaves ? 0 : random.Next(outputs));
            for (var node = 0; node < shape.Count; node++)
            {
                if (shape[node] < 0)
                {
                    if (vectorLeaves) builder.VectorLeaf(node, [.. Enumerable.Range(0, outputs).Select(_ => leaf(random))]);
                    else builder.Leaf(node, leaf(random));
                }
                else if (categories.Count > 0 && random.Next(3) == 0)
                {
                    var set = Enumerable.Range(0, random.Next(1, categories.MaxInSet + 1)).Select(_ => categories.First + (categories.Apart * random.Next(categories.Count))).ToArray();
                    builder.CategoricalSplit(node, random.Next(features), set, shape[node], shape[node] + 1, random.Next(2) == 0);
                }
                else
                {
                    builder.Split(node, random.Next(features), number(random), shape[node], shape[node] + 1, random.Next(2) == 0);
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

    /// <inheritdoc cref="Rows"/>
    public static double[] DoubleRows(int seed, int count, int rowLength, TreeEnsemble thresholdsOf)
    {
        var random = new Random(seed);
        double[] special = [double.NaN, BitConverter.Int64BitsToDouble(0x7FF8_0000_4D49_5353), BitConverter.UInt64BitsToDouble(0xFFF0_0000_0000_0001), double.PositiveInfinity, double.NegativeInfinity, 0d, -0d, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, 1e300, -1, -0.5, 3, 3.9, 65, 2147483647, 2147483648, 4294967296];
        var rows = new double[count * rowLength];
        foreach (ref var value in rows.AsSpan())
        {
            var threshold = thresholdsOf.Thresholds[random.Next(thresholdsOf.NodeCount)];
            value = random.Next(7) switch
            {
                0 => special[random.Next(special.Length)],
                1 => threshold,
                2 => random.Next(2) == 0 ? double.BitIncrement(threshold) : double.BitDecrement(threshold),
                3 when !thresholdsOf.Categories.IsEmpty => thresholdsOf.Categories[random.Next(thresholdsOf.Categories.Length)] + (random.Next(8) == 0 ? 1 : 0),
                _ => DoubleNumber(random),
            };
        }
        return rows;
    }

    /// <summary>Numbers, and denormals.</summary>
    private static double DoubleNumber(Random random) => random.Next(3) switch
    {
        0 => Number(random),
        1 when random.Next(4) == 0 => random.Next(-3, 4) * double.Epsilon,
        _ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 4)),
    };

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
