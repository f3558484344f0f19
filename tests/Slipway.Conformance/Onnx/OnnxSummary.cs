using System.Globalization;

namespace Slipway.Conformance.Onnx;

/// <summary>Counts failures by operator and reason, and skips by reason.</summary>
internal static class OnnxSummary
{
    public static void Write(IReadOnlyCollection<OnnxOutcome> outcomes, TextWriter output)
    {
        Write("failed", "operators", outcomes.Where(o => o.Verdict == "failed"), o => $"{o.Kind}: {o.Operators}", output);
        Write("skipped", "reason", outcomes.Where(o => o.Verdict == "skipped"), o => o.Kind, output);
    }

    private static void Write(string verdict, string what, IEnumerable<OnnxOutcome> outcomes, Func<OnnxOutcome, string> key, TextWriter output)
    {
        var groups = outcomes.GroupBy(key).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).ToArray();
        if (groups.Length == 0) return;
        output.WriteLine($"{verdict}, by {what}:");
        foreach (var group in groups) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{group.Count(),6}  {group.Key}"));
    }
}
