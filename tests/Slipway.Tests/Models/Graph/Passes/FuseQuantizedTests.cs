using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;
using Slipway.Models.OnnxRuntime;

namespace Slipway.Tests.Models.Engine;

/// <summary>
/// Quantized patterns are found, give the native runtime's integers, and differ from the unfused graph by at most one unit of the result (two for Softmax, whose scale is cut to a whole number of units).
/// What only looks like a pattern is left alone and then equals the unfused graph.
/// </summary>
public sealed class FuseQuantizedTests
{
    private const float ScaleX = 0.021f, ScaleW = 0.0073f, ScaleY = 0.047f;

    private sealed class Network(bool signed = false)
    {
        private readonly Random _random = new(3);

        private DataType Element { get; } = signed ? DataType.Int8 : DataType.UInt8;

        public GraphSource Source { get; } = new();

        /// <summary>An input that is quantized and dequantized: <c>name</c> is floats again.</summary>
        public Network Input(string name, params long[] shape) => Do(Source.Input(name + "_in", DataType.Float32, shape)).Through(name + "_in", name, ScaleX, signed ? 11 : 120);

        /// <summary>Constant integers, dequantized.</summary>
        public Network Weights(string name, bool perChannel, int axis, DataType element, params long[] shape)
        {
            var integers = new TensorValue(element, shape);
            _random.NextBytes(integers.Bytes);
            var count = perChannel ? (int)shape[axis] : 1;
            var scales = new TensorValue(DataType.Float32, perChannel ? [count] : []);
            for (var i = 0; i < count; i++) scales.Values<float>()[i] = ScaleW * (1 + i % 3);
            var zeros = new TensorValue(element, perChannel ? [count] : []);
            if (element == DataType.UInt8) zeros.Bytes.Fill(128);
            Source.Constant(name + "_q", integers).Constant(name + "_s", scales).Constant(name + "_z", zeros);
            return Do(perChannel ? Source.Node($"{name} = DequantizeLinear({name}_q, {name}_s, {name}_z)", ("axis", axis)) : Source.Node($"{name} = DequantizeLinear({name}_q, {name}_s, {name}_z)"));
        }

        /// <summary>A bias of int32 whose scales are those of the product with <paramref name="weights"/>.</summary>
        public Network Bias(string name, string weights, int count)
        {
            var integers = new TensorValue(DataType.Int32, count);
            foreach (ref var value in integers.Values<int>()) value = _random.Next(-9000, 9000);
            var of = Source.Graph.Initializers.Single(i => i.Name == weights + "_s").Tensor;
            var scales = new TensorValue(DataType.Float32, of.Shape);
            for (var i = 0; i < of.Count; i++) scales.Values<float>()[i] = ScaleX * of.Values<float>()[i];
            Source.Constant(name + "_q", integers).Constant(name + "_s", scales).Constant(name + "_z", new TensorValue(DataType.Int32, of.Shape));
            return Do(of.Rank == 0 ? Source.Node($"{name} = DequantizeLinear({name}_q, {name}_s, {name}_z)") : Source.Node($"{name} = DequantizeLinear({name}_q, {name}_s, {name}_z)", ("axis", 0)));
        }

        public Network Node(string call, params (string, object)[] attributes) => Do(Source.Node(call, attributes));

        public Network Constant(string name, TensorValue value) => Do(Source.Constant(name, value));

        public Network Through(string from, string to, float scale = ScaleY, int? zero = null) => Quantize(from, to + "_8", scale, zero).Node($"{to} = DequantizeLinear({to}_8, {to}_8s, {to}_8z)");

        public Network Quantize(string from, string to, float scale = ScaleY, int? zero = null)
        {
            var point = new TensorValue(Element, []);
            point.Bytes[0] = (byte)(zero ?? (signed ? -128 : 0));
            Source.Numbers(to + "s", scale).Constant(to + "z", point);
            return Node($"{to} = QuantizeLinear({from}, {to}s, {to}z)");
        }

        private Network Do(GraphSource source) => ReferenceEquals(source, Source) ? this : throw new InvalidOperationException();
    }

    /// <param name="within">Units that integers (or steps of <paramref name="step"/> that floats) may differ from the unfused graph.</param>
    /// <returns>The operators that are left.</returns>
    private static string Check(Network network, double within, float step = ScaleY, bool isNative = true)
    {
        var definition = network.Source.Model(version: 19);
        var model = GraphModel.Compile(definition, GraphOptions.Default);
        var plain = GraphModel.Compile(definition, new GraphOptions(Optimise: false));
        for (var seed = 0; seed < 3; seed++)
        {
            var random = new Random(seed);
            var inputs = definition.Graph.Inputs.ToDictionary(i => i.Name, Value (i) =>
            {
                var shape = i.Type!.AsTensor.Shape!.Span;
                var tensor = new TensorValue(i.Type.AsTensor.Element, shape);
                if (tensor.Element == DataType.Bool) foreach (ref var value in tensor.Values<byte>()) value = (byte)random.Next(2);
                else foreach (ref var value in tensor.Values<float>()) value = random.NextSingle() * 6 - 3;
                return tensor;
            });
            var found = model.Run(inputs);
            Compare(plain.Run(inputs), found, within * step, within);
            if (isNative && OnnxRuntimeRuntime.IsAvailable) Compare(Native(definition, inputs), found, 1e-6, 0);
        }
        return string.Join(' ', model.Graph.Nodes.Select(n => n.Info.Operator));
    }

    private static Value[] Native(ModelDefinition definition, Dictionary<string, Value> inputs)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "model.onnx");
            File.WriteAllBytes(path, OnnxWriter.ToArray(definition));
            using var native = OnnxRuntimeGraph.Open(path);
            return native.Run(inputs);
        }
        finally
        {
            folder.Delete(true);
        }
    }

    private static void Compare(Value[] expected, Value[] found, double floats, double integers)
    {
        for (var o = 0; o < expected.Length; o++)
        {
            var (a, b) = (expected[o].AsTensor, found[o].AsTensor);
            Assert.Equal(a.Element, b.Element);
            Assert.Equal(a.Shape, b.Shape);
            for (var i = 0; i < a.Count; i++)
            {
                var tolerance = a.Element == DataType.Float32 ? floats + (1e-6 * Math.Abs(a.NumberAt(i))) : integers;
                Assert.True(Math.Abs(a.NumberAt(i) - b.NumberAt(i)) <= tolerance, $"output {o}, element {i}: {b.NumberAt(i)}, {a.NumberAt(i)} was expected");
            }
        }
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(false, true, true)]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    public void A_convolution_with_its_bias_and_rectifier_becomes_QLinearConv(bool signed, bool signedWeights, bool perChannel)
    {
        var network = new Network(signed).Input("x", 2, 3, 9, 8).Weights("w", perChannel, 0, signedWeights || signed ? DataType.Int8 : DataType.UInt8, 4, 3, 3, 3).Bias("b", "w", 4)
            .Node("c = Conv(x, w, b)", ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 2, 1 })).Node("r = Relu(c)").Through("r", "y");
        network.Source.Output("y");
        Assert.Equal("QuantizeLinear QLinearConv DequantizeLinear", Check(network, 1));
    }

    [Fact]
    public void A_depthwise_convolution_becomes_QLinearConv_when_a_Clip_is_no_narrower_than_the_range()
    {
        var network = new Network().Input("x", 1, 6, 7, 7).Weights("w", true, 0, DataType.Int8, 6, 1, 3, 3).Constant("low", TensorValue.Of([0f], [])).Constant("high", TensorValue.Of([6f], []))
            .Node("c = Conv(x, w)", ("group", 6)).Node("r = Clip(c, low, high)").Through("r", "y", 6f / 255);
        network.Source.Output("y");
        Assert.Equal("QuantizeLinear QLinearConv DequantizeLinear", Check(network, 1, 6f / 255));
    }

    [Fact]
    public void A_bias_of_floats_is_rounded_to_the_units_of_the_product()
    {
        var network = new Network().Input("x", 1, 2, 5, 5).Weights("w", true, 0, DataType.Int8, 3, 2, 1, 1).Constant("b", TensorValue.Of([0.5f, -1.25f, 3])).Node("c = Conv(x, w, b)").Through("c", "y", zero: 128);
        network.Source.Output("y");
        Assert.Equal("QuantizeLinear QLinearConv DequantizeLinear", Check(network, 1, isNative: false));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(1, false)]
    public void Gemm_becomes_QGemm_whether_its_result_is_quantized_or_not(int transB, bool quantized)
    {
        var network = new Network(true).Input("x", 4, 13).Weights("w", true, 1 - transB, DataType.Int8, transB == 1 ? [9, 13] : [13, 9]).Bias("b", "w", 9).Node("g = Gemm(x, w, b)", ("transB", transB), ("alpha", 1f), ("beta", 1f));
        if (quantized) network.Through("g", "y", 0.11f, 5).Source.Output("y");
        else network.Source.Output("g");
        Assert.Equal(quantized ? "QuantizeLinear QGemm DequantizeLinear" : "QuantizeLinear QGemm", Check(network, quantized ? 1 : 1e-5, 0.11f));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void MatMul_becomes_QLinearMatMul_or_a_product_of_integers_to_floats_through_a_transpose_of_its_weights(bool quantized)
    {
        var network = new Network().Input("x", 2, 5, 12).Weights("w", true, 0, DataType.Int8, 7, 12).Node("t = Transpose(w)", ("perm", new long[] { 1, 0 })).Node("m = MatMul(x, t)");
        if (quantized) network.Through("m", "y", 0.09f, 100).Source.Output("y");
        else network.Source.Output("m");
        Assert.Equal(quantized ? "QuantizeLinear QLinearMatMul DequantizeLinear" : "QuantizeLinear MatMulIntegerToFloat", Check(network, quantized ? 1 : 1e-4, 0.09f));
    }

    [Fact]
    public void A_product_of_two_inputs_becomes_QLinearMatMul()
    {
        var network = new Network().Input("x", 2, 3, 5, 8).Input("k", 2, 3, 5, 8).Node("t = Transpose(k)", ("perm", new long[] { 0, 1, 3, 2 })).Node("m = MatMul(x, t)").Through("m", "y", 0.2f, 128);
        network.Source.Output("y");
        Assert.Equal("QuantizeLinear QuantizeLinear Transpose QLinearMatMul DequantizeLinear", Check(network, 1, 0.2f));
    }

    [Theory]
    [InlineData("Add", false)]
    [InlineData("Add", true)]
    [InlineData("Mul", false)]
    [InlineData("Mul", true)]
    public void Sums_and_products_become_their_quantized_forms(string name, bool signed)
    {
        var network = new Network(signed).Input("x", 2, 3, 4, 5).Input("b", 1, 3, 1, 1).Node($"s = {name}(x, b)").Through("s", "y", zero: 7);
        network.Source.Output("y");
        Assert.Equal($"QuantizeLinear QuantizeLinear QLinear{name} DequantizeLinear", Check(network, 1));
    }

    [Fact]
    public void Functions_and_poolings_become_their_quantized_forms()
    {
        (string Call, string Operator, (string, object)[] Attributes, double Within)[] cases =
        [
            ("Sigmoid(x)", "QLinearSigmoid", [], 1),
            ("LeakyRelu(x)", "QLinearLeakyRelu", [("alpha", 0.2f)], 1),
            ("AveragePool(x)", "QLinearAveragePool", [("kernel_shape", new long[] { 2, 3 }), ("pads", new long[] { 0, 1, 1, 1 })], 1),
            ("GlobalAveragePool(x)", "QLinearGlobalAveragePool", [], 1),
            ("Softmax(x)", "QLinearSoftmax", [("axis", -1)], 2),
        ];
        foreach (var (call, name, attributes, within) in cases)
        {
            var scale = name == "QLinearSoftmax" ? 1f / 256 : ScaleY;
            var network = new Network().Input("x", 2, 3, 6, 7).Node("f = " + call, attributes).Through("f", "y", scale, name is "QLinearSoftmax" ? 0 : 100);
            network.Source.Output("y");
            Assert.Equal($"QuantizeLinear {name} DequantizeLinear", Check(network, within, scale));
        }
    }

    [Fact]
    public void Concat_and_Where_become_their_quantized_forms()
    {
        var joined = new Network().Input("x", 2, 3, 4).Input("z", 2, 5, 4).Node("c = Concat(x, z)", ("axis", 1)).Through("c", "y", zero: 9);
        joined.Source.Output("y");
        Assert.Equal("QuantizeLinear QuantizeLinear QLinearConcat DequantizeLinear", Check(joined, 1));
        var chosen = new Network().Input("x", 3, 4).Input("z", 3, 1);
        chosen.Source.Input("c", DataType.Bool, 4);
        chosen.Node("w = Where(c, x, z)").Through("w", "y", zero: 9).Source.Output("y");
        Assert.Equal("QuantizeLinear QuantizeLinear QLinearWhere DequantizeLinear", Check(chosen, 1));
    }

    [Fact]
    public void Operators_that_move_elements_move_integers_to_the_bit()
    {
        var network = new Network().Input("x", 1, 4, 6, 6).Node("p = MaxPool(x)", ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 })).Through("p", "q", ScaleX, 120).Node("t = Transpose(q)", ("perm", new long[] { 0, 2, 3, 1 }))
            .Through("t", "u", ScaleX, 120).Constant("shape", TensorValue.Vector(1, -1)).Node("y = Reshape(u, shape)");
        network.Source.Output("y");
        Assert.Equal("QuantizeLinear MaxPool Transpose Reshape DequantizeLinear", Check(network, 0));
    }

    [Fact]
    public void A_whole_network_gives_the_native_runtimes_answers()
    {
        var network = new Network().Input("x", 1, 3, 16, 16).Weights("w1", true, 0, DataType.Int8, 8, 3, 3, 3).Bias("b1", "w1", 8).Node("c1 = Conv(x, w1, b1)", ("pads", new long[] { 1, 1, 1, 1 })).Node("r1 = Relu(c1)").Through("r1", "a1", ScaleX)
            .Weights("w2", true, 0, DataType.Int8, 8, 1, 3, 3).Bias("b2", "w2", 8).Node("c2 = Conv(a1, w2, b2)", ("pads", new long[] { 1, 1, 1, 1 }), ("group", 8)).Through("c2", "a2", 0.03f, 120)
            .Node("s = Add(a1, a2)").Through("s", "a3", ScaleX, 100).Node("g = GlobalAveragePool(a3)").Through("g", "a4", ScaleX, 100).Node("f = Flatten(a4)").Through("f", "a5", ScaleX, 100)
            .Weights("w3", false, 0, DataType.Int8, 5, 8).Bias("b3", "w3", 5).Node("y = Gemm(a5, w3, b3)", ("transB", 1), ("alpha", 1f), ("beta", 1f));
        network.Source.Output("y");
        Assert.Equal("QuantizeLinear QLinearConv QLinearConv QLinearAdd QLinearGlobalAveragePool Flatten QGemm", Check(network, 40, 0.01f));
    }

    [Fact]
    public void What_only_looks_like_a_pattern_is_left_alone()
    {
        // The rectifier cuts numbers that the integers could stand for.
        var clipped = new Network().Input("x", 1, 2, 5, 5).Weights("w", false, 0, DataType.Int8, 3, 2, 1, 1).Node("c = Conv(x, w)").Node("r = Relu(c)").Through("r", "y", zero: 40);
        clipped.Source.Output("y");
        Assert.Contains("Conv+Relu", Check(clipped, 1), StringComparison.Ordinal);
        // The result in floats is wanted, too.
        var wanted = new Network().Input("x", 3, 4).Input("z", 3, 4).Node("s = Add(x, z)").Through("s", "y");
        wanted.Source.Output("y", "s");
        Assert.Contains(" Add ", Check(wanted, 0), StringComparison.Ordinal);
        // One operand is no integer.
        var half = new Network().Input("x", 3, 4);
        half.Source.Input("z", DataType.Float32, 3, 4);
        half.Node("s = Mul(x, z)").Through("s", "y").Source.Output("y");
        Assert.Contains(" Mul ", Check(half, 0), StringComparison.Ordinal);
        // Requantization to another scale is no way back.
        var scaled = new Network().Input("x", 3, 4).Through("x", "y");
        scaled.Source.Output("y");
        Assert.Equal("QuantizeLinear DequantizeLinear QuantizeLinear DequantizeLinear", Check(scaled, 0, isNative: false));
        // The bias is in other units, and not constant.
        var foreign = new Network().Input("x", 1, 2, 5, 5).Weights("w", false, 0, DataType.Int8, 3, 2, 1, 1);
        foreign.Source.Input("b", DataType.Float32, 3);
        foreign.Node("c = Conv(x, w, b)").Through("c", "y").Source.Output("y");
        Assert.Contains("Conv", Check(foreign, 1), StringComparison.Ordinal);
    }

    [Fact]
    public void The_answers_do_not_depend_on_threads()
    {
        var network = new Network().Input("x", 2, 16, 24, 24).Weights("w", true, 0, DataType.Int8, 32, 16, 3, 3).Bias("b", "w", 32).Node("c = Conv(x, w, b)").Quantize("c", "y", zero: 128);
        network.Source.Output("y");
        var inputs = new Dictionary<string, Value> { ["x_in"] = Slipway.Tests.Models.Operators.Learning.BothEngines.Random(5, 2, 16, 24, 24) };
        var one = GraphModel.Compile(network.Source.Model(19), new GraphOptions(Threads: 1)).Run(inputs);
        var three = GraphModel.Compile(network.Source.Model(19), new GraphOptions(Threads: 3)).Run(inputs);
        Assert.Equal(one[0].AsTensor.Bytes.ToArray(), three[0].AsTensor.Bytes.ToArray());
    }
}
