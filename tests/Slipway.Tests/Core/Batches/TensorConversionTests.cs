using Slipway.Core;

namespace Slipway.Tests.Core.Batches;

public class TensorConversionTests
{
    private static readonly ElementType[] Numeric = [.. Enum.GetValues<ElementType>().Where(t => t.IsNumeric)];

    [Fact]
    public void Small_whole_numbers_survive_every_pair_of_types()
    {
        foreach (var from in Numeric)
        {
            foreach (var to in Numeric)
            {
                using var source = Tensor.Of<double>("x", [0, 1, 2, 100]).ConvertTo(from);
                source.SetMissing(2);
                using var converted = source.ConvertTo(to);
                Assert.Equal(to, converted.Type);
                Assert.Equal([0, 1, double.NaN, 100], Enumerable.Range(0, 4).Select(converted.NumberAt));
            }
        }
    }

    [Theory]
    [InlineData(300, ElementType.UInt8)]
    [InlineData(-1, ElementType.UInt32)]
    [InlineData(1.5, ElementType.Int64)]
    [InlineData(1e30, ElementType.Int64)]
    [InlineData(double.NaN, ElementType.Int32)]
    public void Number_that_a_type_cannot_hold_is_a_record_error(double number, ElementType type)
    {
        using var source = Tensor.Of<double>("x", [number]);
        Assert.Contains($"{type.ProtocolName} cannot hold", Assert.Throws<RecordException>(() => source.ConvertTo(type)).Message);
    }

    [Fact]
    public void Large_integers_convert_exactly_between_integer_types()
    {
        using var source = Tensor.Of<long>("x", [9_007_199_254_740_993, long.MaxValue]);
        using var converted = source.ConvertTo(ElementType.UInt64);
        Assert.Equal([9_007_199_254_740_993UL, (ulong)long.MaxValue], converted.Values<ulong>().ToArray());
    }

    [Fact]
    public void Brain_floats_round_to_nearest_even()
    {
        // 1 + 1/256 lies between two bfloat16 numbers and ties to the even one, 1; 1 + 3/256 ties to 1 + 4/256.
        using var source = Tensor.Of<float>("x", [1f + (1f / 256), 1f + (3f / 256), float.NaN, float.PositiveInfinity, -2.5f]);
        using var converted = source.ConvertTo(ElementType.BFloat16);
        Assert.Equal([1.0, 1.015625, double.NaN, double.PositiveInfinity, -2.5], Enumerable.Range(0, 5).Select(converted.NumberAt));
    }

    [Fact]
    public void Missing_elements_read_as_NaN_and_booleans_as_0_and_1()
    {
        using var flags = Tensor.Of<bool>("x", [true, false, true]);
        flags.SetMissing(2);
        var values = new float[3];
        flags.CopyTo<float>(values);
        Assert.Equal([1f, 0f, float.NaN], values);
    }

    [Fact]
    public void Text_is_no_number()
    {
        using var text = Tensor.OfText("city", "Ulm");
        Assert.Contains("'city' holds text", Assert.Throws<RecordException>(() => text.CopyTo<double>(new double[1])).Message);
        Assert.Contains("cast step", Assert.Throws<RecordException>(() => text.ConvertTo(ElementType.Float32)).Message);
    }
}
