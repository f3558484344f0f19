using System.Globalization;

namespace Slipway.Tests.Models.LightGbm;

/// <summary>Models of random trees with everything that LightGBM's trees have.</summary>
internal static class RandomModels
{
    private enum Kind
    {
        Number,
        Category,
    }

    public static ModelText Make(int seed)
    {
        var random = new Random(seed);
        var features = random.Next(1, 8);
        var outputs = random.Next(3) == 0 ? 3 : 1;
        var isLinear = random.Next(4) == 0;
        var kinds = Enumerable.Range(0, features).Select(_ => random.Next(3) == 0 ? Kind.Category : Kind.Number).ToArray();
        // Linear trees cannot be trained with zeros that are missing.
        var missing = Enumerable.Range(0, features).Select(_ => random.Next(3) is 1 && isLinear ? 2 : random.Next(3)).Select(m => m == 1 && isLinear ? 0 : m).ToArray();
        var model = new ModelText
        {
            Version = seed % 3 == 0 ? "v3" : "v4",
            Objective = outputs == 3 ? "multiclass num_class:3" : "regression",
            Classes = outputs,
            TreesPerIteration = outputs,
            Names = [.. Enumerable.Range(0, features).Select(f => $"f{f}")],
            Infos = [.. kinds.Select(k => k == Kind.Category ? "-1:0:1:2" : "[-5:5]")],
            Parameters = random.Next(2) == 0 ? null : ["[boosting: gbdt]"],
        };
        for (var tree = random.Next(1, 5) * outputs; tree > 0; tree--) AddTree(model, random, kinds, missing, isLinear);
        return model;
    }

    private static void AddTree(ModelText model, Random random, Kind[] kinds, int[] missing, bool isLinear)
    {
        var leaves = random.Next(1, 12);
        var splits = leaves - 1;
        var (left, right) = Shape(leaves, random);
        var features = Enumerable.Range(0, splits).Select(_ => random.Next(kinds.Length)).ToArray();
        var sets = new List<uint[]>();
        var thresholds = features.Select(f =>
        {
            if (kinds[f] == Kind.Number) return random.Next(6) switch { 0 => 1.0000000180025095e-35, 1 => -1.0000000180025095e-35, 2 => 0, _ => Math.Round((random.NextDouble() * 10) - 5, 3) };
            sets.Add(ModelText.Words([.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(random.Next(2) == 0 ? 4 : 90))]));
            return sets.Count - 1;
        }).ToArray();
        var decisions = features.Select(f => (kinds[f] == Kind.Category ? 1 : 0) | (random.Next(2) << 1) | (missing[f] << 2));
        var boundaries = sets.Aggregate(new List<int> { 0 }, (b, s) => [.. b, b[^1] + s.Length]);
        var lines = new List<string>
        {
            $"num_leaves={leaves}", $"num_cat={sets.Count}", $"split_feature={Join(features)}", $"split_gain={Join(features.Select(_ => random.Next(100)))}",
            $"threshold={Join(thresholds)}", $"decision_type={Join(decisions)}", $"left_child={Join(left)}", $"right_child={Join(right)}",
            $"leaf_value={Join(Values(leaves))}", $"leaf_weight={Join(Values(leaves))}", $"leaf_count={Join(Values(leaves).Select(_ => random.Next(20, 99)))}",
            $"internal_value={Join(Values(splits))}", $"internal_count={Join(Values(splits).Select(_ => random.Next(20, 99)))}",
        };
        if (sets.Count > 0) lines.AddRange([$"cat_boundaries={Join(boundaries)}", $"cat_threshold={Join(sets.SelectMany(s => s))}"]);
        lines.Add($"is_linear={(isLinear ? 1 : 0)}");
        if (isLinear)
        {
            // LightGBM takes numbers only into linear models.
            var numbers = Enumerable.Range(0, kinds.Length).Where(f => kinds[f] == Kind.Number).ToArray();
            var terms = Enumerable.Range(0, leaves).Select(_ => numbers.Length == 0 ? 0 : random.Next(3)).ToArray();
            lines.AddRange([
                $"leaf_const={Join(Values(leaves))}", $"num_features={Join(terms)}",
                $"leaf_features={string.Join(' ', terms.Select(n => Join(Enumerable.Range(0, n).Select(_ => numbers[random.Next(numbers.Length)])) + " "))}",
                $"leaf_coeff={string.Join(' ', terms.Select(n => Join(Values(n)) + " "))}",
            ]);
        }
        model.Tree([.. lines]);

        IEnumerable<double> Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5)];
    }

    /// <summary>Grown as LightGBM does: a leaf is split, the left child keeps its number.</summary>
    private static (int[] Left, int[] Right) Shape(int leaves, Random random)
    {
        var (left, right) = (new int[leaves - 1], new int[leaves - 1]);
        for (var split = 0; split < leaves - 1; split++)
        {
            var leaf = random.Next(split + 1);
            var inLeft = Array.IndexOf(left, ~leaf, 0, split);
            var inRight = Array.IndexOf(right, ~leaf, 0, split);
            if (inLeft >= 0) left[inLeft] = split;
            else if (inRight >= 0) right[inRight] = split;
            (left[split], right[split]) = (~leaf, ~(split + 1));
        }
        return (left, right);
    }

    private static string Join<T>(IEnumerable<T> values) where T : IFormattable => string.Join(' ', values.Select(v => v is double d ? ModelText.Text(d) : v.ToString(null, CultureInfo.InvariantCulture)));
}
