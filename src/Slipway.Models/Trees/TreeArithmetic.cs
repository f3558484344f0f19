namespace Slipway.Models.Trees;

/// <summary>The precision in which an ensemble's leaves are added up. Thresholds are compared exactly in either.</summary>
public enum TreeArithmetic
{
    /// <summary>Leaves are rounded to float32, and so is every sum, tree by tree (XGBoost; PMML's <c>x-mathContext="float"</c>).</summary>
    Float32,

    /// <summary>Leaves and sums are float64 (PMML, LightGBM, scikit-learn).</summary>
    Float64,
}
