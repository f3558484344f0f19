namespace Slipway.Models.Trees.Kernels;

/// <summary>How the numeric splits of an ensemble use a feature.</summary>
internal sealed class ThresholdUse
{
    private int _count;

    private ThresholdUse(int feature) => Feature = feature;

    public int Feature { get; }

    /// <summary>Ascending and distinct; zero is +0.</summary>
    public double[] Thresholds { get; private set; } = [];

    public bool DefaultsLeft { get; private set; }

    public bool DefaultsRight { get; private set; }

    /// <summary>The features with numeric splits, ascending.</summary>
    /// <param name="ranks">Of the features of the splits.</param>
    public static ThresholdUse[] Of(SplitColumns splits, FeatureRanks ranks)
    {
        var uses = new ThresholdUse?[ranks.Count];
        var features = splits.Features.AsSpan();
        var categorySets = splits.CategorySets.AsSpan();
        var thresholds = splits.Thresholds.AsSpan();
        var defaultLeft = splits.DefaultLeft.AsSpan();
        for (var node = 0; node < features.Length; node++)
        {
            if (features[node] < 0 || categorySets[node] >= 0) continue;
            var use = uses[ranks[features[node]]] ??= new ThresholdUse(features[node]);
            use._count++;
            if (defaultLeft[node]) use.DefaultsLeft = true;
            else use.DefaultsRight = true;
        }
        foreach (var use in uses)
        {
            if (use is not null) (use.Thresholds, use._count) = (new double[use._count], 0);
        }
        for (var node = 0; node < features.Length; node++)
        {
            if (features[node] < 0 || categorySets[node] >= 0) continue;
            var use = uses[ranks[features[node]]]!;
            use.Thresholds[use._count++] = thresholds[node] + 0.0;
        }
        var ordered = Array.FindAll(uses, use => use is not null)!;
        foreach (var use in ordered) use!.Thresholds = Distinct(use.Thresholds);
        return ordered!;
    }

    /// <summary>How many thresholds are not above one of them.</summary>
    public int RankOf(double threshold)
    {
        var (low, high) = (0, Thresholds.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (Thresholds[middle] <= threshold) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private static double[] Distinct(double[] values)
    {
        NumberSort.Sort(values);
        var kept = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (i == 0 || values[i] != values[kept - 1]) values[kept++] = values[i];
        }
        Array.Resize(ref values, kept);
        return values;
    }
}
