using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>How many nodes one walk may infer, those of bodies as often as they are walked: loops in loops multiply.</summary>
internal sealed class InferenceBudget
{
    private const int MaxNodes = 500_000;

    private int _nodes;

    /// <exception cref="ModelException">It is used up.</exception>
    public void Count()
    {
        if (++_nodes > MaxNodes) throw new ModelException($"bodies in bodies need the types of more than {MaxNodes} nodes: they are too deep") { IsUnsupported = true };
    }
}
