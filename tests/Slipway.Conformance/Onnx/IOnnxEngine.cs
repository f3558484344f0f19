using Slipway.Models.Graph;
using Slipway.Models.OnnxRuntime;

namespace Slipway.Conformance.Onnx;

/// <summary>Something that runs ONNX models.</summary>
internal interface IOnnxEngine
{
    string Name { get; }

    /// <param name="definition">What the file says.</param>
    IOnnxModel Open(string path, ModelDefinition definition);
}

internal interface IOnnxModel : IDisposable
{
    /// <summary>The graph's outputs, in its order.</summary>
    Value[] Run(IReadOnlyDictionary<string, Value> inputs, CancellationToken cancellation);
}

/// <summary>Slipway's own engine: <c>--runtime onnx</c>.</summary>
internal sealed class GraphEngine : IOnnxEngine
{
    public string Name => "onnx";

    public IOnnxModel Open(string path, ModelDefinition definition) => new Model(GraphModel.Compile(definition, GraphOptions.Default));

    private sealed class Model(GraphModel model) : IOnnxModel
    {
        public Value[] Run(IReadOnlyDictionary<string, Value> inputs, CancellationToken cancellation) => model.Run(inputs, cancellation);

        public void Dispose()
        {
        }
    }
}

/// <summary>The native ONNX Runtime: <c>--runtime onnxruntime</c>.</summary>
internal sealed class NativeEngine : IOnnxEngine
{
    public string Name => "onnxruntime";

    public IOnnxModel Open(string path, ModelDefinition definition) => new Model(OnnxRuntimeGraph.Open(path));

    private sealed class Model(OnnxRuntimeGraph graph) : IOnnxModel
    {
        public Value[] Run(IReadOnlyDictionary<string, Value> inputs, CancellationToken cancellation) => graph.Run(inputs);

        public void Dispose() => graph.Dispose();
    }
}

/// <summary>The engines by name.</summary>
internal static class OnnxEngines
{
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static IOnnxEngine Named(string name) => name switch
    {
        "onnx" => new GraphEngine(),
        "onnxruntime" => new NativeEngine(),
        _ => throw new UsageException($"--runtime is '{name}', onnx or onnxruntime was expected"),
    };
}
