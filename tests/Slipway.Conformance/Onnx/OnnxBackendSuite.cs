using Slipway.Conformance.Pmml;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;

namespace Slipway.Conformance.Onnx;

/// <summary>The standard's own suite: one case per operator and way to use it, with inputs and outputs in files. Whatever goes wrong is the case's failure.</summary>
internal static class OnnxBackendSuite
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static OnnxOutcome Run(OnnxCase suiteCase, IOnnxEngine engine)
    {
        var operators = "?";
        ValueComparison? comparison = null;
        var stage = "not read";
        try
        {
            var model = OnnxReader.Read(suiteCase.Model);
            var traits = new ModelTraits(model);
            operators = TextOf(traits);
            if (traits.RefusedDomain is { } domain) return OnnxOutcome.Skipped(suiteCase.Id, operators, $"domain {domain}", $"its operators are of {domain}");
            stage = "no data";
            var sets = DataSets(suiteCase, model);
            if (sets.Count == 0) throw new ConformanceException($"{suiteCase.Folder} has no test_data_set_0");
            stage = "not opened";
            using var digest = new OutputDigest();
            var difference = TimeLimit.Run(Limit, cancellation =>
            {
                using var opened = engine.Open(suiteCase.Model, model);
                foreach (var set in sets)
                {
                    stage = "run";
                    comparison = new ValueComparison(set.Tolerance, traits.IsRandom(set.Inputs));
                    var outputs = opened.Run(set.Inputs, cancellation);
                    if (!traits.IsRandom(set.Inputs)) digest.Append(outputs);
                    if (OnnxOutcome.Compare(comparison, model, set, outputs) is { } found) return found;
                }
                return null;
            });
            var outcome = difference is null
                ? OnnxOutcome.Passed(suiteCase.Id, operators, comparison!.Worst)
                : OnnxOutcome.Failed(suiteCase.Id, operators, difference.Kind, difference.Text, comparison!.Worst);
            return outcome with { Digest = digest.ToString() };
        }
        catch (Exception e)
        {
            return OnnxOutcome.Failed(suiteCase.Id, operators, e is TimeoutException ? "time limit" : stage, PmmlSuite.Describe(e));
        }
    }

    /// <summary>What a case is counted under: its operators, without those that only bring constants when there are others.</summary>
    public static string TextOf(ModelTraits traits)
    {
        string[] names = [.. traits.Operators.Where(o => o is not ("Constant" or "Identity"))];
        if (names.Length == 0) names = [.. traits.Operators];
        return names.Length <= 3 ? string.Join(' ', names) : $"{string.Join(' ', names[..3])} … ({names.Length})";
    }

    private static List<DataSet> DataSets(OnnxCase suiteCase, ModelDefinition model)
    {
        var sets = new List<DataSet>();
        foreach (var folder in Directory.EnumerateDirectories(suiteCase.Folder, "test_data_set_*").Order(StringComparer.Ordinal))
        {
            var set = DataSet.Read(folder, model, Tolerance.Standard);
            sets.Add(set.Inputs.Count > 0 ? set : set with { Inputs = Ramps(model) });
        }
        return sets;
    }

    /// <summary>The inputs of models that come without (<c>light/*</c>): from 0 up to 1 in equal steps.</summary>
    private static Dictionary<string, Value> Ramps(ModelDefinition model)
    {
        var inputs = new Dictionary<string, Value>(StringComparer.Ordinal);
        foreach (var input in DataSet.InputsOf(model))
        {
            if (input.Type is not TensorType { Element: DataType.Float32, Shape: { IsConcrete: true } shape }) throw new ConformanceException($"there is no file for input '{input.Name}', and {input.Type} cannot be computed");
            var tensor = new TensorValue(DataType.Float32, shape.Span);
            var values = tensor.Values<float>();
            for (var i = 0; i < values.Length; i++) values[i] = (float)((double)i / values.Length);
            inputs.Add(input.Name, tensor);
        }
        return inputs;
    }
}
