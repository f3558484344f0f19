using Slipway.Core;
using Slipway.Models.Graph;
using Slipway.Tests.Models.Operators.Learning;

namespace Slipway.Tests.Models.Operators.Microsoft;

/// <summary>Attentions of com.microsoft against the native runtime: 2 sequences of 5 tokens, 3 heads of 4 elements, 6 tokens of the past.</summary>
public sealed class AttentionOperatorsTests
{
    private const string Domain = "com.microsoft";
    private const int Batch = 2, Sequence = 5, Heads = 3, Size = 4, Hidden = Heads * Size, Past = 6;

    private static TensorValue R(int seed, params long[] shape) => BothEngines.Random(seed, shape);

    private static TensorValue Ints(int[] values, params long[] shape) => TensorValue.Of<int>(DataType.Int32, values, shape);

    /// <summary>Of 0 and 1; the first key is never hidden, so that no row is without any.</summary>
    private static TensorValue Flags(int seed, params long[] shape)
    {
        var random = new Random(seed);
        var tensor = new TensorValue(DataType.Int32, shape);
        var values = tensor.Values<int>();
        for (var i = 0; i < values.Length; i++) values[i] = i % shape[^1] == 0 ? 1 : random.Next(2);
        return tensor;
    }

    public static TheoryData<int> Masks => [0, 1, 2, 3];

    private static TensorValue? Mask(int kind, int keys) => kind switch
    {
        1 => Ints([3, 5], Batch),
        2 => Flags(21, Batch, keys),
        3 => Flags(22, Batch, Sequence, keys),
        _ => null,
    };

    [Theory]
    [MemberData(nameof(Masks))]
    public void Attention_agrees_with_the_native_runtime_for_every_kind_of_mask(int mask)
    {
        foreach (var causal in (long[])[0, 1])
        {
            Value?[] inputs = [R(1, Batch, Sequence, 10), R(2, 10, 3 * Hidden), R(3, 3 * Hidden), Mask(mask, Sequence)];
            BothEngines.Agree(Domain, "Attention", 1, [("num_heads", (long)Heads), ("unidirectional", causal)], inputs);
            Value?[] biased = [.. inputs, null, R(4, 1, Heads, Sequence, Sequence)];
            BothEngines.Agree(Domain, "Attention", 1, [("num_heads", (long)Heads), ("unidirectional", causal), ("scale", 0.3f)], biased);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public void Attention_hands_the_past_on_as_the_native_runtime_does(int mask)
    {
        Value?[] inputs = [R(1, Batch, Sequence, 10), R(2, 10, 3 * Hidden), R(3, 3 * Hidden), Mask(mask, Past + Sequence), R(5, 2, Batch, Heads, Past, Size)];
        BothEngines.Agree(Domain, "Attention", 1, [("num_heads", (long)Heads), ("unidirectional", 1L)], inputs, outputs: 2);
        BothEngines.Agree(Domain, "Attention", 1, [("num_heads", (long)Heads)], [.. inputs[..3], Mask(mask, Sequence)], outputs: 2);
    }

    [Fact]
    public void Attention_agrees_with_the_native_runtime_when_values_have_another_size_or_keys_begin_late()
    {
        BothEngines.Agree(Domain, "Attention", 1, [("num_heads", (long)Heads), ("qkv_hidden_sizes", System.Collections.Immutable.ImmutableArray.Create(12L, 12, 6))], [R(1, Batch, Sequence, 10), R(2, 10, 30), R(3, 30)]);
        BothEngines.Agree(Domain, "Attention", 1, [("num_heads", (long)Heads)], [R(1, Batch, Sequence, 10), R(2, 10, 36), R(3, 36), Ints([5, 4, 2, 0], 2 * Batch)]);
    }

    [Fact]
    public void QAttention_agrees_with_the_native_runtime_with_a_mask_and_a_past()
    {
        var random = new Random(6);
        var (x, w) = (new TensorValue(DataType.UInt8, Batch, Sequence, 10), new TensorValue(DataType.Int8, 10, 3 * Hidden));
        random.NextBytes(x.Bytes);
        random.NextBytes(w.Bytes);
        Value?[] inputs = [x, w, R(3, 3 * Hidden), TensorValue.Of([0.02f], []), TensorValue.Of([0.01f], []), Mask(2, Past + Sequence), TensorValue.Of<byte>(DataType.UInt8, [128], []), TensorValue.Of<sbyte>(DataType.Int8, [3], []), R(5, 2, Batch, Heads, Past, Size)];
        BothEngines.Agree(Domain, "QAttention", 1, [("num_heads", (long)Heads), ("unidirectional", 1L)], inputs, outputs: 2, tolerance: 1e-4);
        BothEngines.Agree(Domain, "QAttention", 1, [("num_heads", (long)Heads)], [.. inputs[..5], null, .. inputs[6..8]], tolerance: 1e-4);
    }

    [Theory]
    [MemberData(nameof(Masks))]
    public void MultiHeadAttention_agrees_with_the_native_runtime_for_every_kind_of_mask(int mask)
    {
        const int Keys = 7;
        var padding = mask switch { 1 => Ints([3, 7], Batch), 2 => Flags(23, Batch, Keys), 3 => Flags(24, Batch, Sequence, Keys), _ => null };
        Value?[] inputs = [R(1, Batch, Sequence, Hidden), R(2, Batch, Keys, Hidden), R(3, Batch, Keys, 2 * Hidden), R(4, 4 * Hidden), padding];
        BothEngines.Agree(Domain, "MultiHeadAttention", 1, [("num_heads", (long)Heads)], inputs, outputs: 3);
        BothEngines.Agree(Domain, "MultiHeadAttention", 1, [("num_heads", (long)Heads), ("scale", 0.4f)], [inputs[0], inputs[1], inputs[2], null, padding, R(5, Batch, 1, Sequence, Keys)]);
    }

    [Fact]
    public void MultiHeadAttention_hands_the_past_on_as_the_native_runtime_does()
    {
        Value?[] inputs = [R(1, Batch, Sequence, Hidden), R(2, Batch, Sequence, Hidden), R(3, Batch, Sequence, Hidden), R(4, 3 * Hidden), null, R(5, Batch, Heads, Sequence, Past + Sequence), R(6, Batch, Heads, Past, Size), R(7, Batch, Heads, Past, Size)];
        BothEngines.Agree(Domain, "MultiHeadAttention", 1, [("num_heads", (long)Heads)], inputs, outputs: 3);
        inputs[3] = null;
        BothEngines.Agree(Domain, "MultiHeadAttention", 1, [("num_heads", (long)Heads), ("unidirectional", 1L)], inputs, outputs: 3);
    }

    [Fact]
    public void MultiHeadAttention_reads_packed_rows_and_separate_heads()
    {
        (string, object)[] attributes = [("num_heads", (long)Heads)];
        BothEngines.Agree(Domain, "MultiHeadAttention", 1, attributes, [R(1, Batch, Sequence, Hidden), R(2, Batch, Heads, 7, Size), R(3, Batch, Heads, 7, Size)]);
        // The native runtime has packed tensors on other devices only: the same rows apart must give the same.
        var packed = R(4, Batch, Sequence, Heads, 3, Size);
        var parts = Enumerable.Range(0, 3).Select(part =>
        {
            var rows = new TensorValue(DataType.Float32, Batch, Sequence, Hidden);
            for (var i = 0; i < rows.Count; i++) rows.Values<float>()[i] = packed.Values<float>()[(((i / Size) * 3) + part) * Size + (i % Size)];
            return (Value)rows;
        }).ToArray();
        var expected = BothEngines.Ours(BothEngines.Model(Domain, "MultiHeadAttention", 1, attributes, parts, 1), parts)[0].AsTensor;
        var found = BothEngines.Ours(BothEngines.Model(Domain, "MultiHeadAttention", 1, attributes, [packed], 1), [packed])[0].AsTensor;
        Assert.Equal(expected.Values<float>().ToArray(), found.Values<float>().ToArray());
    }

    [Fact]
    public void Inputs_that_do_not_fit_each_other_are_refused()
    {
        Value?[] mask = [R(1, Batch, Sequence, 10), R(2, 10, 3 * Hidden), null, Flags(1, Batch, Sequence + 1)];
        Assert.Throws<RecordException>(() => BothEngines.Ours(BothEngines.Model(Domain, "Attention", 1, [("num_heads", (long)Heads)], mask, 1), mask));
        Value?[] weights = [R(1, Batch, Sequence, 10), R(2, 10, 35)];
        Assert.Throws<ModelException>(() => BothEngines.Ours(BothEngines.Model(Domain, "Attention", 1, [("num_heads", (long)Heads)], weights, 1), weights));
        Value?[] bias = [R(1, Batch, Sequence, Hidden), R(2, Batch, 7, Hidden), R(3, Batch, 7, Hidden), R(4, 5)];
        Assert.Throws<RecordException>(() => BothEngines.Ours(BothEngines.Model(Domain, "MultiHeadAttention", 1, [("num_heads", (long)Heads)], bias, 1), bias));
    }
}
