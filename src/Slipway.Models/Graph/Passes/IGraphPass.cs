namespace Slipway.Models.Graph;

/// <summary>A pure function that makes a graph cheaper to run and leaves its answers as they are.</summary>
internal interface IGraphPass
{
    /// <summary>What it is called when graphs are printed before and after it: <c>fold-constants</c>.</summary>
    string Name { get; }

    /// <summary>The graph itself when there is nothing to do.</summary>
    BoundGraph Apply(BoundGraph graph, SymbolSource symbols);
}
