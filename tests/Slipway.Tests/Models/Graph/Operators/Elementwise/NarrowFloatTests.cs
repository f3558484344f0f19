using Slipway.Models.Graph;
using Slipway.Models.Kernels;
using Slipway.Tests.Models.Engine;

namespace Slipway.Tests.Models.Operators;

/// <summary>Operators on float16 and bfloat16: each answers what it does on the same numbers in float32, rounded once.</summary>
public sealed class NarrowFloatTests
{
    /// <summary>A node of x, the shape of x, and those of its weights.</summary>
    public static TheoryData<string, long[], long[][]> Nodes => new()
    {
        { "y = Conv(x, w0, w1)", [2, 6, 19, 17], [[9, 6, 3, 3], [9]] },
        { "y = Conv(x, w0)", [1, 8, 11, 11], [[8, 8, 1, 1]] },
        { "y = ConvTranspose(x, w0, w1)", [2, 4, 7, 5], [[4, 6, 3, 3], [6]] },
        { "y = Gemm(x, w0, w1)", [5, 37], [[37, 21], [21]] },
        { "y = MatMul(x, w0)", [3, 5, 37], [[37, 21]] },
        { "y = LayerNormalization(x, w0, w1)", [4, 3, 40], [[40], [40]] },
        { "y = BatchNormalization(x, w0, w1, w2, w3)", [2, 5, 9, 4], [[5], [5], [5], [5]] },
        { "y = Mul(x, w0)", [300, 501], [[501]] },
        { "y = Tanh(x)", [300, 501], [] },
        { "y = Softmax(x)", [7, 33], [] },
        { "y = GlobalAveragePool(x)", [2, 3, 9, 9], [] },
    };

    [Theory]
    [MemberData(nameof(Nodes))]
    public void A_narrow_operator_rounds_what_float32_gives_once(string node, long[] shape, long[][] weights)
    {
        foreach (var element in (DataType[])[DataType.Float16, DataType.BFloat16])
        {
            var x = Narrow(OneNode.Random(3, shape), element);
            // Variances must not be below zero.
            var w = weights.Select((s, i) => Narrow(i == 3 ? Absolute(OneNode.Random(10 + i, s)) : OneNode.Random(10 + i, s), element)).ToArray();
            var exact = Run(node, DataType.Float32, shape, [.. w.Select(Widen)], Widen(x), areConstant: true, threads: 1, out _);
            var expected = GraphSource.Bits(Narrow(exact, element));
            foreach (var threads in (int[])[1, 3])
            {
                var known = Run(node, element, shape, w, x, areConstant: true, threads, out var model);
                Assert.Equal(expected, GraphSource.Bits(known));
                Assert.All(model.Graph.Values.Where(v => v.Constant is not null), v => Assert.False(((TensorValue)v.Constant!).HasElements, $"{v.Name} is kept beside its float32 form"));
                long[] open = [-1, .. shape[1..]];
                Assert.Equal(expected, GraphSource.Bits(Run(node, element, open, w, x, areConstant: true, threads, out _)));
                Assert.Equal(expected, GraphSource.Bits(Run(node, element, shape, w, x, areConstant: false, threads, out _)));
            }
        }
    }

    [Fact]
    public void A_weight_read_by_two_operators_serves_both()
    {
        var w = Narrow(OneNode.Random(1, 8, 8), DataType.Float16);
        var x = Narrow(OneNode.Random(2, 4, 8), DataType.Float16);
        var both = GraphModel.Compile(new GraphSource().Input("x", DataType.Float16, 4, 8).Constant("w", w).Node("p = MatMul(x, w)").Node("t = Transpose(w)").Node("y = MatMul(p, t)").Node("z = MatMul(p, w)").Output("y", "z").Model(), GraphOptions.Default)
            .Run(new Dictionary<string, Value> { ["x"] = x });
        var given = GraphModel.Compile(new GraphSource().Input("x", DataType.Float16, 4, 8).Input("w", DataType.Float16, 8, 8).Node("p = MatMul(x, w)").Node("t = Transpose(w)").Node("y = MatMul(p, t)").Node("z = MatMul(p, w)").Output("y", "z").Model(), GraphOptions.Default)
            .Run(new Dictionary<string, Value> { ["x"] = x, ["w"] = w });
        Assert.Equal(GraphSource.Bits(given[0]), GraphSource.Bits(both[0]));
        Assert.Equal(GraphSource.Bits(given[1]), GraphSource.Bits(both[1]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void MaxPool_of_narrow_floats_picks_elements_of_the_input(int outputs)
    {
        foreach (var element in (DataType[])[DataType.Float16, DataType.BFloat16])
        {
            var x = Narrow(OneNode.Random(5, 2, 3, 13, 12), element);
            (string, object)[] attributes = [("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 })];
            var narrow = OneNode.RunAll("MaxPool", 12, outputs, [x], attributes);
            var wide = OneNode.RunAll("MaxPool", 12, outputs, [Widen(x)], attributes);
            Assert.Equal(GraphSource.Bits(Narrow(wide[0], element)), GraphSource.Bits(narrow[0]));
            if (outputs > 1) Assert.Equal(GraphSource.Bits(wide[1]), GraphSource.Bits(narrow[1]));
        }
    }

    [Fact]
    public void Relu_of_any_16_bits_is_that_of_the_number_they_are()
    {
        foreach (var element in (DataType[])[DataType.Float16, DataType.BFloat16])
        {
            // One more than a whole number of vectors, for the elements behind them.
            var x = new TensorValue(element, 65_537);
            var bits = x.Values<ushort>();
            for (var i = 0; i < bits.Length; i++) bits[i] = (ushort)(65_536 - i);
            var expected = GraphSource.Bits(Narrow(OneNode.Run("Relu", 14, [Widen(x)]), element));
            Assert.Equal(expected, GraphSource.Bits(OneNode.Run("Relu", 14, [x])));
            var y = new ushort[5];
            if (element == DataType.Float16) NarrowFloats.Relu([Half.NegativeZero, (Half)(-1), Half.NegativeInfinity, (Half)2, BitConverter.UInt16BitsToHalf(0xfd00)], System.Runtime.InteropServices.MemoryMarshal.Cast<ushort, Half>(y.AsSpan()));
            else NarrowFloats.Relu([new(0x8000), new(0xbf80), new(0xff80), new(0x4000), new(0xff81)], System.Runtime.InteropServices.MemoryMarshal.Cast<ushort, BFloat16>(y.AsSpan()));
            Assert.Equal(element == DataType.Float16 ? [0x8000, 0, 0, 0x4000, 0xff00] : [0x8000, 0, 0, 0x4000, 0xffc1], y);
        }
    }

    [Fact]
    public void Cast_between_narrow_floats_and_float32_is_the_librarys_to_the_bit()
    {
        foreach (var element in (DataType[])[DataType.Float16, DataType.BFloat16])
        {
            var x = new TensorValue(element, 65_539);
            var bits = x.Values<ushort>();
            for (var i = 0; i < bits.Length; i++) bits[i] = (ushort)i;
            var wide = OneNode.Run("Cast", 19, [x], ("to", DataType.Float32));
            Assert.Equal(GraphSource.Bits(Widen(x)), GraphSource.Bits(wide));
            var random = new Random(9);
            var words = System.Runtime.InteropServices.MemoryMarshal.Cast<float, int>(wide.Values<float>());
            foreach (ref var word in words) word = random.Next(2) == 0 ? word + random.Next(-0x2000, 0x2001) : random.Next(int.MinValue, int.MaxValue);
            Assert.Equal(GraphSource.Bits(Narrow(wide, element)), GraphSource.Bits(OneNode.Run("Cast", 19, [wide], ("to", element))));
        }
    }

    private static TensorValue Run(string node, DataType element, long[] shape, TensorValue[] weights, TensorValue x, bool areConstant, int threads, out GraphModel model)
    {
        var source = new GraphSource().Input("x", element, shape);
        var given = new Dictionary<string, Value> { ["x"] = x };
        for (var i = 0; i < weights.Length; i++)
        {
            if (areConstant) source.Constant("w" + i, weights[i]);
            else
            {
                source.Input("w" + i, element, weights[i].Shape.ToArray());
                given["w" + i] = weights[i];
            }
        }
        model = GraphModel.Compile(source.Node(node).Output("y").Model(), new GraphOptions(threads, Optimise: false));
        return (TensorValue)model.Run(given)[0];
    }

    private static TensorValue Narrow(TensorValue wide, DataType element)
    {
        var narrow = new TensorValue(element, wide.Shape);
        for (var i = 0; i < wide.Count; i++)
        {
            var number = wide.Values<float>()[i];
            narrow.Values<ushort>()[i] = element == DataType.Float16 ? BitConverter.HalfToUInt16Bits((Half)number) : ((BFloat16)number).Bits;
        }
        return narrow;
    }

    private static TensorValue Widen(TensorValue narrow)
    {
        var wide = new TensorValue(DataType.Float32, narrow.Shape);
        for (var i = 0; i < wide.Count; i++) wide.Values<float>()[i] = narrow.Element == DataType.Float16 ? (float)narrow.Values<Half>()[i] : (float)narrow.Values<BFloat16>()[i];
        return wide;
    }

    private static TensorValue Absolute(TensorValue tensor)
    {
        foreach (ref var value in tensor.Values<float>()) value = Math.Abs(value);
        return tensor;
    }
}
