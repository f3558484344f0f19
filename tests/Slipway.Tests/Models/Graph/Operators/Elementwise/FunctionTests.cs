using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Operators.Elementwise;

public class FunctionTests
{
    private static readonly float[] Points = [-3, -1, -0.5f, 0, 0.25f, 1, 4];

    /// <summary>Values of SciPy 1.10.1 (erf) and NumPy 1.24 in float64.</summary>
    public static TheoryData<string, int, double[]> Functions => new()
    {
        { "Erf", 13, [-0.9999779095030014, -0.8427007929497149, -0.5204998778130465, 0, 0.2763263901682369, 0.8427007929497149, 0.9999999845827421] },
        { "Sigmoid", 13, [0.04742587317756678, 0.2689414213699951, 0.3775406687981454, 0.5, 0.5621765008857981, 0.7310585786300049, 0.9820137900379085] },
        { "Softplus", 22, [0.04858735157374196, 0.3132616875182228, 0.4740769841801067, 0.6931471805599453, 0.8259394198788436, 1.3132616875182228, 4.0181499279178094] },
        { "Mish", 22, [-0.14564746127562458, -0.30340146137410895, -0.22074377465173, 0, 0.16957240966381756, 0.8650983882673103, 3.9974128069762385] },
        { "HardSwish", 22, [0, -0.3333333333333333, -0.20833333333333334, 0, 0.13541666666666666, 0.6666666666666666, 4] },
        { "Softsign", 22, [-0.75, -0.5, -0.3333333333333333, 0, 0.2, 0.5, 0.8] },
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void Functions_agree_with_float64_references_in_every_type(string name, int version, double[] expected)
    {
        var singles = OneNode.Run(name, version, [OneNode.Vector(Points)]).Floats();
        var doubles = OneNode.Run(name, version, [TensorValue.Of<double>(DataType.Float64, [.. Points.Select(p => (double)p)])]).Values<double>();
        var halves = OneNode.Run(name, version, [OneNode.Halves(Points)]).Values<Half>();
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], singles[i], 1e-6);
            Assert.Equal(expected[i], doubles[i], 1e-14);
            Assert.Equal(expected[i], (double)halves[i], 2e-3);
        }
    }

    /// <summary>alpha and gamma were shorter before operator set 6: gamma · alpha · (e⁻¹ - 1).</summary>
    [Theory]
    [InlineData(1, 1.0507 * 1.6732 * -0.6321205588285577)]
    [InlineData(6, 1.05070102214813232421875 * 1.67326319217681884765625 * -0.6321205588285577)]
    public void Selu_has_the_constants_of_its_version(int version, double expected) => Assert.Equal(expected, OneNode.Run("Selu", version, [OneNode.Vector([-1f])]).Floats()[0], 1e-6);

    [Fact]
    public void Relu_and_rounding_keep_NaN_and_ties_go_to_even()
    {
        float[] x = [.. Enumerable.Range(0, 40).Select(i => i % 7 == 0 ? float.NaN : i - 20.5f)];

        var relu = OneNode.Run("Relu", 14, [OneNode.Vector(x)]).Floats();
        var round = OneNode.Run("Round", 22, [OneNode.Vector(x)]).Floats();

        for (var i = 0; i < x.Length; i++)
        {
            Assert.Equal(float.IsNaN(x[i]) ? float.NaN : Math.Max(0, x[i]), relu[i]);
            Assert.Equal(MathF.Round(x[i], MidpointRounding.ToEven), round[i]);
        }
    }

    [Fact]
    public void Clip_before_operator_set_11_reads_attributes_and_takes_one_limit_alone() =>
        Assert.Equal([-2, 0, 1], OneNode.Run("Clip", 6, [OneNode.Vector([-2, 0, 5])], ("max", 1f)).Floats());

    [Fact]
    public void Clip_with_min_above_max_gives_max() =>
        Assert.Equal([1, 1, 1], OneNode.Run("Clip", 13, [OneNode.Vector([-2, 2, 5]), OneNode.Vector([3]), OneNode.Vector([1])]).Floats());

    [Fact]
    public void PRelu_of_operator_set_6_has_a_slope_for_each_channel()
    {
        var x = TensorValue.Of<float>(DataType.Float32, [-1, -2, -3, 4, 5, -6, -7, 8], 2, 2, 2);

        Assert.Equal([-2, -4, -9, 4, 5, -12, -21, 8], OneNode.Run("PRelu", 6, [x, OneNode.Vector([2, 3])]).Floats());
    }

    [Fact]
    public void Where_chooses_texts() =>
        Assert.Equal(["a", "z", "c"], OneNode.Run("Where", 16, [TensorValue.Of<byte>(DataType.Bool, [1, 0, 1]), OneNode.Strings("a", "b", "c"), OneNode.Strings("z")]).Strings.ToArray());

    [Fact]
    public void Equal_compares_texts() =>
        Assert.Equal([1, 0], OneNode.Run("Equal", 19, [OneNode.Strings("a", "B"), OneNode.Strings("a", "b")]).Values<byte>().ToArray());

    [Fact]
    public void BitShift_by_the_width_and_more_gives_0()
    {
        var x = TensorValue.Of<byte>(DataType.UInt8, [0xff, 0xff, 0xff, 0xff]);
        var by = TensorValue.Of<byte>(DataType.UInt8, [1, 7, 8, 255]);

        Assert.Equal([0xfe, 0x80, 0, 0], OneNode.Run("BitShift", 11, [x, by], ("direction", "LEFT")).Values<byte>().ToArray());
        Assert.Equal([0x7f, 0x01, 0, 0], OneNode.Run("BitShift", 11, [x, by], ("direction", "RIGHT")).Values<byte>().ToArray());
    }

    [Fact]
    public void IsInf_tells_signs_apart_and_reads_small_floats()
    {
        var x = OneNode.Vector([float.NegativeInfinity, 1, float.PositiveInfinity, float.NaN]);

        Assert.Equal([0, 0, 1, 0], OneNode.Run("IsInf", 20, [x], ("detect_negative", 0)).Values<byte>().ToArray());
        Assert.Equal([1, 0, 1], OneNode.Run("IsInf", 20, [TensorValue.Of<byte>(DataType.Float8E5M2, [0x7c, 0x7b, 0xfc])]).Values<byte>().ToArray());
    }

    [Fact]
    public void A_function_of_integers_is_refused_at_binding() => Assert.Throws<ModelException>(() => OneNode.Run("Exp", 13, [TensorValue.Vector(1)]));

    [Fact]
    public void Legacy_ImageScaler_and_Affine_are_computed()
    {
        var image = TensorValue.Of<float>(DataType.Float32, [1, 2, 3, 4], 1, 2, 1, 2);

        Assert.Equal([2.5f, 4.5f, 7, 9], OneNode.Run("ImageScaler", 6, [image], ("scale", 2f), ("bias", new[] { 0.5f, 1f })).Floats());
        Assert.Equal([3, 5, 7, 9], OneNode.Run("Affine", 6, [image], ("alpha", 2f), ("beta", 1f)).Floats());
    }
}
