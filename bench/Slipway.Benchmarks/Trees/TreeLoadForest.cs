using System.Globalization;

namespace Slipway.Benchmarks.Trees;

/// <summary>Trees as libraries grow them, from a seed: leaf by leaf, on features cut into bins, with counts that add up. The same object is filled anew for each tree.</summary>
internal sealed class TreeLoadForest
{
    public const int Features = 50;

    /// <summary>Per feature: what histogram training has.</summary>
    public const int Borders = 254;

    private const int Seed = 20261121;
    private const int Rows = 100_000;

    private readonly Random _random = new(Seed);
    private readonly int[] _parentOf;

    public TreeLoadForest(int leaves = 255)
    {
        Leaves = leaves;
        _parentOf = new int[leaves];
        Left = new int[leaves - 1];
        Right = new int[leaves - 1];
        Feature = new int[leaves - 1];
        Border = new int[leaves - 1];
        DefaultLeft = new bool[leaves - 1];
        Gains = new float[leaves - 1];
        SplitCounts = new int[leaves - 1];
        LeafCounts = new int[leaves];
        LeafValues = new double[leaves];
    }

    public int Leaves { get; }

    public int Splits => Leaves - 1;

    public int Nodes => Leaves + Splits;

    /// <summary>A child is a split with a higher number, or ~leaf.</summary>
    public int[] Left { get; }

    public int[] Right { get; }

    public int[] Feature { get; }

    /// <summary>The number of the border in its feature.</summary>
    public int[] Border { get; }

    public bool[] DefaultLeft { get; }

    public float[] Gains { get; }

    public int[] SplitCounts { get; }

    public int[] LeafCounts { get; }

    public double[] LeafValues { get; }

    public static string Name(int feature) => string.Create(CultureInfo.InvariantCulture, $"feature_{feature}");

    public static float BorderValue(int feature, int border) => (float)Math.Tan((((border + 0.5) / Borders) - 0.5) * (2 + (feature * 0.01)));

    public float Threshold(int split) => BorderValue(Feature[split], Border[split]);

    /// <summary>A number below <paramref name="limit"/>, from the same seed.</summary>
    public int Next(int limit) => _random.Next(limit);

    public double NextValue() => (_random.NextDouble() - 0.5) / 8;

    public void Grow()
    {
        _parentOf[0] = -1;
        LeafCounts[0] = Rows;
        for (var split = 0; split < Splits; split++)
        {
            // A random leaf becomes the split; its left child keeps the leaf's number.
            var leaf = _random.Next(split + 1);
            if (_parentOf[leaf] is >= 0 and var parent) (Left[parent] == ~leaf ? ref Left[parent] : ref Right[parent]) = split;
            var added = split + 1;
            (Left[split], Right[split]) = (~leaf, ~added);
            (_parentOf[leaf], _parentOf[added]) = (split, split);
            (Feature[split], Border[split], DefaultLeft[split]) = (_random.Next(Features), _random.Next(Borders), _random.Next(2) == 0);
            Gains[split] = (float)(100 / (1 + split + _random.NextDouble()));
            SplitCounts[split] = LeafCounts[leaf];
            LeafCounts[added] = _random.Next(1 + LeafCounts[leaf]);
            LeafCounts[leaf] -= LeafCounts[added];
        }
        foreach (ref var value in LeafValues.AsSpan()) value = NextValue();
    }
}
