using Slipway.Models.Graph;
using Slipway.Models.Kernels;
using static Slipway.Tests.Models.Operators.NodeRun;

namespace Slipway.Tests.Models.Operators.Recurrent;

public class RecurrentRowsTests
{
    private const int Length = 9, Batch = 19, Input = 5, Hidden = 72;

    [Fact]
    public void Rows_are_cut_when_there_is_work_for_every_thread()
    {
        var sizes = new RecurrentSizes(50, 32, 64, 128, 4, 1);
        Assert.Equal(Math.Min(2, WorkerPool.Shared.Budget), RecurrentRows<float>.Count(sizes, 2));
        Assert.Equal(1, RecurrentRows<float>.Count(sizes, 1));
        Assert.Equal(1, RecurrentRows<float>.Count(sizes with { Batch = 15 }, 2));
        Assert.Equal(1, RecurrentRows<float>.Count(sizes with { Length = 1, Hidden = 16 }, 2));
        Assert.Equal(1, RecurrentRows<float>.Count(sizes with { Length = 0 }, 2));
    }

    [Theory]
    [InlineData("RNN", DataType.Float32)]
    [InlineData("GRU", DataType.Float32)]
    [InlineData("LSTM", DataType.Float32)]
    [InlineData("LSTM", DataType.Float64)]
    [InlineData("LSTM", DataType.Float16)]
    internal void Threads_do_not_change_a_bit(string name, DataType element)
    {
        var random = new Random(31);
        for (var round = 0; round < 8; round++)
        {
            var (gates, directions) = (name switch { "RNN" => 1, "GRU" => 3, _ => 4 }, round % 2 + 1);
            var isBatchFirst = round % 4 >= 2;
            long[] states = isBatchFirst ? [Batch, directions, Hidden] : [directions, Batch, Hidden];
            var lengths = TensorValue.Of(DataType.Int32, (ReadOnlySpan<int>)[.. Enumerable.Range(0, Batch).Select(i => i * 7 % (Length + 1))], Batch);
            Value?[] inputs =
            [
                isBatchFirst ? Numbers(random, element, Batch, Length, Input) : Numbers(random, element, Length, Batch, Input), Numbers(random, element, directions, gates * Hidden, Input),
                Numbers(random, element, directions, gates * Hidden, Hidden), Numbers(random, element, directions, 2 * gates * Hidden), round >= 4 ? lengths : null, Numbers(random, element, states),
            ];
            if (name == "LSTM") inputs = [.. inputs, Numbers(random, element, states), round % 3 == 0 ? Numbers(random, element, directions, 3 * Hidden) : null];
            (string, object)[] attributes = [("layout", isBatchFirst), ("direction", directions == 2 ? "bidirectional" : round % 4 == 0 ? "forward" : "reverse"), .. name == "GRU" ? [("linear_before_reset", (object)(round % 3 == 0))] : Array.Empty<(string, object)>()];
            var one = RunWith(1, name, inputs, attributes);
            var two = RunWith(2, name, inputs, attributes);
            for (var i = 0; i < one.Length; i++) AssertEqual(one[i], two[i]);
        }
    }

    private static Value[] RunWith(int threads, string name, Value?[] inputs, (string, object)[] attributes)
    {
        string[] outputs = name == "LSTM" ? ["y", "h", "c"] : ["y", "h"];
        var node = Node(name, [.. inputs.Select((v, i) => v is null ? "" : $"x{i}")], outputs, attributes);
        var graph = new GraphDefinition(
            "g",
            [node],
            [new ValueDefinition("x0", new TensorType(((TensorValue)inputs[0]!).Element))],
            [.. outputs.Select(o => new ValueDefinition(o, null))],
            [.. inputs.Index().Skip(1).Where(p => p.Item is not null).Select(p => new InitializerDefinition($"x{p.Index}", (TensorValue)p.Item!))],
            []);
        var model = GraphModel.Compile(new ModelDefinition("onnx", graph, new Dictionary<string, long> { [""] = 22 }, [], new ModelMetadata(8, "", "", "", 0, "", []), ["n"]), new GraphOptions(threads));
        return model.Run(new Dictionary<string, Value> { ["x0"] = inputs[0]! });
    }

    private static TensorValue Numbers(Random random, DataType element, params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++) values[i] = random.Next(-64, 65) / 256f;
        return One("Cast", 13, [Floats(values, shape)], ("to", (long)element));
    }
}
