using Slipway.Models.Trees;

namespace Slipway.Models.Formats.LightGbm;

/// <summary>One tree as parallel arrays, as its file gives them; filled anew for every tree. Children below zero are leaves: ~leaf.</summary>
internal sealed class LightGbmTree
{
    public int Leaves { get; set; }

    public GrowingArray<int> Features { get; } = new();

    /// <summary>Categorical splits: an index into <see cref="SetStarts"/>.</summary>
    public GrowingArray<double> Thresholds { get; } = new();

    /// <summary>Bits: see <see cref="DecisionType"/>.</summary>
    public GrowingArray<int> DecisionTypes { get; } = new();

    public GrowingArray<int> LeftChildren { get; } = new();

    public GrowingArray<int> RightChildren { get; } = new();

    /// <summary>Empty when the file does not tell them.</summary>
    public GrowingArray<double> Gains { get; } = new();

    /// <summary>Rows that reached each split in training; empty when the file does not tell them.</summary>
    public GrowingArray<double> SplitCounts { get; } = new();

    public GrowingArray<double> LeafValues { get; } = new();

    /// <summary>Rows that reached each leaf in training; empty when the file does not tell them.</summary>
    public GrowingArray<double> LeafCounts { get; } = new();

    /// <summary>The first of each set's <see cref="Categories"/>, and after the last set their number.</summary>
    public GrowingArray<int> SetStarts { get; } = new();

    /// <summary>Those that go left.</summary>
    public GrowingArray<int> Categories { get; } = new();

    /// <summary>Leaves have linear models.</summary>
    public bool IsLinear { get; set; }

    public GrowingArray<double> LeafConstants { get; } = new();

    /// <summary>Terms of each leaf's linear model.</summary>
    public GrowingArray<int> TermCounts { get; } = new();

    public GrowingArray<int> TermFeatures { get; } = new();

    public GrowingArray<double> TermCoefficients { get; } = new();

    public void Clear()
    {
        Leaves = 0;
        Features.Clear();
        Thresholds.Clear();
        DecisionTypes.Clear();
        LeftChildren.Clear();
        RightChildren.Clear();
        Gains.Clear();
        SplitCounts.Clear();
        LeafValues.Clear();
        LeafCounts.Clear();
        SetStarts.Clear();
        Categories.Clear();
        IsLinear = false;
        LeafConstants.Clear();
        TermCounts.Clear();
        TermFeatures.Clear();
        TermCoefficients.Clear();
    }
}

/// <summary>The bits of a split's <c>decision_type</c>.</summary>
internal static class DecisionType
{
    public const int Categorical = 1;
    public const int DefaultLeft = 2;

    /// <summary>What counts as missing, shifted by two bits.</summary>
    public static MissingType MissingOf(int decisionType) => (MissingType)((decisionType >> 2) & 3);

    public static int Of(bool categorical, bool defaultLeft, MissingType missing) =>
        (categorical ? Categorical : 0) | (defaultLeft ? DefaultLeft : 0) | ((int)missing << 2);
}

/// <summary>What counts as missing at a split.</summary>
internal enum MissingType
{
    /// <summary>Nothing: NaN is 0.</summary>
    None,

    /// <summary>0, and NaN, which is 0.</summary>
    Zero,

    NaN,
}
