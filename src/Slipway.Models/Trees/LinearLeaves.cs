using System.Collections.Immutable;

namespace Slipway.Models.Trees;

/// <summary>
/// Leaves with a linear model each (LightGBM's linear trees): constant + Σ coefficient × value, in the order given; where one of the values is missing, the
/// leaf's plain value in <see cref="TreeEnsemble.Thresholds"/> counts instead.
/// </summary>
/// <param name="Constants">One for each leaf.</param>
/// <param name="Starts">The first term of each leaf, and after the last leaf the number of terms.</param>
/// <param name="Features">Of the terms.</param>
/// <param name="Coefficients">Of the terms.</param>
public sealed record LinearLeaves(ImmutableArray<double> Constants, ImmutableArray<int> Starts, ImmutableArray<int> Features, ImmutableArray<double> Coefficients)
{
    public static LinearLeaves None { get; } = new([], [0], [], []);

    public int Count => Constants.Length;
}
