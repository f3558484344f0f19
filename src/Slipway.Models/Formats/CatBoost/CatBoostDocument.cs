namespace Slipway.Models.Formats.CatBoost;

/// <summary>What a CatBoost file says, in either encoding, before its parts are checked against each other.</summary>
internal sealed class CatBoostDocument
{
    /// <summary>Values of a leaf.</summary>
    public int Dimensions { get; set; } = 1;

    public List<FloatFeature> FloatFeatures { get; } = [];

    public List<CategoricalFeature> CategoricalFeatures { get; } = [];

    public List<OneHotFeature> OneHotFeatures { get; } = [];

    public List<CtrFeature> CtrFeatures { get; } = [];

    /// <summary>Counts of the training rows, by what their CTR features call them.</summary>
    public Dictionary<string, CtrTable> CtrTables { get; } = [];

    /// <summary>There are features computed from texts or embeddings, and borders on them.</summary>
    public bool HasEstimatedFeatures { get; set; }

    /// <summary>What the file holds that cannot be run.</summary>
    public List<string> Unsupported { get; } = [];

    /// <summary>The splits of each tree, from its first level: of symmetric trees a level, of others a node each. A split is its number in the order of all borders and values.</summary>
    public int[] Splits { get; set; } = [];

    /// <summary>Splits of each tree.</summary>
    public int[] TreeSizes { get; set; } = [];

    /// <summary>The children of each node, when trees are not symmetric.</summary>
    public StepNode[]? Nodes { get; set; }

    /// <summary>Tree by tree, leaf by leaf, dimension by dimension.</summary>
    public double[] LeafValues { get; set; } = [];

    /// <summary>Training rows in each leaf; may be empty.</summary>
    public double[] LeafWeights { get; set; } = [];

    /// <summary>Sums of leaves are multiplied by it.</summary>
    public double Scale { get; set; } = 1;

    /// <summary>Added after that: by dimension, or one for the only dimension; empty for zeros.</summary>
    public double[] Bias { get; set; } = [];

    /// <summary>Parameters, labels and the like: texts, many of which are JSON.</summary>
    public Dictionary<string, string> Info { get; } = [];
}

/// <summary>What a missing number compares as.</summary>
internal enum NanTreatment : byte
{
    /// <summary>NaN, which is above no border.</summary>
    AsIs,

    /// <summary>Minus infinity.</summary>
    AsFalse,

    /// <summary>Infinity.</summary>
    AsTrue,
}

/// <param name="Index">Among the numbers.</param>
/// <param name="FlatIndex">Among all features.</param>
/// <param name="Name">May be empty.</param>
/// <param name="Borders">A split says that the value is above one of them.</param>
internal sealed record FloatFeature(int Index, int FlatIndex, string Name, float[] Borders, bool HasNans, NanTreatment Nan)
{
    /// <summary>A missing value is above every finite border. The treatment holds only where training had missing values.</summary>
    public bool NanIsAbove => HasNans && Nan == NanTreatment.AsTrue;
}

/// <param name="Index">Among the categorical features.</param>
/// <param name="FlatIndex">Among all features.</param>
/// <param name="Name">May be empty.</param>
internal sealed record CategoricalFeature(int Index, int FlatIndex, string Name);

/// <param name="CategoricalFeature">Its index among the categorical ones.</param>
/// <param name="Values">Hashes; a split says that the category's is one of them.</param>
/// <param name="Texts">What was hashed, where the file tells.</param>
internal sealed record OneHotFeature(int CategoricalFeature, int[] Values, string[] Texts);

/// <summary>A node of a tree that is not symmetric.</summary>
/// <param name="Left">The node where the split does not hold, from the tree's first; -1: this is the leaf.</param>
/// <param name="Right">The node where it holds.</param>
/// <param name="Leaf">The first of the leaf's values, when it is one to either side.</param>
internal readonly record struct StepNode(int Left, int Right, uint Leaf)
{
    public bool IsLeaf => Left < 0 && Right < 0;
}
