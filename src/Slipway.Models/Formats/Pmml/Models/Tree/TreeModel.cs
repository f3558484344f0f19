using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Models.Tree;

/// <summary>What a predicate that is unknown leads to (PMML 4.4.1, TreeModel: MISSING-VALUE-STRATEGY).</summary>
internal enum MissingValueStrategy : byte
{
    /// <summary>The next sibling, as if it were false.</summary>
    None,

    /// <summary>The node around is the result.</summary>
    LastPrediction,

    /// <summary>There is no result.</summary>
    NullPrediction,

    /// <summary>The child that the node around names.</summary>
    DefaultChild,

    /// <summary>All siblings that are not false, weighted by their records.</summary>
    WeightedConfidence,

    /// <summary>All leaves that may be reached, their records added up.</summary>
    AggregateNodes,
}

/// <summary>The element <c>TreeModel</c>, or <c>DecisionTree</c> inside another model (PMML 4.4.1, TreeModel).</summary>
internal sealed class TreeModel(ModelHeader header, MissingValueStrategy missing, double missingValuePenalty, bool returnsLastPrediction, TreeNodes nodes) : ModelElement(header)
{
    private static readonly Choices<MissingValueStrategy> Strategies = new(
        ("none", MissingValueStrategy.None), ("lastPrediction", MissingValueStrategy.LastPrediction), ("nullPrediction", MissingValueStrategy.NullPrediction),
        ("defaultChild", MissingValueStrategy.DefaultChild), ("weightedConfidence", MissingValueStrategy.WeightedConfidence), ("aggregateNodes", MissingValueStrategy.AggregateNodes));

    private static readonly Choices<bool> NoTrueChildStrategies = new(("returnNullPrediction", false), ("returnLastPrediction", true));

    public MissingValueStrategy Missing { get; } = missing;

    public double MissingValuePenalty { get; } = missingValuePenalty;

    /// <summary>Where no child's predicate holds, the node is the result if it has a score; else there is none.</summary>
    public bool ReturnsLastPrediction { get; } = returnsLastPrediction;

    public TreeNodes Nodes { get; } = nodes;

    public static TreeModel Read(ElementReader e)
    {
        var header = new ModelHeader(e);
        var missing = e.Choice("missingValueStrategy", Strategies, MissingValueStrategy.None);
        var penalty = e.Number("missingValuePenalty", 1);
        if (penalty is not (>= 0 and <= 1)) throw e.Fault($"missingValuePenalty=\"{e.Attribute("missingValuePenalty")}\" is outside 0…1");
        var returnsLastPrediction = e.Choice("noTrueChildStrategy", NoTrueChildStrategies, false);
        TreeNodes? nodes = null;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (!header.TryRead(e) && e.Name == "Node") nodes = new TreeNodesReader(e, missing >= MissingValueStrategy.WeightedConfidence).Read();
        }
        return new TreeModel(header, missing, penalty, returnsLastPrediction, nodes ?? throw header.Place.Fault("it has no Node"));
    }

    public override RowModel Bind(ModelScope scope) => new TreeBinder(this, scope).Bind();
}
