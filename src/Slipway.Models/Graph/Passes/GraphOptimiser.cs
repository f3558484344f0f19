using System.Collections.Immutable;

namespace Slipway.Models.Graph;

/// <summary>Applies all passes in their order (stage <i>optimise</i>).</summary>
internal static class GraphOptimiser
{
    public static ImmutableArray<IGraphPass> Passes { get; } =
    [
        new RemoveNoOperations(),
        new FuseQuantized(),
        new FoldConstants(),
        new RemoveNoOperations(),
        new RecogniseActivations(),
        new RecogniseLayerNormalization(),
        new RecogniseAttention(),
        new PushTransposes(),
        new FoldTransposes(),
        new FoldBatchNormalization(),
        new RemoveDeadNodes(),
        new FuseEpilogues(),
        new RemoveDeadNodes(),
        new FuseElementwiseChains(),
    ];

    /// <param name="observe">Told the graph after every pass that changed it.</param>
    public static BoundGraph Optimise(BoundGraph graph, SymbolSource symbols, Action<string, BoundGraph>? observe = null)
    {
        foreach (var pass in Passes)
        {
            var better = pass.Apply(graph, symbols);
            if (!ReferenceEquals(better, graph)) observe?.Invoke(pass.Name, better);
            graph = better;
        }
        return graph;
    }
}
