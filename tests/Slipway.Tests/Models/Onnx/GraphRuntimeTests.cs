using Slipway.Conformance.Models;
using Slipway.Core;
using Slipway.Models;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;
using Slipway.Models.Onnx;
using Slipway.Models.OnnxRuntime;
using Slipway.Models.Packages;
using static Slipway.Tests.Models.Onnx.OnnxModels;

namespace Slipway.Tests.Models.Onnx;

/// <summary>The own engine behind the contract of all runtimes.</summary>
public sealed class GraphRuntimeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-graph-runtime-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_runtime_passes_the_kit_bit_for_bit()
    {
        float[] values = [.. Enumerable.Range(0, 36).Select(i => i * 0.37f)];
        ModelChecks.Run(new GraphRuntime(), Fixture("linear"), () => new Batch(Tensor.Of<float>("x", values, 9, 4)));
        ModelChecks.Run(new GraphRuntime(), Fixture("zipmap"), () => new Batch(Tensor.Of("x", [1f, 2f, -3f, 0.5f, 0f, 0f], 3, 2)));
        float[] images = [.. Enumerable.Range(0, 5 * 72).Select(i => MathF.Sin(i))];
        ModelChecks.Run(new GraphRuntime(), Write(_folder, Network()), () => new Batch(Tensor.Of<float>("x", images, 5, 2, 6, 6)));
    }

    [Fact]
    public void Known_operators_run_here_and_unknown_ones_on_the_native_runtime()
    {
        Assert.IsType<GraphRuntime>(Runtimes.Default.Detect(Fixture("linear")));
        if (!OnnxRuntimeRuntime.IsAvailable) Assert.Skip("the native onnxruntime is not on this machine");
        Assert.IsType<OnnxRuntimeRuntime>(Runtimes.Default.Detect(Unknown()));
        Assert.IsType<GraphRuntime>(Runtimes.Default.Only("onnx").Detect(Unknown()));
    }

    [Fact]
    public void Damaged_files_are_not_handed_on()
    {
        var path = Path.Combine(_folder.FullName, "cut.onnx");
        File.WriteAllBytes(path, File.ReadAllBytes(Fixture("linear"))[..^20]);
        Assert.StartsWith("cut.onnx: ", Assert.Throws<ModelException>(() => Runtimes.Default.Only("onnx").Detect(path).Open(path, RuntimeOptions.Default)).Message, StringComparison.Ordinal);
        Assert.IsNotType<OnnxRuntimeRuntime>(Runtimes.Default.Detect(path));
    }

    [Fact]
    public void Refusal_names_the_file_and_all_that_is_missing()
    {
        var message = Assert.Throws<ModelException>(() => new GraphRuntime().Open(Unknown(), RuntimeOptions.Default)).Message;
        Assert.StartsWith("unknown.onnx: ", message, StringComparison.Ordinal);
        Assert.Contains("operator my::First (version 1) is not known (at the node of 'a' (my::First) and 1 more)", message, StringComparison.Ordinal);
        Assert.Contains("operator Second (version 17) is not known", message, StringComparison.Ordinal);
        Assert.Contains(OnnxRuntimeRuntime.IsAvailable ? "--runtime onnxruntime" : "npm ci --ignore-scripts", message, StringComparison.Ordinal);
        Assert.Equal(2, new GraphRuntime().Describe(Unknown()).Unsupported.Length);
    }

    [Fact]
    public void Package_names_its_engine_and_the_call_overrules_it()
    {
        File.Copy(Fixture("linear"), Path.Combine(_folder.FullName, "model.onnx"));
        File.WriteAllText(Path.Combine(_folder.FullName, "model.yaml"), "runtime: onnxruntime\n");
        Assert.Equal("onnxruntime", ModelPackage.Open(_folder.FullName, Runtimes.Default).Runtime.Name);
        Assert.Equal("onnx", ModelPackage.Open(_folder.FullName, Runtimes.Default.Only("onnx")).Runtime.Name);
    }

    [Fact]
    public void Structure_is_the_model_with_empty_tensors()
    {
        var path = Write(_folder, Network());
        var (whole, structure) = (OnnxReader.Read(path).Graph, OnnxReader.ReadStructure(path).Graph);
        Assert.Equal(whole.Nodes.Select(n => n.ToString()), structure.Nodes.Select(n => n.ToString()));
        Assert.Equal(whole.Initializers.Select(i => (i.Name, i.Tensor.Element)), structure.Initializers.Select(i => (i.Name, i.Tensor.Element)));
        Assert.All(structure.Initializers, i => Assert.Equal(0, i.Tensor.Count));
        Assert.All(whole.Initializers, i => Assert.NotEqual(0, i.Tensor.Count));
    }

    private string Unknown()
    {
        var model = Model([Node("my::First", ["x"], ["a"]), Node("my::First", ["a"], ["b"]), Node("Relu", ["b"], ["c"]), Node("Second", ["c"], ["y"])], [Floats("x", -1, 4)], [Floats("y", -1, 4)]);
        return Write(_folder, model with { OperatorSets = new Dictionary<string, long> { [""] = 17, ["my"] = 1 } }, "unknown.onnx");
    }
}
