using System.Collections.Immutable;

namespace Slipway.Models.Graph;

/// <summary>Applies all passes in their order (stage <i>optimise</i>).</summary>
internal static class GraphOptimiser
{
    public static ImmutableArray<IGraphPass> Passes { get; } = Order(false);

    /// <summary>With those that change the order in which numbers are rounded.</summary>
    public static ImmutableArray<IGraphPass> FastPasses { get; } = Order(true);

    /// <param name="fast">Lets passes change the last bits of answers: <see cref="GraphOptions.FastMath"/>.</param>
    /// <param name="observe">Told the graph after every pass that changed it.</param>
    public static BoundGraph Optimise(BoundGraph graph, SymbolSource symbols, bool fast = false, Action<string, BoundGraph>? observe = null)
    {
        foreach (var pass in fast ? FastPasses : Passes)
        {
            var better = pass.Apply(graph, symbols);
            if (!ReferenceEquals(better, graph)) observe?.Invoke(pass.Name, better);
            graph = better;
        }
        return graph;
    }

    private static ImmutableArray<IGraphPass> Order(bool fast) =>
    [
        new RemoveNoOperations(),
        new FuseQuantized(),
        new FoldConstants(),
        new RemoveNoOperations(),
        new ReplaceEinsum(),
        new RecogniseActivations(),
        new RecogniseLayerNormalization(),
        new RecogniseAttention(),
        new PushTransposes(acrossSums: fast),
        new FoldTransposes(),
        new FoldBatchNormalization(),
        new RemoveDeadNodes(),
        .. fast ? (IGraphPass[])[new ReassociateConstants(), new FoldScales()] : [],
        new FuseEpilogues(),
        new FuseQuantizedSums(),
        new RemoveDeadNodes(),
        new FuseElementwiseChains(),
    ];
}
