namespace Slipway.Monitoring.Statistics;

/// <summary>The outcome of a test of "both samples come from the same distribution".</summary>
/// <param name="PValue">How often, without any difference, the statistic is at least this large.</param>
public readonly record struct TwoSampleTest(double Statistic, double PValue);
