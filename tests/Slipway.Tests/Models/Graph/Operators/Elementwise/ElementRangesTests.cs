using System.Collections.Concurrent;
using Slipway.Core;
using Slipway.Models.Graph;
using Slipway.Tests.Models.Engine;

namespace Slipway.Tests.Models.Operators;

public sealed class ElementRangesTests
{
    private sealed class Recorder : IElementwise
    {
        public ConcurrentBag<(int First, int End)> Ranges { get; } = [];

        public int ElementsPerPart => 1_000;

        public void Plan(RunContext context) => Assert.Empty(Ranges);

        public void Run(RunContext context, int first, int end) => Ranges.Add((first, end));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1_999, 1)]
    [InlineData(2_000, 2)]
    [InlineData(5_500, 5)]
    [InlineData(1_000_000, 12)]
    public void Small_outputs_are_one_range_and_large_ones_at_most_four_a_thread(int count, int ranges)
    {
        var recorder = new Recorder();
        ElementRanges.Run(recorder, new RunContext([new TensorValue(DataType.Float32, count)], [], [0]) { Threads = 3 });
        var found = recorder.Ranges.Order().ToArray();
        Assert.Equal(ranges, found.Length);
        Assert.Equal((0, count), (found[0].First, found[^1].End));
        for (var i = 1; i < found.Length; i++) Assert.Equal(found[i - 1].End, found[i].First);
    }

    [Fact]
    public void Operators_of_every_type_answer_as_on_one_thread()
    {
        foreach (var element in (DataType[])[DataType.Float32, DataType.Float64, DataType.Float16, DataType.BFloat16, DataType.Int32, DataType.UInt8])
        {
            string[] nodes = element.IsFloat
                ? ["Add(x, w)", "Div(w, x)", "Less(x, w)", "Max(x, w, x)", "Mean(w, x, x)", "Where(c, x, w)", "Tanh(x)", "Floor(x)", "Clip(x, w0, w1)", "PRelu(x, w)", "Elu(x)", "HardSwish(x)", "Pow(x, w1)", "Equal(x, w)"]
                : ["Add(x, w)", "BitwiseAnd(x, w)", "Less(x, w)", "Max(x, w, x)", "Where(c, x, w)", "Clip(x, w0, w1)"];
            foreach (var node in nodes)
            {
                var definition = new GraphSource().Input("x", element, 700, 500).Constant("w", Numbers(element, 500)).Constant("w0", Numbers(element)).Constant("w1", Numbers(element))
                    .Constant("c", TensorValue.Of<byte>(DataType.Bool, [.. Enumerable.Range(0, 700).Select(i => (byte)(i & 1))], 700, 1)).Node("y = " + node).Output("y").Model(22);
                var x = new Dictionary<string, Value> { ["x"] = Numbers(element, 700, 500) };
                var expected = GraphSource.Bits(GraphModel.Compile(definition, new GraphOptions(1)).Run(x)[0]);
                Assert.True(expected.SequenceEqual(GraphSource.Bits(GraphModel.Compile(definition, new GraphOptions(3)).Run(x)[0])), $"{node} of {element}");
            }
        }
    }

    [Fact]
    public void A_bad_element_in_any_range_is_the_records_fault()
    {
        var definition = new GraphSource().Input("x", DataType.Int32, 600_000).Numbers("n", 1).Node("y = Div(x, x)").Output("y").Model();
        var x = new TensorValue(DataType.Int32, 600_000);
        x.Values<int>().Fill(3);
        x.Values<int>()[599_999] = 0;
        Assert.Contains("divided by zero", Assert.Throws<RecordException>(() => GraphModel.Compile(definition, new GraphOptions(3)).Run(new Dictionary<string, Value> { ["x"] = x })).Message);
    }

    private static TensorValue Numbers(DataType element, params long[] shape)
    {
        var random = new Random(7);
        var tensor = new TensorValue(element, shape);
        for (var i = 0; i < tensor.Count; i++)
        {
            switch (element)
            {
                case DataType.Float32: tensor.Values<float>()[i] = random.Next(1, 100) / 8f; break;
                case DataType.Float64: tensor.Values<double>()[i] = random.Next(1, 100) / 8.0; break;
                case DataType.Float16: tensor.Values<Half>()[i] = (Half)(random.Next(1, 100) / 8f); break;
                case DataType.BFloat16: tensor.Values<ushort>()[i] = (ushort)(0x3f80 + random.Next(100)); break;
                case DataType.Int32: tensor.Values<int>()[i] = random.Next(1, 100); break;
                default: tensor.Values<byte>()[i] = (byte)random.Next(1, 100); break;
            }
        }
        return tensor;
    }
}
