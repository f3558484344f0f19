using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Onnx;

/// <summary>Small models for the tests of the runtime and of its tools.</summary>
internal static class OnnxModels
{
    public static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Models", "OnnxRuntime", "fixtures", name + ".onnx");

    public static NodeDefinition Node(string op, string[] inputs, string[] outputs, params AttributeDefinition[] attributes) =>
        new("", op.Contains("::", StringComparison.Ordinal) ? op[..op.IndexOf(':', StringComparison.Ordinal)] : "", op[(op.LastIndexOf(':') + 1)..], "", [.. inputs], [.. outputs], [.. attributes]);

    public static ModelDefinition Model(NodeDefinition[] nodes, ValueDefinition[] inputs, ValueDefinition[] outputs, params InitializerDefinition[] initializers) =>
        new("onnx", new GraphDefinition("g", [.. nodes], [.. inputs], [.. outputs], [.. initializers], []), new Dictionary<string, long> { [""] = 17 }, [], new ModelMetadata(8, "", "", "", 0, "", []), ["n"]);

    public static ValueDefinition Floats(string name, params long[] shape) => new(name, new TensorType(DataType.Float32, Shape.Of(shape)));

    /// <summary>A convolution with an activation, a mean over the image, a layer: [n, 2, 6, 6] to [n, 3].</summary>
    public static ModelDefinition Network()
    {
        var random = new Random(7);
        return Model(
            [
                Node("Conv", ["x", "w1", "b1"], ["c"]),
                Node("Relu", ["c"], ["r"]),
                Node("GlobalAveragePool", ["r"], ["p"]),
                Node("Flatten", ["p"], ["f"]),
                Node("MatMul", ["f", "w2"], ["m"]),
                Node("Add", ["m", "b2"], ["y"]),
            ],
            [Floats("x", -1, 2, 6, 6)], [Floats("y", -1, 3)],
            Weights("w1", 4, 2, 3, 3), Weights("b1", 4), Weights("w2", 4, 3), Weights("b2", 3));

        InitializerDefinition Weights(string name, params long[] shape)
        {
            var tensor = new TensorValue(DataType.Float32, shape);
            foreach (ref var weight in tensor.Values<float>()) weight = (float)(random.NextDouble() - 0.5);
            return new InitializerDefinition(name, tensor);
        }
    }

    public static string Write(DirectoryInfo folder, ModelDefinition model, string name = "model.onnx")
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllBytes(path, OnnxWriter.ToArray(model));
        return path;
    }
}
