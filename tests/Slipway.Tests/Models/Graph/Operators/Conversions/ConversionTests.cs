using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Operators.Conversions;

public class ConversionTests
{
    public static TheoryData<int, float, float> SmallFloats => new()
    {
        // Greatest and least sizes of OCP's 8-bit floats and of the variants of Graphcore and AMD (Noune et al. 2022).
        { (int)DataType.Float8E4M3FN, 448, 1f / 512 },
        { (int)DataType.Float8E4M3FNUZ, 240, 1f / 1024 },
        { (int)DataType.Float8E5M2, 57344, 1f / 65536 },
        { (int)DataType.Float8E5M2FNUZ, 57344, 1f / 131072 },
        { (int)DataType.Float4E2M1, 6, 0.5f },
    };

    [Theory]
    [MemberData(nameof(SmallFloats))]
    public void Small_floats_reach_from_their_least_to_their_greatest_and_saturate(int type, float greatest, float least)
    {
        var element = (DataType)type;
        var x = OneNode.Vector([greatest, greatest * 3, -greatest * 3, float.PositiveInfinity, least, least / 4, -least]);

        var back = RoundTrip(x, element);

        Assert.Equal([greatest, greatest, -greatest, greatest, least, 0, -least], back);
    }

    [Theory]
    [MemberData(nameof(SmallFloats))]
    public void Every_code_of_a_small_float_survives_a_round_trip(int type, float greatest, float least)
    {
        var element = (DataType)type;
        var codes = new byte[element == DataType.Float4E2M1 ? 16 : 256];
        for (var i = 0; i < codes.Length; i++) codes[i] = (byte)i;
        var values = OneNode.Run("Cast", 25, [TensorValue.Of<byte>(element, codes)], ("to", DataType.Float32));
        var back = OneNode.Run("Cast", 25, [values], ("to", element), ("saturate", 0)).Values<byte>().ToArray();

        Assert.Equal(greatest, values.Floats().Where(float.IsFinite).Max());
        Assert.Equal(least, values.Floats().Where(v => v > 0).Min());
        for (var i = 0; i < codes.Length; i++)
        {
            if (!float.IsNaN(values.Values<float>()[i])) Assert.Equal(codes[i], back[i]);
        }
    }

    /// <summary>Ties between neighbours: 17 and 19 lie between 16, 18 and 20, whose last bits are 0, 1 and 0.</summary>
    [Fact]
    public void Ties_of_small_floats_go_to_even() => Assert.Equal([16, 20, 18], RoundTrip(OneNode.Vector([17, 19, 18]), DataType.Float8E4M3FN));

    [Fact]
    public void Without_saturation_too_big_becomes_infinity_or_NaN()
    {
        var x = OneNode.Vector([1e9f, -1e9f]);

        Assert.Equal([0x7c, 0xfc], OneNode.Run("Cast", 25, [x], ("to", DataType.Float8E5M2), ("saturate", 0)).Values<byte>().ToArray());
        Assert.Equal([0x7f, 0xff], OneNode.Run("Cast", 25, [x], ("to", DataType.Float8E4M3FN), ("saturate", 0)).Values<byte>().ToArray());
        Assert.Equal([0x80, 0x80], OneNode.Run("Cast", 25, [x], ("to", DataType.Float8E4M3FNUZ), ("saturate", 0)).Values<byte>().ToArray());
    }

    [Theory]
    [InlineData("up", new byte[] { 128, 127, 128 })]
    [InlineData("down", new byte[] { 127, 127, 127 })]
    [InlineData("nearest", new byte[] { 127, 127, 128 })]
    public void Powers_of_two_are_rounded_as_asked(string mode, byte[] expected) =>
        Assert.Equal(expected, OneNode.Run("Cast", 25, [OneNode.Vector([1.25f, 1, 1.75f])], ("to", DataType.Float8E8M0), ("round_mode", mode)).Values<byte>().ToArray());

    [Fact]
    public void Integers_lose_their_upper_bits_and_floats_are_cut()
    {
        Assert.Equal([-56, -1, 127], OneNode.Run("Cast", 13, [TensorValue.Vector(200, 0xffff, 127)], ("to", DataType.Int8)).Values<sbyte>().ToArray());
        Assert.Equal([-2, 2, 0], OneNode.Run("Cast", 13, [OneNode.Vector([-2.9f, 2.9f, 0.5f])], ("to", DataType.Int32)).Values<int>().ToArray());
        Assert.Equal([-8, 7, -1], OneNode.Run("Cast", 25, [TensorValue.Vector(8, 7, 15)], ("to", DataType.Int4)).Values<sbyte>().ToArray());
    }

    /// <summary>2⁵³ + 1 as float32 and float64: each is rounded once, from the integer.</summary>
    [Fact]
    public void Large_integers_are_rounded_once()
    {
        var x = TensorValue.Vector(9007199254740993, 16777217);

        Assert.Equal([9007199254740992f, 16777216f], OneNode.Run("Cast", 13, [x], ("to", DataType.Float32)).Floats());
        Assert.Equal([9007199254740992.0, 16777217.0], OneNode.Run("Cast", 13, [x], ("to", DataType.Float64)).Values<double>().ToArray());
    }

    [Fact]
    public void Texts_become_numbers_and_numbers_texts()
    {
        var read = OneNode.Run("Cast", 13, [OneNode.Strings("1e-5", "-INF", "NaN", " +2.5 ", "inf")], ("to", DataType.Float32)).Floats();
        var written = OneNode.Run("Cast", 13, [OneNode.Vector([0.1f, float.NaN, float.NegativeInfinity, 3])], ("to", DataType.String)).Strings.ToArray();

        Assert.Equal([1e-5f, float.NegativeInfinity, float.NaN, 2.5f, float.PositiveInfinity], read);
        Assert.Equal(["0.1", "NaN", "-INF", "3"], written);
        Assert.Equal([9223372036854775807], OneNode.Run("Cast", 13, [OneNode.Strings("9223372036854775807")], ("to", DataType.Int64)).Values<long>().ToArray());
    }

    [Fact]
    public void A_text_that_is_no_number_is_an_error_of_the_data()
    {
        var error = Assert.Throws<RecordException>(() => OneNode.Run("Cast", 13, [OneNode.Strings("1", "one")], ("to", DataType.Int32)));

        Assert.Contains("'one'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cast_of_operator_set_1_names_its_type() => Assert.Equal([1, 0], OneNode.Run("Cast", 1, [OneNode.Vector([2.5f, 0])], ("to", "BOOL")).Values<byte>().ToArray());

    [Theory]
    [InlineData(0x3f808000u, 0x3f80)]
    [InlineData(0x3f818000u, 0x3f82)]
    [InlineData(0x3f808001u, 0x3f81)]
    [InlineData(0x7f7fffffu, 0x7f80)]
    public void Bfloat16_is_rounded_to_nearest_even(uint bits, ushort expected) =>
        Assert.Equal([expected], OneNode.Run("Cast", 13, [OneNode.Vector([BitConverter.UInt32BitsToSingle(bits)])], ("to", DataType.BFloat16)).Values<ushort>().ToArray());

    [Fact]
    public void BitCast_reads_narrow_integers_with_and_without_sign()
    {
        Assert.Equal([15, 7, 8], OneNode.Run("BitCast", 26, [TensorValue.Of<sbyte>(DataType.Int4, [-1, 7, -8])], ("to", DataType.UInt4)).Values<byte>().ToArray());
        Assert.Throws<ModelException>(() => OneNode.Run("BitCast", 26, [TensorValue.Vector(1)], ("to", DataType.Float32)));
    }

    private static float[] RoundTrip(TensorValue x, DataType element) => OneNode.Run("Cast", 25, [OneNode.Run("Cast", 25, [x], ("to", element))], ("to", DataType.Float32)).Floats();
}
