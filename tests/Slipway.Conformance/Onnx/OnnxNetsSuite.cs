using Slipway.Conformance.Pmml;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;
using Slipway.Models.OnnxRuntime;

namespace Slipway.Conformance.Onnx;

/// <summary>
/// Whole models. Where something is expected, it is judged. All others are opened and run on inputs made from their signature,
/// and compared with the other runtime when it is there: that is told, but counts as skipped.
/// </summary>
internal static class OnnxNetsSuite
{
    /// <summary>Two runtimes agree within this.</summary>
    private static readonly Tolerance Agreement = new(1e-3, 1e-5);

    public static OnnxOutcome Run(OnnxCase net, IOnnxEngine engine)
    {
        var operators = "?";
        ValueComparison? comparison = null;
        var stage = "not read";
        try
        {
            var model = OnnxReader.Read(net.Model);
            var traits = new ModelTraits(model);
            operators = OnnxBackendSuite.TextOf(traits);
            stage = "no data";
            var (sets, voice) = (NetExpectations.Of(net, model), VoiceActivity.Of(net));
            if (sets.Count == 0 && voice is null) return Explore(net, model, engine, operators);
            stage = "not opened";
            using var digest = new OutputDigest();
            var difference = TimeLimit.Run(OnnxBackendSuite.Limit, cancellation =>
            {
                using var opened = engine.Open(net.Model, model);
                stage = "run";
                foreach (var set in sets)
                {
                    comparison = new ValueComparison(set.Tolerance, traits.IsRandom(set.Inputs));
                    var outputs = opened.Run(set.Inputs, cancellation);
                    if (!traits.IsRandom(set.Inputs)) digest.Append(outputs);
                    if (OnnxOutcome.Compare(comparison, model, set, outputs) is { } found) return found with { Text = $"{set.Name}: {found.Text}" };
                }
                return voice?.Judge(opened, comparison = new ValueComparison(Agreement), digest, cancellation);
            });
            var outcome = difference is null
                ? OnnxOutcome.Passed(net.Id, operators, comparison!.Worst)
                : OnnxOutcome.Failed(net.Id, operators, difference.Kind, difference.Text, comparison!.Worst);
            return outcome with { Digest = digest.ToString() };
        }
        catch (Exception e) when (stage == "not read")
        {
            return OnnxOutcome.Skipped(net.Id, operators, "no expectation: not read", PmmlSuite.Describe(e));
        }
        catch (Exception e)
        {
            return OnnxOutcome.Failed(net.Id, operators, e is TimeoutException ? "time limit" : stage, PmmlSuite.Describe(e));
        }
    }

    private static OnnxOutcome Explore(OnnxCase net, ModelDefinition model, IOnnxEngine engine, string operators)
    {
        var answer = Answer(net, model, engine);
        IOnnxEngine? other = engine is not GraphEngine ? new GraphEngine() : OnnxRuntimeRuntime.IsAvailable ? new NativeEngine() : null;
        if (other is null) return Skipped(answer.Fault ?? "runs", "");
        var reference = Answer(net, model, other);
        if (answer.Outputs is null || reference.Outputs is null)
        {
            var (ours, theirs) = (answer.Fault ?? "runs", reference.Fault ?? "runs");
            return Skipped($"{ours}; with {other.Name}: {theirs}", $"{answer.Reason}; {other.Name}: {reference.Reason}");
        }
        if (answer.Symbol != reference.Symbol) return Skipped($"runs; with {other.Name}: runs, on other sizes", "");
        var comparison = new ValueComparison(Agreement, new ModelTraits(model).IsRandom(answer.Inputs!));
        for (var i = 0; i < reference.Outputs.Length; i++)
        {
            if (comparison.Of($"output '{model.Graph.Outputs[i].Name}'", reference.Outputs[i], answer.Outputs[i]) is { } difference) return Skipped($"differs from {other.Name}", difference.Text);
        }
        return Skipped($"agrees with {other.Name}", "");

        OnnxOutcome Skipped(string kind, string reason) => OnnxOutcome.Skipped(net.Id, operators, $"no expectation: {kind}", reason) with { Digest = DigestOf(answer.Outputs) };

        string DigestOf(Value[]? outputs)
        {
            if (outputs is null || new ModelTraits(model).IsRandom(answer.Inputs!)) return "";
            using var digest = new OutputDigest();
            digest.Append(outputs);
            return digest.ToString();
        }
    }

    private sealed record Explored(int Symbol, Dictionary<string, Value>? Inputs, Value[]? Outputs, string? Fault, string Reason);

    /// <summary>A run with open dimensions of 1, or of 2 and 3 where that does not suit.</summary>
    private static Explored Answer(OnnxCase net, ModelDefinition model, IOnnxEngine engine)
    {
        var stage = "not opened";
        Explored? first = null;
        for (var symbol = 1; symbol <= 3; symbol++)
        {
            try
            {
                var inputs = new InputGenerator(seed: 1, symbol).Of(model);
                var outputs = TimeLimit.Run(OnnxBackendSuite.Limit, cancellation =>
                {
                    using var opened = engine.Open(net.Model, model);
                    stage = "not run";
                    return opened.Run(inputs, cancellation);
                });
                return new Explored(symbol, inputs, outputs, null, "");
            }
            catch (Exception e)
            {
                first ??= new Explored(symbol, null, null, e is TimeoutException ? "time limit" : stage, PmmlSuite.Describe(e));
                if (stage == "not opened") break;
            }
        }
        return first!;
    }
}
