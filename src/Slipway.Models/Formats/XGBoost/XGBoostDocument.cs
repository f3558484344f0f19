using System.Collections.Immutable;

namespace Slipway.Models.Formats.XGBoost;

/// <summary>What an XGBoost model file says (https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html), read but not yet checked.</summary>
internal sealed class XGBoostDocument
{
    /// <summary>Major, minor, patch of the library that wrote the file.</summary>
    public ImmutableArray<int> Version { get; set; } = [];

    public bool IsSince(int major, int minor) => Version is [var fileMajor, var fileMinor, ..] && (fileMajor, fileMinor).CompareTo((major, minor)) >= 0;

    /// <summary>The file is of a version before 1.0, which kept the base score as a margin, not as a prediction.</summary>
    public bool BaseScoreIsMargin { get; set; }

    public Dictionary<string, string> Attributes { get; } = [];

    public List<string> FeatureNames { get; } = [];

    public List<string> FeatureTypes { get; } = [];

    /// <summary><c>learner_model_param</c>: base_score, num_class, num_feature, num_target, …</summary>
    public Dictionary<string, string> ModelParameters { get; } = [];

    public string Objective { get; set; } = "reg:squarederror";

    /// <summary>The parameters of the objective, whatever group they stand in.</summary>
    public Dictionary<string, string> ObjectiveParameters { get; } = [];

    public string Booster { get; set; } = "gbtree";

    public Dictionary<string, string> TreeParameters { get; } = [];

    public List<XGBoostTree> Trees { get; } = [];

    /// <summary>The output each tree adds to.</summary>
    public int[] TreeOutputs { get; set; } = [];

    /// <summary>The first tree of each boosting round, and the number of trees; empty in files before 2.0.</summary>
    public int[] RoundStarts { get; set; } = [];

    /// <summary>DART: the factor of each tree; empty without dropout.</summary>
    public float[] TreeWeights { get; set; } = [];

    /// <summary>gblinear: feature-major weights, then the biases.</summary>
    public float[] LinearWeights { get; set; } = [];

    /// <summary>The text of each category of each feature (3.1 and later); empty for numeric features and numeric categories.</summary>
    public List<ImmutableArray<string>> Categories { get; } = [];
}

/// <summary>One tree as parallel arrays by node id.</summary>
internal sealed class XGBoostTree
{
    public int[] LeftChildren = [];
    public int[] RightChildren = [];
    public int[] SplitIndices = [];
    public float[] SplitConditions = [];
    public int[] DefaultLeft = [];

    /// <summary>The gain of each split, and the sum of the hessians of the rows in each node; empty where a file has none.</summary>
    public float[] LossChanges = [];
    public float[] SumHessians = [];

    /// <summary>1 for a categorical split; empty before 1.3.</summary>
    public int[] SplitTypes = [];
    public int[] Categories = [];
    public int[] CategoryNodes = [];
    public int[] CategorySegments = [];
    public int[] CategorySizes = [];

    /// <summary>Values per leaf; 0 and 1 mean one, in <see cref="SplitConditions"/>.</summary>
    public int LeafSize = 1;

    /// <summary>Vector leaves before 3.2: values by node.</summary>
    public float[] BaseWeights = [];

    /// <summary>Vector leaves since 3.2: values by leaf, whose number stands in <see cref="RightChildren"/>.</summary>
    public float[] LeafWeights = [];
}
