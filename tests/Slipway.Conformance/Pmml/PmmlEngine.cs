namespace Slipway.Conformance.Pmml;

/// <summary>Slipway's PMML engine, as the suites ask it.</summary>
internal static class PmmlEngine
{
    public static ITableScorer Open(string path) => throw new ConformanceException("no engine");
}
