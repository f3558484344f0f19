using Slipway.Core;
using Slipway.Models;
using Slipway.Models.Formats.Pmml;
using Slipway.Models.Graph;
using Slipway.Models.Onnx;
using Slipway.Models.OnnxRuntime;
using Slipway.Models.Packages;
using Slipway.Models.Trees;
using static Slipway.Tests.Models.Onnx.OnnxModels;

namespace Slipway.Tests.Models.Onnx;

/// <summary>Fast math is asked for by the runtime's options, by model.yaml or on the command line, and by nothing else.</summary>
public sealed class FastMathOptionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-fast-math-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>A product of 16 and a scale of 0.1 after it.</summary>
    private string Path()
    {
        var random = new Random(5);
        var weights = new TensorValue(DataType.Float32, 16, 8);
        foreach (ref var weight in weights.Values<float>()) weight = random.NextSingle() - 0.5f;
        return Write(_folder, Model([Node("MatMul", ["x", "w"], ["p"]), Node("Mul", ["p", "s"], ["y"])], [Floats("x", -1, 16)], [Floats("y", -1, 8)], new InitializerDefinition("w", weights), new InitializerDefinition("s", TensorValue.Of([0.1f], []))));
    }

    private static float[] Answers(IModel model)
    {
        using (model)
        {
            float[] x = [.. Enumerable.Range(0, 48).Select(i => MathF.Sin(i))];
            using var inputs = new Batch(Tensor.Of<float>("x", x, 3, 16));
            using var outputs = model.Run(inputs);
            return outputs["y"].Values<float>().ToArray();
        }
    }

    [Fact]
    public void Answers_are_the_models_own_unless_it_is_asked_for()
    {
        var path = Path();
        var exact = Answers(new GraphRuntime().Open(path, RuntimeOptions.Default));
        var fast = Answers(new GraphRuntime().Open(path, new RuntimeOptions(FastMath: true)));
        Assert.NotEqual(exact, fast);
        for (var i = 0; i < exact.Length; i++) Assert.Equal(exact[i], fast[i], 1e-6);
        Assert.Equal(exact, Answers(ModelPackage.Open(path, Runtimes.Default).Load()));
        Assert.Equal(fast, Answers(ModelPackage.Open(path, Runtimes.Default).Load(OutputKind.Prediction, fastMath: true)));
        File.WriteAllText(System.IO.Path.Combine(_folder.FullName, "model.yaml"), "options: { fast-math: true }\n");
        Assert.Equal(fast, Answers(ModelPackage.Open(_folder.FullName, Runtimes.Default).Load()));
    }

    [Fact]
    public void Passes_are_printed_with_those_of_fast_math_when_asked()
    {
        using StringWriter exact = new(), fast = new();
        var path = Path();
        GraphPrinter.Print(path, GraphNotation.Text, passes: true, exact);
        GraphPrinter.Print(path, GraphNotation.Text, passes: true, fast, fastMath: true);
        Assert.DoesNotContain("fold-scales", exact.ToString());
        Assert.Contains("after fold-scales: 1 nodes", fast.ToString());
    }

    [Fact]
    public void Runtimes_that_have_none_refuse_it()
    {
        var path = Path();
        foreach (var runtime in (IRuntime[])[new OnnxRuntimeRuntime(), new TreesRuntime(), new PmmlRuntime()])
        {
            Assert.Equal($"model.onnx: fast math is asked for, but the runtime '{runtime.Name}' has none; 'onnx' has", Assert.Throws<ModelException>(() => runtime.Open(path, new RuntimeOptions(FastMath: true))).Message);
        }
    }

    [Fact]
    public void No_threads_mean_as_many_as_there_are_processors() => Assert.Equal(Environment.ProcessorCount, new GraphOptions(Threads: 0).Threads);
}
