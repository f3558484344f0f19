using Slipway.Conformance;
using Slipway.Conformance.Models;
using Slipway.Core;
using Slipway.Models.OnnxRuntime;
using Slipway.Models.Trees;
using Slipway.Tests.Models.XGBoost;

namespace Slipway.Tests.Models;

/// <summary>The kit finds each fault it is there for, and passes runtimes of different kinds.</summary>
public class ModelChecksTests
{
    private const string Model = "softprob.json";

    [Fact]
    public void A_runtime_without_fault_passes() => ModelChecks.Run(new FaultyRuntime(), GoldenFiles.PathOf(Model), () => GoldenFiles.Inputs(Model));

    [Fact]
    public void The_native_runtime_passes_the_same_kit()
    {
        if (!OnnxRuntimeRuntime.IsAvailable) Assert.Skip("the native onnxruntime is absent: npm ci --ignore-scripts in native/ brings it");
        var fixtures = Path.Combine(AppContext.BaseDirectory, "Models", "OnnxRuntime", "fixtures");
        float[] values = [.. Enumerable.Range(0, 36).Select(i => i * 0.37f)];
        ModelChecks.Run(new OnnxRuntimeRuntime(), Path.Combine(fixtures, "linear.onnx"), () => new Batch(Tensor.Of<float>("x", values, 9, 4)), batchTolerance: 1e-5);
        ModelChecks.Run(new OnnxRuntimeRuntime(), Path.Combine(fixtures, "zipmap.onnx"), () => new Batch(Tensor.Of("x", [1f, 2f, -3f, 0.5f, 0f, 0f], 3, 2)), batchTolerance: 1e-5);
    }

    [Fact]
    public void Each_fault_is_found()
    {
        Finds("Run changed its inputs", new FaultyRuntime { Run = (model, inputs) => { inputs[0].Values<float>()[0] = 5; return model.Run(inputs); } });
        Finds("a repeated call gave another result", new FaultyRuntime { Run = Drifting() });
        Finds("row 0 scored alone gave another result", new FaultyRuntime { Run = (model, inputs) => Changed(model.Run(inputs), o => o.Values<float>()[0] += inputs.Rows) });
        Finds("an empty batch gave", new FaultyRuntime { Run = (model, inputs) => inputs.Rows == 0 ? new Batch(new Tensor("prediction", ElementType.Float32, 1, 4)) : model.Run(inputs) });
        Finds("output 0 is called 'other'", new FaultyRuntime { Run = (model, inputs) => Changed(model.Run(inputs), null, "other") });
        Finds("FP64", new FaultyRuntime { Run = (model, inputs) => new Batch(new Tensor("prediction", ElementType.Float64, inputs.Rows, 4)) });
        Finds("does not fit the signature", new FaultyRuntime { Run = (_, inputs) => new Batch(new Tensor("prediction", ElementType.Float32, inputs.Rows)) });
        Finds("RecordException expected, found KeyNotFoundException", new FaultyRuntime { Run = (model, inputs) => inputs.TryGet("input", out _) ? model.Run(inputs) : throw new KeyNotFoundException("input") });
        Finds("the message does not name the input", new FaultyRuntime { Run = (model, inputs) => inputs.TryGet("input", out _) ? model.Run(inputs) : throw new RecordException("no") });
        Finds("Run after Dispose", new FaultyRuntime { IgnoresDispose = true });
        Finds("Open of a file cut to 80 %: ModelException expected, found no error", new FaultyRuntime { OpensAnything = true });
        Finds("CanOpen is true for an empty file", new FaultyRuntime { Claims = (_, _) => true });
        Finds("CanOpen is false for", new FaultyRuntime { Claims = (_, _) => false });
        Finds("different signatures", new FaultyRuntime { Signature = s => s with { Outputs = [s.Outputs[0], s.Outputs[0] with { Name = "more" }] } });
        Finds("repeats a name", new FaultyRuntime { Signature = s => s with { Outputs = [s.Outputs[0], s.Outputs[0]] } });
    }

    private static void Finds(string fault, FaultyRuntime runtime)
    {
        var error = Assert.Throws<ConformanceException>(() => ModelChecks.Run(runtime, GoldenFiles.PathOf(Model), () => GoldenFiles.Inputs(Model)));
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    private static Func<IModel, Batch, Batch> Drifting()
    {
        var calls = 0;
        return (model, inputs) => Changed(model.Run(inputs), o => o.Values<float>()[0] += Interlocked.Increment(ref calls));
    }

    private static Batch Changed(Batch outputs, Action<Tensor>? change, string? name = null)
    {
        if (outputs[0].Count > 0) change?.Invoke(outputs[0]);
        if (name is not null) outputs.Rename(outputs[0].Name, name);
        return outputs;
    }

    /// <summary>The trees runtime with one fault.</summary>
    private sealed class FaultyRuntime : IRuntime
    {
        private readonly TreesRuntime _trees = new();

        public Func<IModel, Batch, Batch> Run { get; init; } = (model, inputs) => model.Run(inputs);

        public Func<string, byte[], bool>? Claims { get; init; }

        public Func<Signature, Signature> Signature { get; init; } = s => s;

        public bool IgnoresDispose { get; init; }

        public bool OpensAnything { get; init; }

        public string Name => _trees.Name;

        public bool CanOpen(string fileName, ReadOnlySpan<byte> head) => Claims?.Invoke(fileName, head.ToArray()) ?? _trees.CanOpen(fileName, head);

        public ModelDescription Describe(string path) => _trees.Describe(path);

        public IModel Open(string path, RuntimeOptions options)
        {
            try
            {
                return new FaultyModel(this, _trees.Open(path, options));
            }
            catch (ModelException) when (OpensAnything && File.Exists(path) && new FileInfo(path).Length > 20_000)
            {
                return new FaultyModel(this, _trees.Open(GoldenFiles.PathOf(Model), options));
            }
        }

        private sealed class FaultyModel(FaultyRuntime runtime, IModel model) : IModel
        {
            public Signature Signature => runtime.Signature(model.Signature);

            public Batch Run(Batch inputs) => runtime.Run(model, inputs);

            public void Dispose()
            {
                if (!runtime.IgnoresDispose) model.Dispose();
            }
        }
    }
}
