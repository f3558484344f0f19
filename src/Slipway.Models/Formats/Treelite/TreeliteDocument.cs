namespace Slipway.Models.Formats.Treelite;

/// <summary>What a checkpoint says (https://treelite.readthedocs.io/en/latest/serialization/), read but not yet checked.</summary>
internal sealed class TreeliteDocument
{
    public string Version { get; set; } = "";

    /// <summary>Thresholds and leaves are float32, else float64.</summary>
    public bool IsFloat32 { get; set; }

    public int Features { get; set; }

    public TreeliteTask Task { get; set; }

    /// <summary>The outputs of the trees are averaged, not summed.</summary>
    public bool Averages { get; set; }

    /// <summary>The number of classes of each target; 1 for a number.</summary>
    public int[] Classes { get; set; } = [];

    /// <summary>Of the vectors in leaves: targets, classes.</summary>
    public int[] LeafShape { get; set; } = [];

    /// <summary>The target each tree adds to; -1 for all.</summary>
    public int[] TreeTargets { get; set; } = [];

    /// <summary>The class each tree adds to; -1 for all.</summary>
    public int[] TreeClasses { get; set; } = [];

    public string Postprocessor { get; set; } = "";

    /// <summary>The factor of <c>sigmoid</c> and <c>multiclass_ova</c>.</summary>
    public float SigmoidAlpha { get; set; }

    /// <summary>The divisor of <c>exponential_standard_ratio</c>.</summary>
    public float RatioC { get; set; }

    /// <summary>Added to the margins: one for all, or targets × the most classes of any.</summary>
    public double[] BaseScores { get; set; } = [];

    public List<TreeliteTree> Trees { get; } = [];
}

internal enum TreeliteTask : byte
{
    BinaryClassifier,
    Regressor,
    MulticlassClassifier,
    LearningToRank,
    IsolationForest,
}

/// <param name="Nodes">By number; 0 is the root.</param>
/// <param name="LeafVectors">The vectors of all leaves, one after another.</param>
/// <param name="Categories">The categories of all splits, one list after another.</param>
internal sealed record TreeliteTree(TreeliteNode[] Nodes, double[] LeafVectors, uint[] Categories);

internal struct TreeliteNode
{
    public TreeliteNodeKind Kind;
    public TreeliteOperator Operator;
    public bool DefaultLeft;

    /// <summary>The categories go right, else left.</summary>
    public bool CategoriesGoRight;
    public int Left;
    public int Right;
    public int Feature;

    /// <summary>The number of the node in the file: leaves that are copies keep it.</summary>
    public int Id;

    /// <summary>The threshold, or the value of a leaf without a vector.</summary>
    public double Value;
    public ulong VectorBegin;
    public ulong VectorEnd;
    public ulong CategoryBegin;
    public ulong CategoryEnd;

    /// <summary>NaN where it is not known.</summary>
    public double Cover;
    public double Gain;
}

internal enum TreeliteNodeKind : byte
{
    Leaf,
    NumericalTest,
    CategoricalTest,
}

/// <summary>The test <c>feature operator threshold</c> that sends a row left.</summary>
internal enum TreeliteOperator : byte
{
    None,
    Equal,
    LessThan,
    AtMost,
    GreaterThan,
    AtLeast,
}
