using System.Collections.Immutable;

namespace Slipway.Models.Formats.LightGbm;

/// <summary>What a LightGBM model file says besides its trees, read but not yet checked.</summary>
internal sealed class LightGbmDocument
{
    /// <summary><c>v2</c> to <c>v4</c>; empty in files before LightGBM 2.1.</summary>
    public string Version { get; set; } = "";

    public int Classes { get; set; } = 1;

    /// <summary>Trees of one boosting iteration: one for each output. 0 when the file does not say it.</summary>
    public int TreesPerIteration { get; set; }

    /// <summary>-1 when the file does not say it.</summary>
    public int MaxFeatureIndex { get; set; } = -1;

    /// <summary>The name and its parameters: <c>binary sigmoid:1</c>; empty for a custom objective.</summary>
    public string Objective { get; set; } = "";

    /// <summary>A random forest: sums are divided by the number of iterations.</summary>
    public bool AverageOutput { get; set; }

    public ImmutableArray<string> FeatureNames { get; set; } = [];

    /// <summary>What training saw of each feature; empty when the file does not say it.</summary>
    public FeatureInfo[] FeatureInfos { get; set; } = [];

    /// <summary>Trees that the file announces; -1 when it does not.</summary>
    public int AnnouncedTrees { get; set; } = -1;

    /// <summary>The training parameter; empty when it is not in the file.</summary>
    public string Boosting { get; set; } = "";

    /// <summary>The training parameter: indices of features; null when it is not in the file.</summary>
    public ImmutableSortedSet<int>? CategoricalFeatures { get; set; }

    /// <summary>The categories of every pandas column of type <c>category</c>, in the order of the columns.</summary>
    public ImmutableArray<PandasCategories> PandasCategories { get; set; } = [];

    public int Features => FeatureNames.Length;

    public int Outputs => TreesPerIteration > 0 ? TreesPerIteration : Classes;

    public bool IsSince(int version) => Version.Length >= 2 && int.TryParse(Version.AsSpan(1), out var written) && written >= version;

    public bool IsCategorical(int feature) =>
        (feature < FeatureInfos.Length && FeatureInfos[feature].Kind == FeatureKind.Categorical) || CategoricalFeatures?.Contains(feature) == true;
}

/// <param name="Kind">Of the feature.</param>
/// <param name="Min">The least number or category seen.</param>
/// <param name="Max">The largest number or category seen.</param>
internal readonly record struct FeatureInfo(FeatureKind Kind, double Min, double Max);

internal enum FeatureKind : byte
{
    /// <summary>Of no use in training: one value only. Whether it is a number is not told.</summary>
    Unused,
    Numerical,
    Categorical,
}
