namespace Slipway.Models.Trees.Kernels;

/// <summary>How an ensemble's numeric splits use a feature.</summary>
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
    public static ThresholdUse[] Of(TreeEnsemble ensemble)
    {
        var uses = new Dictionary<int, ThresholdUse>();
        var features = ensemble.Features.AsSpan();
        var categorySets = ensemble.CategorySets.AsSpan();
        var thresholds = ensemble.Thresholds.AsSpan();
        var defaultLeft = ensemble.DefaultLeft.AsSpan();
        for (var node = 0; node < features.Length; node++)
        {
            if (features[node] < 0 || categorySets[node] >= 0) continue;
            if (!uses.TryGetValue(features[node], out var use)) uses.Add(features[node], use = new ThresholdUse(features[node]));
            use._count++;
            if (defaultLeft[node]) use.DefaultsLeft = true;
            else use.DefaultsRight = true;
        }
        foreach (var use in uses.Values) (use.Thresholds, use._count) = (new double[use._count], 0);
        for (var node = 0; node < features.Length; node++)
        {
            if (features[node] < 0 || categorySets[node] >= 0) continue;
            var use = uses[features[node]];
            use.Thresholds[use._count++] = thresholds[node] + 0.0;
        }
        var ordered = uses.Values.ToArray();
        Array.Sort(ordered, (a, b) => a.Feature.CompareTo(b.Feature));
        foreach (var use in ordered) use.Thresholds = Distinct(use.Thresholds);
        return ordered;
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
