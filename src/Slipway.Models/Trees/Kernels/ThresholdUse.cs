using System.Runtime.CompilerServices;

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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ThresholdUse[] Of(TreeEnsemble ensemble)
    {
        var uses = new Dictionary<int, ThresholdUse>();
        for (var node = 0; node < ensemble.NodeCount; node++)
        {
            if (!IsNumeric(ensemble, node)) continue;
            if (!uses.TryGetValue(ensemble.Features[node], out var use)) uses.Add(ensemble.Features[node], use = new ThresholdUse(ensemble.Features[node]));
            use._count++;
            if (ensemble.DefaultLeft[node]) use.DefaultsLeft = true;
            else use.DefaultsRight = true;
        }
        foreach (var use in uses.Values) (use.Thresholds, use._count) = (new double[use._count], 0);
        for (var node = 0; node < ensemble.NodeCount; node++)
        {
            if (!IsNumeric(ensemble, node)) continue;
            var use = uses[ensemble.Features[node]];
            use.Thresholds[use._count++] = ensemble.Thresholds[node] + 0.0;
        }
        var ordered = uses.Values.ToArray();
        Array.Sort(ordered, (a, b) => a.Feature.CompareTo(b.Feature));
        foreach (var use in ordered) use.Thresholds = Distinct(use.Thresholds);
        return ordered;
    }

    private static bool IsNumeric(TreeEnsemble ensemble, int node) => ensemble.Features[node] >= 0 && ensemble.CategorySets[node] < 0;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double[] Distinct(double[] values)
    {
        values.AsSpan().Sort();
        var kept = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (i == 0 || values[i] != values[kept - 1]) values[kept++] = values[i];
        }
        Array.Resize(ref values, kept);
        return values;
    }
}
