using Slipway.Core;
using Slipway.Models.Graph;
using Slipway.Tests.Models.Operators.Learning;

namespace Slipway.Tests.Models.Operators.Microsoft;

/// <summary>The QLinear operators give the native runtime's integers, not merely near ones.</summary>
public sealed class QuantizedOperatorsTests
{
    private const string Domain = "com.microsoft";

    public static TheoryData<bool> Signs => [false, true];

    [Theory]
    [MemberData(nameof(Signs))]
    public void Sums_and_products_are_the_native_runtimes_when_tensors_are_broadcast(bool signed)
    {
        long[][] shapes = [[2, 3, 5, 7], [1, 3, 1, 1], [7], [1], [2, 3, 5, 1], [2, 1, 5, 7]];
        var random = new Random(7);
        foreach (var a in shapes)
        {
            foreach (var b in shapes)
            {
                Value[] inputs = [Bytes(random, signed, a), Scale(random), Zero(random, signed), Bytes(random, signed, b), Scale(random), Zero(random, signed), Scale(random), Zero(random, signed)];
                BothEngines.Agree(Domain, "QLinearAdd", 1, [], inputs, tolerance: 0);
                BothEngines.Agree(Domain, "QLinearMul", 1, [], inputs, tolerance: 0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Signs))]
    public void Large_sums_and_products_are_the_native_runtimes(bool signed)
    {
        var random = new Random(8);
        for (var round = 0; round < 20; round++)
        {
            Value[] inputs = [Bytes(random, signed, 4099), Scale(random), Zero(random, signed), Bytes(random, signed, 4099), Scale(random), Zero(random, signed), Scale(random), Zero(random, signed)];
            BothEngines.Agree(Domain, "QLinearAdd", 1, [], inputs, tolerance: 0);
            BothEngines.Agree(Domain, "QLinearMul", 1, [], inputs, tolerance: 0);
        }
    }

    [Theory]
    [MemberData(nameof(Signs))]
    public void Functions_of_one_tensor_are_the_native_runtimes(bool signed)
    {
        var random = new Random(9);
        for (var round = 0; round < 10; round++)
        {
            var x = Bytes(random, signed, 2, 3, 16, 16);
            var (scale, zero) = (Scale(random), Zero(random, signed));
            BothEngines.Agree(Domain, "QLinearSigmoid", 1, [], [x, scale, zero, One(1f / 256), Integer(signed, signed ? -128 : 0)], tolerance: 0);
            BothEngines.Agree(Domain, "QLinearLeakyRelu", 1, [("alpha", 0.1f)], [x, scale, zero, Scale(random), Zero(random, signed)], tolerance: 0);
            BothEngines.Agree(Domain, "QLinearAveragePool", 1, [("kernel_shape", Ints(3, 2)), ("strides", Ints(2, 1)), ("pads", Ints(1, 0, 1, 1)), ("count_include_pad", 0L)], [x, scale, zero, Scale(random), Zero(random, signed)], tolerance: 0);
            BothEngines.Agree(Domain, "QLinearGlobalAveragePool", 1, [("channels_last", (long)(round % 2))], [x, scale, zero, Scale(random), Zero(random, signed)], tolerance: 0);
        }
    }

    [Fact]
    public void Softmax_is_the_native_runtimes_along_the_last_axis_another_or_all_that_follow()
    {
        var random = new Random(10);
        foreach (var signed in (bool[])[false, true])
        {
            foreach (var (opset, axis) in ((long, long)[])[(13, -1), (13, 1), (12, 1)])
            {
                // Results of 1 do not occur: the native runtime lets int8 wrap around there.
                BothEngines.Agree(Domain, "QLinearSoftmax", 1, [("opset", opset), ("axis", axis)], [Bytes(random, signed, 3, 20, 11), One(0.02f), Zero(random, signed), One(1f / 256), Integer(signed, signed ? -128 : 0)], tolerance: 0);
            }
        }
    }

    [Fact]
    public void Softmax_saturates_when_one_number_outweighs_all_others()
    {
        Value[] inputs = [TensorValue.Of<sbyte>(DataType.Int8, [-128, 127, -128], 1, 3), One(1f), Integer(true, 0), One(1f / 256), Integer(true, -128)];
        var found = BothEngines.Ours(BothEngines.Model(Domain, "QLinearSoftmax", 1, [("opset", 13L), ("axis", -1L)], inputs, 1), inputs)[0].AsTensor;
        Assert.Equal([-128, 127, -128], found.Values<sbyte>().ToArray());
    }

    [Theory]
    [MemberData(nameof(Signs))]
    public void Concat_and_Where_requantize_as_the_native_runtime_does(bool signed)
    {
        var random = new Random(11);
        var (scale, zero) = (Scale(random), Zero(random, signed));
        BothEngines.Agree(Domain, "QLinearConcat", 1, [("axis", 1L)], [scale, zero, Bytes(random, signed, 2, 3, 4), scale, zero, Bytes(random, signed, 2, 5, 4), Scale(random), Zero(random, signed)], tolerance: 0);
        var condition = TensorValue.Of<byte>(DataType.Bool, [1, 0, 0, 1], 4);
        Value[] choice = [condition, Bytes(random, signed, 3, 4), Scale(random), Zero(random, signed), Bytes(random, signed, 3, 1), Scale(random), Zero(random, signed), scale, zero];
        if (!signed) BothEngines.Agree(Domain, "QLinearWhere", 1, [], choice, tolerance: 0);
        var found = BothEngines.Ours(BothEngines.Model(Domain, "QLinearWhere", 1, [], choice, 1), choice)[0].AsTensor;
        Assert.Equal(Requantized(choice[4].AsTensor, 0, choice[5], choice[6], scale, zero), found.IntAt(1));
        Assert.Equal(Requantized(choice[1].AsTensor, 3, choice[2], choice[3], scale, zero), found.IntAt(3));
    }

    [Theory]
    [InlineData(false, false, 0L, 0L)]
    [InlineData(false, true, 0L, 1L)]
    [InlineData(true, true, 1L, 0L)]
    [InlineData(true, true, 1L, 1L)]
    public void QGemm_gives_the_native_runtimes_integers_and_floats(bool signed, bool signedWeights, long transA, long transB)
    {
        var random = new Random(12);
        const int M = 5, N = 21, K = 37;
        var a = Bytes(random, signed, transA == 1 ? [K, M] : [M, K]);
        var b = Bytes(random, signedWeights, transB == 1 ? [N, K] : [K, N]);
        var c = new TensorValue(DataType.Int32, N);
        foreach (ref var x in c.Values<int>()) x = random.Next(-20000, 20000);
        var scales = new TensorValue(DataType.Float32, N);
        foreach (ref var x in scales.Values<float>()) x = 0.001f + (random.NextSingle() * 0.02f);
        (string, object)[] attributes = [("transA", transA), ("transB", transB), ("alpha", 0.75f)];
        Value[] inputs = [a, Scale(random), Zero(random, signed), b, scales, Bytes(random, signedWeights, N), c, One(0.37f), Zero(random, signed)];
        BothEngines.Agree(Domain, "QGemm", 1, attributes, inputs, tolerance: 0);
        BothEngines.Agree(Domain, "QGemm", 1, attributes, inputs[..7], tolerance: 1e-6);
    }

    [Fact]
    public void Scales_and_zero_points_of_another_kind_are_refused()
    {
        var random = new Random(13);
        Value[] inputs = [Bytes(random, false, 4), TensorValue.Of([1f, 2]), Zero(random, false), Bytes(random, false, 4), Scale(random), Zero(random, false), Scale(random), Zero(random, false)];
        Assert.Throws<RecordException>(() => BothEngines.Ours(BothEngines.Model(Domain, "QLinearAdd", 1, [], inputs, 1), inputs));
        Value[] mixed = [Bytes(random, false, 4), Scale(random), Zero(random, true), Bytes(random, false, 4), Scale(random), Zero(random, false), Scale(random), Zero(random, false)];
        Assert.Throws<RecordException>(() => BothEngines.Ours(BothEngines.Model(Domain, "QLinearMul", 1, [], mixed, 1), mixed));
    }

    private static long Requantized(TensorValue x, int index, Value scale, Value zero, Value toScale, Value toZero)
    {
        var number = (x.IntAt(index) - zero.AsTensor.IntAt(0)) * scale.AsTensor.Values<float>()[0];
        var (least, greatest) = x.Element == DataType.Int8 ? (-128, 127) : (0, 255);
        return (long)Math.Clamp(MathF.Round(number / toScale.AsTensor.Values<float>()[0]) + toZero.AsTensor.IntAt(0), least, greatest);
    }

    private static object Ints(params long[] values) => System.Collections.Immutable.ImmutableArray.Create(values);

    private static TensorValue Bytes(Random random, bool signed, params long[] shape)
    {
        var tensor = new TensorValue(signed ? DataType.Int8 : DataType.UInt8, shape);
        random.NextBytes(tensor.Bytes);
        return tensor;
    }

    private static TensorValue Scale(Random random) => One(0.01f + (random.NextSingle() * 0.05f));

    private static TensorValue One(float value) => TensorValue.Of([value], []);

    private static TensorValue Zero(Random random, bool signed) => Bytes(random, signed);

    private static TensorValue Integer(bool signed, int value) => signed ? TensorValue.Of<sbyte>(DataType.Int8, [(sbyte)value], []) : TensorValue.Of<byte>(DataType.UInt8, [(byte)value], []);
}
