namespace Slipway.Monitoring.Drift;

/// <param name="Alpha">False-alarm rate of one look at all columns together (family-wise, by Holm).</param>
/// <param name="Bins">Bins of a numeric column, each with about as many rows of the reference.</param>
/// <param name="MaxCategories">Categories with a bin of their own; the others share one.</param>
/// <param name="NegligiblePsi">Below this nothing is drift however certain: with many rows the test sees differences that nobody would act on (0.02 is a shift by a seventh of a standard deviation).</param>
/// <param name="MinimumRows">Fewer rows in the reference or the window are not tested.</param>
public sealed record DriftOptions(double Alpha = 0.01, int Bins = 10, int MaxCategories = 20, double NegligiblePsi = 0.02, int MinimumRows = 100);
