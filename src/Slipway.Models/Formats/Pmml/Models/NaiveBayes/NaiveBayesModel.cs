using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Models.NaiveBayes;

/// <summary>The element <c>NaiveBayesModel</c> (PMML 4.4.1, Naive Bayes).</summary>
internal sealed class NaiveBayesModel(ModelHeader header, double threshold, ImmutableArray<BayesInput> inputs, ImmutableArray<TargetValueCount> outputs) : ModelElement(header)
{
    public static NaiveBayesModel Read(ElementReader e)
    {
        var header = new ModelHeader(e);
        var threshold = e.RequireNumber("threshold");
        if (!(threshold >= 0)) throw e.Fault($"threshold=\"{threshold}\" is not 0 or more");
        var inputs = ImmutableArray.CreateBuilder<BayesInput>();
        ImmutableArray<TargetValueCount> outputs = [];
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (header.TryRead(e)) continue;
            if (e.Name == "BayesInputs") ReadInputs(e, inputs);
            else if (e.Name == "BayesOutput") outputs = ReadOutput(e);
        }
        if (inputs.Count == 0) throw header.Place.Fault("it has no BayesInput");
        if (outputs.IsEmpty) throw header.Place.Fault("it has no BayesOutput with TargetValueCounts");
        return new NaiveBayesModel(header, threshold, inputs.DrainToImmutable(), outputs);
    }

    public override RowModel Bind(ModelScope scope)
    {
        ImmutableArray<double> categories = [.. outputs.Select(o => scope.Category(o.Value, o.Place))];
        var indices = new Dictionary<double, int>();
        for (var i = 0; i < categories.Length; i++)
        {
            if (!indices.TryAdd(categories[i], i)) throw outputs[i].Place.Fault($"the category '{outputs[i].Value}' is there twice");
        }
        var result = scope.CategoryResult(categories);
        return new Rows.Bayes.NaiveBayes(result, [.. outputs.Select(o => Math.Log(o.Count))], [.. inputs.Select(i => i.Bind(scope, indices, threshold))]);
    }

    /// <summary>Before PMML 4.2, inputs with distributions stand in an Extension.</summary>
    private static void ReadInputs(ElementReader e, ImmutableArray<BayesInput>.Builder inputs)
    {
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "BayesInput") inputs.Add(BayesInput.Read(e));
            else if (e.Name == "Extension") ReadInputs(e, inputs);
        }
    }

    private static ImmutableArray<TargetValueCount> ReadOutput(ElementReader e)
    {
        ImmutableArray<TargetValueCount> counts = [];
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "TargetValueCounts") counts = TargetValueCount.ReadAll(e);
        }
        return counts;
    }
}
