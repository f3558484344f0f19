using Slipway.Models.Graph;

namespace Slipway.Benchmarks.Onnx;

/// <summary>Networks of sequences.</summary>
internal static class SequenceNetworks
{
    public const int Steps = 50;
    public const int StepWidth = 64;
    public const int Width = 384;

    /// <summary>One layer of 128 hidden values over [steps, rows, 64].</summary>
    public static ModelDefinition Lstm()
    {
        const int Hidden = 128;
        var n = new NetworkBuilder("lstm");
        var x = n.Input("x", DataType.Float32, Steps, NetworkBuilder.Rows, StepWidth);
        var outputs = n.Nodes("", "LSTM", [x, n.Weights(6 * Hidden, 1, 4 * Hidden, StepWidth), n.Weights(6 * Hidden, 1, 4 * Hidden, Hidden), n.Uniform(0, 0.1f, 1, 8 * Hidden)], 3, [("hidden_size", (long)Hidden)]);
        foreach (var output in outputs) n.Output(output);
        return n.Build();
    }

    /// <summary>The encoder of BERT (Devlin and others, 2018) with six layers, six heads and 1536 inner values, over embeddings [rows, tokens, 384]; gelu by Erf.</summary>
    /// <param name="isQuantized">Its dense layers are <see cref="QuantizedNetworks.Dense"/>.</param>
    public static ModelDefinition Transformer(bool isQuantized)
    {
        const int Layers = 6;
        const int Heads = 6;
        const int Inner = 4 * Width;
        var n = new NetworkBuilder(isQuantized ? "transformer-int8" : "transformer");
        var x = n.Input("x", DataType.Float32, NetworkBuilder.Rows, NetworkBuilder.Tokens, Width);
        var split = n.Integers(0, 0, Heads, Width / Heads);
        var join = n.Integers(0, 0, Width);
        var (root, half, one, two) = (n.Scalar(MathF.Sqrt(Width / Heads)), n.Scalar(0.5f), n.Scalar(1), n.Scalar(MathF.Sqrt(2)));
        for (var layer = 0; layer < Layers; layer++)
        {
            var query = Head(x, 0, 2, 1, 3);
            var key = Head(x, 0, 2, 3, 1);
            var value = Head(x, 0, 2, 1, 3);
            var scores = n.Node("Softmax", [n.Node("Div", [n.Node("MatMul", [query, key]), root])], ("axis", -1L));
            var mixed = n.Node("Reshape", [n.Node("Transpose", [n.Node("MatMul", [scores, value])], ("perm", Order(0, 2, 1, 3))), join]);
            x = Norm(n.Node("Add", [Linear(mixed, Width, Width), x]));
            var inner = Linear(x, Width, Inner);
            var gelu = n.Node("Mul", [n.Node("Mul", [inner, n.Node("Add", [n.Node("Erf", [n.Node("Div", [inner, two])]), one])]), half]);
            x = Norm(n.Node("Add", [Linear(gelu, Inner, Width), x]));
        }
        n.Output(x);
        return n.Build();

        string Linear(string input, int from, int to) => isQuantized ? QuantizedNetworks.Dense(n, input, from, to) : n.Node("Add", [n.Node("MatMul", [input, n.Weights(2 * from, from, to)]), n.Uniform(0, 0.1f, to)]);
        string Head(string input, params ReadOnlySpan<long> order) => n.Node("Transpose", [n.Node("Reshape", [Linear(input, Width, Width), split])], ("perm", Order(order)));
        string Norm(string input) => n.Node("LayerNormalization", [input, n.Uniform(1, 0.2f, Width), n.Uniform(0, 0.1f, Width)], ("axis", -1L), ("epsilon", 1e-5f));
    }

    /// <summary>Square products one after another, whose weights take <paramref name="megabytes"/> in all.</summary>
    public static ModelDefinition Products(int megabytes)
    {
        const int Size = 1024;
        var n = new NetworkBuilder("products");
        var x = n.Input("x", DataType.Float32, NetworkBuilder.Rows, Size);
        for (var layer = 0; layer < megabytes / (Size * Size * sizeof(float) / (1 << 20)); layer++)
        {
            var weights = n.Weights(Size, Size, Size);
            x = layer % 2 == 0 ? n.Node("Gemm", [x, weights, n.Uniform(0, 0.1f, Size)]) : n.Node("Relu", [n.Node("MatMul", [x, weights])]);
        }
        n.Output(x);
        return n.Build();
    }

    private static System.Collections.Immutable.ImmutableArray<long> Order(params ReadOnlySpan<long> axes) => [.. axes];
}
