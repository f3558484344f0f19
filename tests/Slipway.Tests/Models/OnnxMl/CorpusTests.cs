using Slipway.Core;
using Slipway.Models;
using Slipway.Models.OnnxRuntime;
using Slipway.Models.Packages;
using Slipway.Models.Trees;

namespace Slipway.Tests.Models.OnnxMl;

/// <summary>Models of other projects (corpora <c>onnx-backend</c> and <c>onnx-nets</c>).</summary>
public class CorpusTests
{
    [Theory]
    [InlineData("test_ai_onnx_ml_tree_ensemble_set_membership")]
    [InlineData("test_ai_onnx_ml_tree_ensemble_single_tree")]
    public void The_backend_cases_of_the_standard_pass(string name)
    {
        var folder = Path.Combine(Corpus("onnx-backend"), "v1.22.0", "node", name);
        var path = Path.Combine(folder, "model.onnx");
        Assert.IsType<TreesRuntime>(Runtimes.Default.Detect(path));
        using var model = new TreesRuntime().Open(path, RuntimeOptions.Default);
        var (inputs, outputs) = TestDataSets.Read(Path.Combine(folder, "test_data_set_0"), model.Signature);
        using (inputs)
        using (outputs)
        using (var answer = model.Run(inputs))
        {
            Assert.Equal(outputs[0].ToString(), answer[0].ToString());
            for (var i = 0; i < outputs[0].Count; i++) Assert.Equal(outputs[0].NumberAt(i), answer[0].NumberAt(i), 1e-3 * Math.Max(1e-4, Math.Abs(outputs[0].NumberAt(i))));
        }
    }

    [Theory]
    [InlineData("onnx-nets", "ortdata_tree_ensemble_as_tensor")]
    [InlineData("onnx-nets", "sklearnonnx_treecl2")]
    [InlineData("onnx-nets", "sklearnonnx_treecl3")]
    [InlineData("onnx-nets", "csharp_model_181031_12")]
    [InlineData("onnx-backend", "v1.22.0/node/test_ai_onnx_ml_tree_ensemble_set_membership")]
    [InlineData("onnx-backend", "v1.22.0/node/test_ai_onnx_ml_tree_ensemble_single_tree")]
    public void Files_of_converters_answer_as_in_the_native_runtime(string corpus, string name)
    {
        var path = Path.Combine(Corpus(corpus), name, "model.onnx");
        if (!OnnxRuntimeRuntime.IsAvailable) Assert.Skip(Native.Absent);
        Assert.IsType<TreesRuntime>(Runtimes.Default.Detect(path));
        Signature signature;
        using (var model = new TreesRuntime().Open(path, RuntimeOptions.Default)) signature = model.Signature;
        for (var seed = 0; seed < 20; seed++)
        {
            using var inputs = RandomInputs(signature, seed);
            Native.Compare(path, inputs);
        }
    }

    [Fact]
    public void Graphs_of_other_operators_are_left_to_the_native_runtime()
    {
        var declined = 0;
        foreach (var path in Directory.GetFiles(Corpus("onnx-nets"), "model.onnx", SearchOption.AllDirectories))
        {
            if (path.Contains("tree", StringComparison.Ordinal) || path.Contains("181031", StringComparison.Ordinal)) continue;
            Assert.IsNotType<TreesRuntime>(Runtimes.Default.TryDetect(path));
            declined++;
        }
        Assert.InRange(declined, 20, int.MaxValue);
    }

    private static Batch RandomInputs(Signature signature, int seed)
    {
        var random = new Random(seed);
        var inputs = new Batch();
        foreach (var input in signature.Inputs)
        {
            long[] shape = [.. input.Shape.Select((s, i) => s >= 0 ? s : i == 0 ? 5 : 20)];
            using var values = new Tensor(input.Name, ElementType.Float64, shape);
            foreach (ref var x in values.Values<double>()) x = Math.Round((random.NextDouble() * 12) - 4, input.Type is ElementType.Float32 or ElementType.Float64 ? random.Next(4) : 0);
            inputs.Add(values.ConvertTo(input.Type));
        }
        return inputs;
    }

    private static string Corpus(string name) => Corpora.Find(name);
}
