using System.Collections.Immutable;

namespace Slipway.Models.Trees;

/// <summary>Splits of an ensemble, a column for each property: of its nodes, leaves among them, or of the levels of its symmetric trees.</summary>
/// <param name="Ensemble">Whose features and category sets they are by.</param>
/// <param name="Features">-1 at a leaf.</param>
/// <param name="Thresholds">Unused at leaves and with a set.</param>
/// <param name="DefaultLeft">Which way NaN goes.</param>
/// <param name="CategorySets">-1 at numeric splits and at leaves.</param>
internal sealed record SplitColumns(
    TreeEnsemble Ensemble, ImmutableArray<int> Features, ImmutableArray<double> Thresholds, ImmutableArray<bool> DefaultLeft, ImmutableArray<int> CategorySets);
