namespace Slipway.Conformance.Pmml;

/// <summary>One line of a manifest. The paths are absolute.</summary>
/// <param name="Columns">The outputs that are compared.</param>
internal sealed record SuiteCase(string Id, string Model, string Input, string Expected, IReadOnlyList<string> Columns, Equivalence Equivalence);

/// <summary>A perturbed table of a case, with the reference engine's answers.</summary>
/// <param name="Case">What the suite's manifest says of the model; null when it does not have the case, which then fails.</param>
/// <param name="Rows">Rows that a manifest promises; null when none does.</param>
internal sealed record PerturbedCase(string Id, SuiteCase? Case, string Input, string Expected, int? Rows);
