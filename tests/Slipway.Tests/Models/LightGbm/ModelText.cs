using System.Globalization;
using System.Text;

namespace Slipway.Tests.Models.LightGbm;

/// <summary>Writes models in LightGBM's text format.</summary>
internal sealed class ModelText
{
    private readonly List<string> _trees = [];

    public string Version { get; init; } = "v4";

    public string Objective { get; init; } = "regression";

    public int Classes { get; init; } = 1;

    public int TreesPerIteration { get; init; } = 1;

    public string[] Names { get; init; } = ["x"];

    /// <summary>By default numbers.</summary>
    public string[]? Infos { get; init; }

    public bool AverageOutput { get; init; }

    /// <summary>Lines of the parameters; null leaves the section out.</summary>
    public string[]? Parameters { get; init; } = ["[boosting: gbdt]"];

    /// <summary>The line that Python's package adds; null leaves it out.</summary>
    public string? PandasCategories { get; init; }

    /// <param name="lines">All but the tree's number.</param>
    public ModelText Tree(params string[] lines)
    {
        _trees.Add($"Tree={_trees.Count}\n{string.Join('\n', lines)}\nshrinkage=1\n\n\n");
        return this;
    }

    /// <summary>x ≤ threshold ? left : right, of one feature.</summary>
    public ModelText Stump(double left, double right, double threshold = 0.5, int decision = 10, int feature = 0) => Tree(
        "num_leaves=2", "num_cat=0", $"split_feature={feature}", "split_gain=7.5", $"threshold={Text(threshold)}", $"decision_type={decision}", "left_child=-1", "right_child=-2",
        $"leaf_value={Text(left)} {Text(right)}", "leaf_count=30 10", "internal_count=40", "is_linear=0");

    /// <summary>x in categories ? left : right.</summary>
    public ModelText CategoryStump(double left, double right, int[] categories, int feature = 0, int decision = 9) => Tree(
        "num_leaves=2", "num_cat=1", $"split_feature={feature}", "split_gain=7.5", "threshold=0", $"decision_type={decision}", "left_child=-1", "right_child=-2",
        $"leaf_value={Text(left)} {Text(right)}", "leaf_count=30 10", "internal_count=40", $"cat_boundaries=0 {Words(categories).Length}", $"cat_threshold={string.Join(' ', Words(categories))}", "is_linear=0");

    public ModelText Constant(double value) => Tree(
        "num_leaves=1", "num_cat=0", "split_feature=", "split_gain=", "threshold=", "decision_type=", "left_child=", "right_child=", $"leaf_value={Text(value)}", "leaf_count=0", "internal_count=", "is_linear=0");

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToString());

    public override string ToString()
    {
        var text = new StringBuilder("tree\n");
        text.Append(CultureInfo.InvariantCulture, $"version={Version}\nnum_class={Classes}\nnum_tree_per_iteration={TreesPerIteration}\nlabel_index=0\nmax_feature_idx={Names.Length - 1}\n");
        if (Objective.Length > 0) text.Append(CultureInfo.InvariantCulture, $"objective={Objective}\n");
        if (AverageOutput) text.Append("average_output\n");
        text.Append(CultureInfo.InvariantCulture, $"feature_names={string.Join(' ', Names)}\nfeature_infos={string.Join(' ', Infos ?? [.. Names.Select(_ => "[0:1]")])}\n");
        text.Append(CultureInfo.InvariantCulture, $"tree_sizes={string.Join(' ', _trees.Select(t => t.Length))}\n\n{string.Concat(_trees)}end of trees\n\nfeature_importances:\n{Names[0]}=1\n");
        if (Parameters is not null) text.Append(CultureInfo.InvariantCulture, $"\nparameters:\n{string.Join('\n', Parameters)}\n\nend of parameters\n");
        if (PandasCategories is not null) text.Append(CultureInfo.InvariantCulture, $"\npandas_categorical:{PandasCategories}\n");
        return text.ToString();
    }

    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static uint[] Words(int[] categories)
    {
        var words = new uint[(categories.Max() / 32) + 1];
        foreach (var category in categories) words[category / 32] |= 1u << (category % 32);
        return words;
    }
}
