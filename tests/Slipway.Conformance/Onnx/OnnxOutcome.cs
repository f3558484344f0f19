using Slipway.Conformance.Pmml;
using Slipway.Models.Graph;

namespace Slipway.Conformance.Onnx;

/// <summary>What one case gave.</summary>
/// <param name="Kind">Why it failed or was skipped, in a few words, for counting; empty when it passed.</param>
/// <param name="Worst">The greatest difference in multiples of what is allowed.</param>
internal sealed record OnnxOutcome(string Id, string Verdict, string Operators, string Kind, string Reason, double Worst)
{
    /// <summary>Of the outputs' bits; empty where there are none, or where they are drawn at random.</summary>
    public string Digest { get; init; } = "";

    public static OnnxOutcome Passed(string id, string operators, double worst) => new(id, "passed", operators, "", "", worst);

    public static OnnxOutcome Failed(string id, string operators, string kind, string reason, double worst = 0) => new(id, "failed", operators, kind, reason, worst);

    public static OnnxOutcome Skipped(string id, string operators, string kind, string reason) => new(id, "skipped", operators, kind, reason, 0);

    /// <summary>A line of a report: id, status, operators, kind, worst, reason.</summary>
    public CaseResult ToResult()
    {
        var tally = Verdict switch { "passed" => new Tally(1, 0, 0), "failed" => new Tally(0, 1, 0), _ => new Tally(0, 0, 1) };
        return new CaseResult(Id, tally, $"{Operators}\t{Kind}\t{CaseResult.Number(Worst)}", Reason);
    }

    /// <summary>A difference that one run has from what was expected of it, or null.</summary>
    public static Difference? Compare(ValueComparison comparison, ModelDefinition model, DataSet set, Value[] outputs)
    {
        foreach (var expected in set.Outputs)
        {
            if (expected.Index >= outputs.Length) return new Difference("shape", $"{outputs.Length} outputs, {expected.Index + 1} were expected");
            if (comparison.Of($"output '{model.Graph.Outputs[expected.Index].Name}'", expected.For(outputs[expected.Index]), outputs[expected.Index]) is { } difference) return difference;
        }
        return null;
    }
}
