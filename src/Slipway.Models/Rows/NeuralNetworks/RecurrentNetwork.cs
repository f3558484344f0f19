using System.Collections.Immutable;

namespace Slipway.Models.Rows.NeuralNetworks;

/// <summary>
/// A network of which some neurons read neurons of later layers: their outputs for the record before, which are still in their slots. Before the first record
/// they are 0. A record without a result, for want of an input, leaves them as they were.
/// </summary>
/// <param name="memory">The slots of the neurons that are read before they are computed.</param>
internal sealed class RecurrentNetwork(FeedForwardNetwork network, ImmutableArray<int> memory) : WrappedModel(network)
{
    public override void Score(in Row row)
    {
        foreach (var slot in memory)
        {
            if (Cell.IsMissing(row[slot])) row[slot] = 0;
        }
        Model.Score(row);
    }

    public override void ScoreBlock(in RowBlock block)
    {
        for (var i = 0; i < block.Count; i++) Score(block[i]);
    }
}
