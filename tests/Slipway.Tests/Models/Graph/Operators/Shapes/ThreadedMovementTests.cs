using Slipway.Models.Graph;
using Slipway.Tests.Models.Engine;

namespace Slipway.Tests.Models.Operators;

/// <summary>Data of more elements than one thread is worth is moved by several, into the same places.</summary>
public sealed class ThreadedMovementTests
{
    private static TensorValue Numbers(DataType element, params long[] shape)
    {
        var tensor = new TensorValue(element, shape);
        if (element == DataType.String)
        {
            for (var i = 0; i < tensor.Count; i++) tensor.Strings[i] = "t" + i;
            return tensor;
        }
        var random = new Random(tensor.Count);
        random.NextBytes(tensor.Bytes);
        return tensor;
    }

    private static GraphSource Source(DataType element) => new GraphSource().Input("x", element, 6, 70, 90, 7);

    private static void Same(GraphSource source, DataType element, string output = "y")
    {
        var definition = source.Output(output).Model(21);
        var x = Numbers(element, 6, 70, 90, 7);
        TensorValue[] results = [.. ((int[])[1, 2, 5]).Select(threads => (TensorValue)GraphModel.Compile(definition, new GraphOptions(threads)).Run(new Dictionary<string, Value> { ["x"] = x })[0])];
        foreach (var result in results[1..])
        {
            if (element == DataType.String) Assert.Equal(results[0].Strings, result.Strings);
            else Assert.True(results[0].Bytes.SequenceEqual(result.Bytes));
        }
    }

    public static TheoryData<int, string> Permutations => new((from element in (DataType[])[DataType.UInt8, DataType.Float32, DataType.Float64, DataType.String]
                                                               from order in (string[])["0,2,3,1", "3,2,1,0", "1,0,2,3", "0,1,3,2", "2,3,0,1"]
                                                               select new TheoryDataRow<int, string>((int)element, order)).ToArray());

    [Theory]
    [MemberData(nameof(Permutations))]
    public void Transpose_is_that_of_one_thread(int element, string order) => Same(Source((DataType)element).Node("y = Transpose(x)", ("perm", order.Split(',').Select(long.Parse).ToArray())), (DataType)element);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Concat_and_split_are_those_of_one_thread(int axis)
    {
        Same(Source(DataType.Float32).Node("y = Concat(x, x, x)", ("axis", axis)), DataType.Float32);
        Same(Source(DataType.Float32).Constant("sizes", TensorValue.Vector(axis switch { 0 => [2, 4], 1 => [1, 69], _ => [3, 4] })).Node("a, y = Split(x, sizes)", ("axis", axis)), DataType.Float32);
    }

    [Theory]
    [InlineData("constant")]
    [InlineData("reflect")]
    [InlineData("edge")]
    [InlineData("wrap")]
    public void Pad_is_that_of_one_thread(string mode) =>
        Same(Source(DataType.Float32).Constant("pads", TensorValue.Vector(0, 2, 3, 1, 1, 0, 4, -2)).Numbers("value", 2.5f).Node("y = Pad(x, pads, value)", ("mode", mode)), DataType.Float32);

    [Fact]
    public void Slice_expand_and_tile_are_those_of_one_thread()
    {
        Same(Source(DataType.Float32).Constant("s", TensorValue.Vector(60, 80)).Constant("e", TensorValue.Vector(3, 2)).Constant("a", TensorValue.Vector(1, 2)).Constant("d", TensorValue.Vector(-1, -2)).Node("y = Slice(x, s, e, a, d)"), DataType.Float32);
        Same(Source(DataType.Float32).Constant("shape", TensorValue.Vector(3, 1, 1, 1, 1)).Node("y = Expand(x, shape)"), DataType.Float32);
        Same(Source(DataType.Float32).Constant("times", TensorValue.Vector(1, 2, 1, 2)).Node("y = Tile(x, times)"), DataType.Float32);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public void Gather_is_that_of_one_thread(int axis)
    {
        Same(Source(DataType.Float32).Constant("i", TensorValue.Of([0L, -1, 3, 3, 1], 5)).Node("y = Gather(x, i)", ("axis", axis)), DataType.Float32);
        Same(Source(DataType.String).Constant("i", TensorValue.Of([0L, -1, 3, 3, 1], 5)).Node("y = Gather(x, i)", ("axis", axis)), DataType.String);
    }
}
