using System.Globalization;

namespace Slipway.Tests.Models.LightGbm;

/// <summary>
/// A second, plain evaluation of the text format, written after LightGBM's documentation of its decisions and with nothing of the product: texts are split,
/// and every decision is a few lines. What it gives is what the product has to give, bit for bit.
/// </summary>
internal sealed class PlainLightGbm
{
    private readonly List<Dictionary<string, string[]>> _trees = [];
    private readonly Dictionary<string, string[]> _header = [];

    public PlainLightGbm(string text)
    {
        var section = _header;
        foreach (var line in text.Split('\n').Select(l => l.TrimEnd('\r')).TakeWhile(l => l != "end of trees" && !l.StartsWith("feature importances", StringComparison.Ordinal)))
        {
            if (line.StartsWith("Tree=", StringComparison.Ordinal)) _trees.Add(section = []);
            var parts = line.Split('=', 2);
            if (parts.Length == 2) section[parts[0]] = parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }
        Outputs = int.Parse(_header["num_tree_per_iteration"][0], CultureInfo.InvariantCulture);
        Features = _header["feature_names"].Length;
    }

    public int Outputs { get; }

    public int Features { get; }

    public int Trees => _trees.Count;

    public double[] Margins(double[] row)
    {
        var margins = new double[Outputs];
        for (var tree = 0; tree < _trees.Count; tree++) margins[tree % Outputs] += Value(_trees[tree], row);
        return margins;
    }

    public int[] Leaves(double[] row) => [.. _trees.Select(t => Leaf(t, row))];

    /// <summary>Rows of values that splits tell apart: thresholds and their neighbours, categories, zeros, what is nearly zero, missing and infinite values.</summary>
    public double[][] Rows(int count, Random random)
    {
        var values = Enumerable.Range(0, Features).Select(_ => new List<double> { 0, -0.0, 1e-36, -1e-36, 1, 2.5, -0.5, -1, -7, 1e10, double.NaN, double.NaN, double.PositiveInfinity, double.NegativeInfinity }).ToArray();
        foreach (var tree in _trees.Where(t => t["num_leaves"][0] != "1"))
        {
            for (var node = 0; node < tree["threshold"].Length; node++)
            {
                var threshold = Number(tree["threshold"][node]);
                var isCategorical = (int.Parse(tree["decision_type"][node], CultureInfo.InvariantCulture) & 1) != 0;
                values[int.Parse(tree["split_feature"][node], CultureInfo.InvariantCulture)].AddRange(isCategorical ? [random.Next(40), random.Next(40) + 0.5] : [threshold, Math.BitIncrement(threshold), threshold - random.NextDouble()]);
            }
        }
        return [.. Enumerable.Range(0, count).Select(_ => values.Select(v => v[random.Next(v.Count)]).ToArray())];
    }

    private static double Value(Dictionary<string, string[]> tree, double[] row)
    {
        var leaf = Leaf(tree, row);
        if (!tree.TryGetValue("is_linear", out var linear) || linear[0] == "0") return Number(tree["leaf_value"][leaf]);
        var before = tree["num_features"].Take(leaf).Sum(n => int.Parse(n, CultureInfo.InvariantCulture));
        var value = Number(tree["leaf_const"][leaf]);
        for (var term = before; term < before + int.Parse(tree["num_features"][leaf], CultureInfo.InvariantCulture); term++)
        {
            var x = row[int.Parse(tree["leaf_features"][term], CultureInfo.InvariantCulture)];
            if (double.IsNaN(x)) return Number(tree["leaf_value"][leaf]);
            value += Number(tree["leaf_coeff"][term]) * x;
        }
        return value;
    }

    private static int Leaf(Dictionary<string, string[]> tree, double[] row)
    {
        if (tree["num_leaves"][0] == "1") return 0;
        var node = 0;
        while (node >= 0) node = int.Parse(tree[GoesLeft(tree, node, row) ? "left_child" : "right_child"][node], CultureInfo.InvariantCulture);
        return ~node;
    }

    private static bool GoesLeft(Dictionary<string, string[]> tree, int node, double[] row)
    {
        var x = row[int.Parse(tree["split_feature"][node], CultureInfo.InvariantCulture)];
        var decision = int.Parse(tree["decision_type"][node], CultureInfo.InvariantCulture);
        var threshold = Number(tree["threshold"][node]);
        if ((decision & 1) != 0) return IsInSet(tree, (int)threshold, x);
        var missing = (decision >> 2) & 3;
        if (double.IsNaN(x) && missing != 2) x = 0;
        var isZero = x >= -1e-35f && x <= 1e-35f;
        if ((missing == 1 && isZero) || (missing == 2 && double.IsNaN(x))) return (decision & 2) != 0;
        return x <= threshold;
    }

    private static bool IsInSet(Dictionary<string, string[]> tree, int set, double x)
    {
        if (double.IsNaN(x) || x <= -1 || x > int.MaxValue) return false;
        var category = (int)x;
        var from = int.Parse(tree["cat_boundaries"][set], CultureInfo.InvariantCulture);
        var to = int.Parse(tree["cat_boundaries"][set + 1], CultureInfo.InvariantCulture);
        var word = from + (category / 32);
        return word < to && ((uint.Parse(tree["cat_threshold"][word], CultureInfo.InvariantCulture) >> (category % 32)) & 1) != 0;
    }

    private static double Number(string text) => text == "inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture);
}
