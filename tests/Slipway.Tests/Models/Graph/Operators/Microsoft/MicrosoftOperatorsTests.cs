using Slipway.Core;
using Slipway.Models.Graph;
using Slipway.Tests.Models.Operators.Learning;

namespace Slipway.Tests.Models.Operators.Microsoft;

public sealed class MicrosoftOperatorsTests
{
    private const string Domain = "com.microsoft";

    private static readonly TensorValue Rows = BothEngines.Random(1, 2, 3, 8), Vector = BothEngines.Random(2, 8);

    [Fact]
    public void Gelus_agree_with_the_native_runtime_when_they_have_a_bias_or_none()
    {
        BothEngines.Agree(Domain, "Gelu", 1, [], [Rows]);
        BothEngines.Agree(Domain, "QuickGelu", 1, [("alpha", 1.5f)], [Rows]);
        BothEngines.Agree(Domain, "BiasGelu", 1, [], [Rows, Vector]);
        BothEngines.Agree(Domain, "FastGelu", 1, [], [Rows]);
        BothEngines.Agree(Domain, "FastGelu", 1, [], [Rows, Vector]);
    }

    [Theory]
    [InlineData("Relu")]
    [InlineData("Tanh")]
    [InlineData("Sigmoid")]
    public void FusedGemm_agrees_with_the_native_runtime_when_it_has_an_activation(string activation) =>
        BothEngines.Agree(Domain, "FusedGemm", 1, [("activation", activation), ("alpha", 0.5f), ("transB", 1L)], [BothEngines.Random(3, 4, 8), BothEngines.Random(4, 5, 8), BothEngines.Random(5, 5)]);

    [Theory]
    [InlineData(0L, 0L)]
    [InlineData(1L, 0L)]
    [InlineData(0L, 1L)]
    [InlineData(1L, 1L)]
    public void FusedMatMul_agrees_with_the_native_runtime_when_stacks_are_broadcast(long transA, long transB)
    {
        var a = transA == 1 ? BothEngines.Random(3, 2, 1, 4, 3) : BothEngines.Random(3, 2, 1, 3, 4);
        var b = transB == 1 ? BothEngines.Random(4, 5, 6, 4) : BothEngines.Random(4, 5, 4, 6);
        BothEngines.Agree(Domain, "FusedMatMul", 1, [("alpha", 0.25f), ("transA", transA), ("transB", transB)], [a, b]);
    }

    [Theory]
    [InlineData(0L, 0L)]
    [InlineData(1L, 0L)]
    [InlineData(0L, 1L)]
    [InlineData(1L, 1L)]
    public void FusedMatMul_agrees_with_the_native_runtime_when_rows_come_before_the_stack(long transA, long transB)
    {
        var a = transA == 1 ? BothEngines.Random(3, 4, 2, 5, 3) : BothEngines.Random(3, 3, 2, 5, 4);
        var b = transB == 1 ? BothEngines.Random(4, 6, 2, 5, 4) : BothEngines.Random(4, 4, 2, 5, 6);
        BothEngines.Agree(Domain, "FusedMatMul", 1, [("transA", transA), ("transB", transB), ("transBatchA", 1L), ("transBatchB", 1L)], [a, b]);
        var apart = transB == 1 ? BothEngines.Random(4, 2, 5, 6, 4) : BothEngines.Random(4, 2, 5, 4, 6);
        BothEngines.Agree(Domain, "FusedMatMul", 1, [("transA", transA), ("transB", transB), ("transBatchA", 1L)], [a, apart]);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(14)]
    public void LayerNormalization_is_there_before_version_17_as_in_the_native_runtime(long version) =>
        BothEngines.Agree("", "LayerNormalization", version, [("axis", -1L), ("epsilon", 1e-3f)], [Rows, Vector, BothEngines.Random(3, 8)]);

    [Fact]
    public void SkipLayerNormalization_agrees_with_the_native_runtime_when_it_gives_the_sum_too()
    {
        TensorValue[] inputs = [Rows, BothEngines.Random(9, 2, 3, 8), Vector, BothEngines.Random(3, 8), BothEngines.Random(4, 8)];
        BothEngines.Agree(Domain, "SkipLayerNormalization", 1, [("epsilon", 1e-5f)], inputs);
        BothEngines.Agree(Domain, "SkipSimplifiedLayerNormalization", 1, [("epsilon", 1e-5f)], inputs[..3]);
    }

    [Fact]
    public void Quantized_products_agree_with_the_native_runtime_when_they_have_zero_points_and_a_bias()
    {
        var (left, right) = (TensorValue.Of<byte>(DataType.UInt8, [3, 200, 7, 90, 5, 255], 2, 3), TensorValue.Of<byte>(DataType.UInt8, [9, 130, 128, 4, 250, 77], 3, 2));
        var (scale, scales, bias) = (TensorValue.Of([0.02f], 1), TensorValue.Of([0.5f, 0.25f]), TensorValue.Of([1f, -2]));
        var (zeroA, zeroB) = (TensorValue.Of<byte>(DataType.UInt8, [5], 1), TensorValue.Of<byte>(DataType.UInt8, [128], 1));
        BothEngines.Agree(Domain, "MatMulIntegerToFloat", 1, [], [left, right, scale, TensorValue.Of([0.5f], 1), zeroA, zeroB, bias]);
        BothEngines.Agree(Domain, "DynamicQuantizeMatMul", 1, [], [BothEngines.Random(3, 2, 3), right, TensorValue.Of([0.5f], 1), zeroB, bias]);
        var found = BothEngines.Ours(BothEngines.Model(Domain, "MatMulIntegerToFloat", 1, [], [left, right, scale, scales], 1), [left, right, scale, scales]);
        // (3·9 + 200·128 + 7·250) · 0.02 · 0.5
        Assert.Equal(273.77f, found[0].AsTensor.Values<float>()[0], 2e-4f);
    }

    [Fact]
    public void Tokens_are_where_they_were_when_padding_was_removed_and_restored()
    {
        var counts = TensorValue.Of<int>(DataType.Int32, [1, 3]);
        var packed = BothEngines.Ours(BothEngines.Model(Domain, "RemovePadding", 1, [], [Rows, counts], 4), [Rows, counts]);
        Assert.Equal([4, 8], packed[0].AsTensor.Shape.ToArray());
        Assert.Equal([0, 3, 4, 5, 1, 2], packed[1].AsTensor.Values<int>().ToArray());
        Assert.Equal([0, 1, 4], packed[2].AsTensor.Values<int>().ToArray());
        Assert.Equal([3], packed[3].AsTensor.Values<int>().ToArray());
        Value[] inputs = [packed[0], packed[1]];
        var restored = BothEngines.Ours(BothEngines.Model(Domain, "RestorePadding", 1, [], inputs, 1), inputs)[0].AsTensor.Values<float>();
        var expected = Rows.Values<float>().ToArray();
        expected.AsSpan(8, 16).Clear();
        Assert.Equal(expected, restored.ToArray());
    }

    [Fact]
    public void Counts_and_places_outside_are_refused_when_padding_is_removed_or_restored()
    {
        Value[] counts = [Rows, TensorValue.Of<int>(DataType.Int32, [1, 4])];
        Assert.Throws<RecordException>(() => BothEngines.Ours(BothEngines.Model(Domain, "RemovePadding", 1, [], counts, 1), counts));
        Value[] places = [BothEngines.Random(1, 1, 8), TensorValue.Of<int>(DataType.Int32, [7, 0], 1, 2)];
        Assert.Throws<RecordException>(() => BothEngines.Ours(BothEngines.Model(Domain, "RestorePadding", 1, [], places, 1), places));
    }

    [Fact]
    public void An_operator_that_is_not_there_is_refused_by_name_when_the_graph_is_bound()
    {
        var error = Assert.Throws<ModelException>(() => BothEngines.Ours(BothEngines.Model(Domain, "BeamSearch", 1, [], [Rows], 1), [Rows]));
        Assert.True(error.IsUnsupported);
        Assert.Contains("com.microsoft::BeamSearch", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("euclidean")]
    [InlineData("sqeuclidean")]
    public void CDist_agrees_with_the_native_runtime(string metric) => BothEngines.Agree(Domain, "CDist", 1, [("metric", metric)], [BothEngines.Random(1, 4, 7), BothEngines.Random(2, 5, 7)], tolerance: 1e-4);

    [Theory]
    [InlineData(0L, 1L)]
    [InlineData(42L, 0L)]
    public void MurmurHash3_agrees_with_the_native_runtime_for_texts_and_numbers(long seed, long positive)
    {
        (string, object)[] attributes = [("seed", seed), ("positive", positive)];
        BothEngines.Agree(Domain, "MurmurHash3", 1, attributes, [BothEngines.Texts("", "a", "ab", "abc", "abcd", "abcde", "ä€")], tolerance: 0);
        BothEngines.Agree(Domain, "MurmurHash3", 1, attributes, [TensorValue.Of<long>(DataType.Int64, [0, 1, -1, long.MaxValue], 4)], tolerance: 0);
        BothEngines.Agree(Domain, "MurmurHash3", 1, attributes, [TensorValue.Of([0f, 1.5f, -3f])], tolerance: 0);
    }

    [Fact]
    public void Operators_that_the_standard_took_over_are_known_by_their_first_domain()
    {
        BothEngines.Agree(Domain, "TransposeMatMul", 1, [("transA", 1L)], [BothEngines.Random(1, 4, 3), BothEngines.Random(2, 4, 5)]);
        BothEngines.Agree(Domain, "ExpandDims", 1, [], [BothEngines.Random(1, 4, 3), TensorValue.Of<int>(DataType.Int32, [1], [])]);
        BothEngines.Agree(Domain, "GatherND", 1, [], [BothEngines.Random(1, 4, 3), TensorValue.Of<long>(DataType.Int64, [2, 0, 1, 1], 2, 2)]);
        BothEngines.Agree(Domain, "GridSample", 1, [("padding_mode", "border")], [BothEngines.Random(1, 1, 2, 4, 5), BothEngines.Random(2, 1, 3, 3, 2)], tolerance: 1e-4);
        BothEngines.Agree(Domain, "Trilu", 1, [("upper", 0L)], [BothEngines.Random(1, 2, 4, 4)]);
    }

    [Fact]
    public void FusedConv_agrees_with_the_native_runtime_when_it_adds_another_tensor_before_its_activation()
    {
        (string, object)[] attributes = [("kernel_shape", System.Collections.Immutable.ImmutableArray.Create(3L, 3)), ("pads", System.Collections.Immutable.ImmutableArray.Create(1L, 1, 1, 1)), ("activation", "Relu")];
        BothEngines.Agree(Domain, "FusedConv", 1, attributes, [BothEngines.Random(1, 2, 3, 6, 7), BothEngines.Random(2, 4, 3, 3, 3), BothEngines.Random(3, 4), BothEngines.Random(4, 2, 4, 6, 7)], tolerance: 1e-4);
        BothEngines.Agree(Domain, "FusedConv", 1, attributes, [BothEngines.Random(1, 2, 3, 6, 7), BothEngines.Random(2, 4, 3, 3, 3), null, BothEngines.Random(4, 2, 4, 6, 7)], tolerance: 1e-4);
    }
}
