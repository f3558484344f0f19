using System.Collections.Immutable;

namespace Slipway.Models.Trees;

/// <summary>The nodes of an ensemble; see the properties of <see cref="TreeEnsemble"/> that have these names.</summary>
internal sealed record TreeNodes(
    ImmutableArray<int> Features,
    ImmutableArray<double> Thresholds,
    ImmutableArray<int> LeftChildren,
    ImmutableArray<bool> DefaultLeft,
    ImmutableArray<int> CategorySets,
    ImmutableArray<int> Ids,
    ImmutableArray<double> Covers,
    ImmutableArray<double> Gains)
{
    public TreeNodes First(int nodes) => new(
        Features[..nodes], Thresholds[..nodes], LeftChildren[..nodes], DefaultLeft[..nodes], CategorySets[..nodes], Ids.IsEmpty ? [] : Ids[..nodes],
        Covers.IsEmpty ? [] : Covers[..nodes], Gains.IsEmpty ? [] : Gains[..nodes]);
}
