using Slipway.Core;

namespace Slipway.Tests.Core.Batches;

public class TensorTests
{
    [Fact]
    public void Every_element_type_has_its_protocol_name_and_size()
    {
        string[] names = ["BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "BF16", "FP32", "FP64", "BYTES"];
        int[] sizes = [1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 2, 4, 8, 0];
        Assert.Equal(names, Enum.GetValues<ElementType>().Select(t => t.ProtocolName));
        Assert.Equal(sizes, Enum.GetValues<ElementType>().Select(t => t.Size));
        foreach (var type in Enum.GetValues<ElementType>())
        {
            Assert.True(ElementTypes.TryParse(type.ProtocolName, out var parsed));
            Assert.Equal(type, parsed);
        }
        Assert.False(ElementTypes.TryParse("fp32", out _));
    }

    [Fact]
    public void New_tensor_is_zero_even_when_its_buffer_was_used_before()
    {
        for (var i = 0; i < 20; i++)
        {
            using var tensor = new Tensor("x", ElementType.Int64, 100);
            Assert.All(tensor.Values<long>().ToArray(), value => Assert.Equal(0, value));
            Assert.False(tensor.HasMissing);
            tensor.Values<long>().Fill(-1);
            tensor.SetMissing(i);
        }
    }

    [Theory]
    [InlineData(new long[] { }, 1, 1, 1)]
    [InlineData(new long[] { 0 }, 0, 0, 1)]
    [InlineData(new long[] { 5 }, 5, 5, 1)]
    [InlineData(new long[] { 2, 3, 4 }, 24, 2, 12)]
    [InlineData(new long[] { 2, 0 }, 0, 2, 0)]
    public void Shape_gives_count_rows_and_stride(long[] shape, int count, int rows, int stride)
    {
        using var tensor = new Tensor("x", ElementType.Float32, shape);
        Assert.Equal((count, rows, stride), (tensor.Count, tensor.Rows, tensor.Stride));
    }

    [Theory]
    [InlineData(new long[] { -1 }, "negative")]
    [InlineData(new long[] { 1L << 40 }, "more than one tensor can hold")]
    [InlineData(new long[] { 1 << 20, 1 << 20 }, "more than one tensor can hold")]
    [InlineData(new long[] { int.MaxValue }, "more than one tensor can hold")]
    public void Impossible_shape_is_a_record_error_and_rents_nothing(long[] shape, string reason) =>
        Assert.Contains(reason, Assert.Throws<RecordException>(() => new Tensor("x", ElementType.Float64, shape)).Message);

    [Fact]
    public void Byte_strings_come_back_as_appended_whatever_their_lengths()
    {
        var random = new Random(3);
        for (var round = 0; round < 50; round++)
        {
            var values = new byte[random.Next(0, 200)][];
            using var tensor = new Tensor("x", ElementType.Bytes, values.Length);
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = new byte[random.Next(0, round * 20)];
                random.NextBytes(values[i]);
                if (i % 7 == 3) tensor.AppendMissing();
                else tensor.Append(values[i]);
            }
            for (var i = 0; i < values.Length; i++)
            {
                Assert.Equal(i % 7 == 3, tensor.IsMissing(i));
                Assert.Equal(i % 7 == 3 ? [] : values[i], tensor.GetBytes(i).ToArray());
            }
            Assert.Throws<InvalidOperationException>(() => tensor.Append("one too many"));
        }
    }

    [Fact]
    public void Rows_are_taken_in_the_order_asked_for_with_what_is_missing()
    {
        using var matrix = Tensor.Of<float>("m", [1, 2, 3, 4, 5, 6], 3, 2);
        matrix.SetMissing(3);
        using var taken = matrix.Take([2, 1, 2]);
        Assert.Equal([3, 2], taken.Shape.ToArray());
        Assert.Equal([5f, 6, 3, 4, 5, 6], taken.Values<float>().ToArray());
        Assert.Equal([false, false, false, true, false, false], Enumerable.Range(0, 6).Select(taken.IsMissing));
        using var text = Tensor.OfText("t", "a", null, "ccc");
        using var some = text.Take([2, 1]);
        Assert.Equal(("ccc", null), (some.GetText(0), some.GetText(1)));
    }

    [Fact]
    public void Wrong_type_is_named_and_a_returned_tensor_is_not_used()
    {
        var tensor = Tensor.Of<float>("x", [1f]);
        Assert.Contains("holds FP32, not Int32", Assert.Throws<InvalidOperationException>(() => tensor.Values<int>().Length).Message);
        Assert.Throws<InvalidOperationException>(() => tensor.GetBytes(0).Length);
        tensor.Dispose();
        tensor.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tensor.Values<float>().Length);
    }
}
