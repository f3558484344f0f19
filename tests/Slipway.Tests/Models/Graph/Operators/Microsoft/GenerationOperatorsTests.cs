using Slipway.Core;
using Slipway.Models.Graph;
using Slipway.Tests.Models.Operators.Learning;

namespace Slipway.Tests.Models.Operators.Microsoft;

/// <summary>What exports of language models and of quantized embeddings have, against the native runtime.</summary>
public sealed class GenerationOperatorsTests
{
    private const string Domain = "com.microsoft";
    private const int Heads = 4, KeyHeads = 2, Size = 16, Length = 12;

    private static TensorValue R(int seed, params long[] shape) => BothEngines.Random(seed, shape);

    private static TensorValue Ints(int[] values, params long[] shape) => TensorValue.Of<int>(DataType.Int32, values, shape);

    private static TensorValue Bytes(int seed, params long[] shape)
    {
        var tensor = new TensorValue(DataType.UInt8, shape);
        new Random(seed).NextBytes(tensor.Bytes);
        return tensor;
    }

    private static (string, object)[] Attention(params (string, object)[] more) => [("num_heads", (long)Heads), ("kv_num_heads", (long)KeyHeads), .. more];

    private static Value?[] Prompt(int batch, int sequence, bool packed) =>
    [
        packed ? R(1, batch, sequence, (Heads + (2 * KeyHeads)) * Size) : R(1, batch, sequence, Heads * Size), packed ? null : R(2, batch, sequence, KeyHeads * Size), packed ? null : R(3, batch, sequence, KeyHeads * Size),
        null, null, Ints([.. Enumerable.Repeat(sequence - 1, batch)], batch), Ints([sequence], []),
    ];

    private static Value?[] NextToken(int[] lengths, int sequence)
    {
        var batch = lengths.Length;
        return
        [
            R(1, batch, sequence, Heads * Size), R(2, batch, sequence, KeyHeads * Size), R(3, batch, sequence, KeyHeads * Size), R(4, batch, KeyHeads, Length, Size), R(5, batch, KeyHeads, Length, Size),
            Ints([.. lengths.Select(l => l - 1)], batch), Ints([lengths.Max()], []),
        ];
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void GroupQueryAttention_agrees_with_the_native_runtime_for_a_prompt(bool packed)
    {
        BothEngines.Agree(Domain, "GroupQueryAttention", 1, Attention(), Prompt(2, 6, packed), outputs: 3);
        Value?[] rotated = [.. Prompt(2, 6, packed), R(6, 16, Size / 2), R(7, 16, Size / 2)];
        BothEngines.Agree(Domain, "GroupQueryAttention", 1, Attention(("do_rotary", 1L)), rotated, outputs: 3);
        BothEngines.Agree(Domain, "GroupQueryAttention", 1, Attention(("do_rotary", 1L), ("rotary_interleaved", 1L), ("scale", 0.2f)), rotated, outputs: 3);
    }

    [Fact]
    public void GroupQueryAttention_agrees_with_the_native_runtime_for_the_next_tokens()
    {
        Value?[] tables = [R(6, 16, Size / 2), R(7, 16, Size / 2)];
        // One sequence holds fewer tokens than the other; the cache has room for more.
        BothEngines.Agree(Domain, "GroupQueryAttention", 1, Attention(("do_rotary", 1L)), [.. NextToken([9, 5], 1), .. tables], outputs: 3, compared: 1);
        BothEngines.Agree(Domain, "GroupQueryAttention", 1, Attention(("local_window_size", 3L)), NextToken([9, 5], 1), outputs: 3, compared: 1);
        BothEngines.Agree(Domain, "GroupQueryAttention", 1, Attention(("softcap", 1.5f)), NextToken([9, 5], 1), outputs: 3, compared: 1);
        // Several tokens behind a past that fills the cache.
        BothEngines.Agree(Domain, "GroupQueryAttention", 1, Attention(("do_rotary", 1L), ("local_window_size", 4L)), [.. NextToken([Length + 3], 3), .. tables], outputs: 3);
    }

    [Fact]
    public void GroupQueryAttention_agrees_with_the_native_runtime_when_scores_have_a_bias()
    {
        Value?[] inputs = [.. NextToken([9, 9], 1), null, null, null, R(8, 1, Heads, 1, 9)];
        BothEngines.Agree(Domain, "GroupQueryAttention", 1, Attention(), inputs, outputs: 3, compared: 1);
        BothEngines.Agree(Domain, "GroupQueryAttention", 1, Attention(("local_window_size", 3L), ("softcap", 1.5f)), inputs, outputs: 3, compared: 1);
    }

    [Fact]
    public void GroupQueryAttention_refuses_a_sequence_that_is_longer_than_all_are_said_to_be()
    {
        // The cache has room for it, the bias has not.
        Value?[] inputs = [.. NextToken([8], 1), null, null, null, R(8, 1, Heads, 1, 8)];
        inputs[5] = Ints([9], 1);
        var message = Assert.Throws<RecordException>(() => BothEngines.Ours(BothEngines.Model(Domain, "GroupQueryAttention", 1, Attention(), inputs, 1), inputs)).Message;
        Assert.Contains("sequence 0 has 9 tokens of the past; the cache holds 12, and with the new ones there are 8 in all", message);
    }

    [Fact]
    public void GroupQueryAttention_gives_the_same_whether_the_cache_is_handed_on_or_not()
    {
        var inputs = NextToken([9, 5], 1);
        var attributes = Attention(("local_window_size", 3L));
        var alone = BothEngines.Ours(BothEngines.Model(Domain, "GroupQueryAttention", 1, attributes, inputs, 1), inputs)[0].AsTensor;
        var kept = BothEngines.Ours(BothEngines.Model(Domain, "GroupQueryAttention", 1, attributes, inputs, 3), inputs)[0].AsTensor;
        Assert.Equal(kept.Values<float>().ToArray(), alone.Values<float>().ToArray());
    }

    [Fact]
    public void GroupQueryAttention_refuses_lengths_that_the_cache_does_not_hold()
    {
        var inputs = NextToken([Length + 5], 1);
        Assert.Throws<RecordException>(() => BothEngines.Ours(BothEngines.Model(Domain, "GroupQueryAttention", 1, Attention(), inputs, 1), inputs));
        var table = new Value?[] { R(6, 3, Size / 2), R(7, 3, Size / 2) };
        Value?[] rotated = [.. NextToken([9], 1), .. table];
        Assert.Throws<RecordException>(() => BothEngines.Ours(BothEngines.Model(Domain, "GroupQueryAttention", 1, Attention(("do_rotary", 1L)), rotated, 1), rotated));
    }

    [Fact]
    public void RotaryEmbedding_agrees_with_the_native_runtime_for_positions_and_for_a_beginning()
    {
        Value[] tables = [R(2, 20, 4), R(3, 20, 4)];
        var positions = TensorValue.Of<long>(DataType.Int64, [3, 4, 5, 0, 1, 19], 2, 3);
        foreach (var interleaved in (long[])[0, 1])
        {
            BothEngines.Agree(Domain, "RotaryEmbedding", 1, [("interleaved", interleaved)], [R(1, 2, 3, 24), positions, .. tables]);
            BothEngines.Agree(Domain, "RotaryEmbedding", 1, [("interleaved", interleaved)], [R(1, 2, 3, 3, 8), TensorValue.Vector(7), .. tables]);
            BothEngines.Agree(Domain, "RotaryEmbedding", 1, [("interleaved", interleaved), ("num_heads", 2L), ("rotary_embedding_dim", 8L)], [R(1, 2, 3, 24), positions, .. tables]);
        }
        Value[] outside = [R(1, 1, 3, 24), TensorValue.Vector(18), .. tables];
        Assert.Throws<RecordException>(() => BothEngines.Ours(BothEngines.Model(Domain, "RotaryEmbedding", 1, [], outside, 1), outside));
    }

    [Fact]
    public void EmbedLayerNormalization_agrees_with_the_native_runtime_with_and_without_segments()
    {
        var (ids, segments, mask) = (Ints([0, 5, 9, 3, 3, 1], 2, 3), Ints([0, 0, 1, 1, 1, 0], 2, 3), Ints([1, 1, 0, 1, 1, 1], 2, 3));
        Value?[] inputs = [ids, segments, R(1, 10, 8), R(2, 4, 8), R(3, 2, 8), R(4, 8), R(5, 8), mask];
        BothEngines.Agree(Domain, "EmbedLayerNormalization", 1, [("epsilon", 1e-5f)], inputs, outputs: 2);
        BothEngines.Agree(Domain, "EmbedLayerNormalization", 1, [("epsilon", 1e-5f)], [ids, null, inputs[2], inputs[3], null, inputs[5], inputs[6], null, Ints([3, 2, 1, 0, 1, 2], 2, 3)], outputs: 3);
        Value?[] unknown = [Ints([0, 5, 10, 3, 3, 1], 2, 3), .. inputs[1..]];
        Assert.Throws<RecordException>(() => BothEngines.Ours(BothEngines.Model(Domain, "EmbedLayerNormalization", 1, [], unknown, 1), unknown));
    }

    [Theory]
    [InlineData(4, 32, 64)]
    [InlineData(4, 16, 40)]
    [InlineData(8, 32, 96)]
    public void MatMulNBits_agrees_with_the_native_runtime_with_and_without_zero_points(int bits, int block, int k)
    {
        const int N = 70;
        var blocks = (k + block - 1) / block;
        var (weights, scales) = (Bytes(1, N, blocks, block * bits / 8), R(2, N, blocks));
        (string, object)[] attributes = [("K", (long)k), ("N", (long)N), ("bits", (long)bits), ("block_size", (long)block)];
        foreach (var rows in (int[])[1, 5])
        {
            BothEngines.Agree(Domain, "MatMulNBits", 1, attributes, [R(3, 2, rows, k), weights, scales], tolerance: 2e-4);
            BothEngines.Agree(Domain, "MatMulNBits", 1, attributes, [R(3, 2, rows, k), weights, scales, Bytes(4, N, ((blocks * bits) + 7) / 8)], tolerance: 2e-4);
        }
        BothEngines.Agree(Domain, "MatMulNBits", 1, attributes, [R(3, 4, k), weights, scales, null, null, R(5, N)], tolerance: 2e-4);
    }

    [Fact]
    public void MatMulNBits_reads_two_bits_from_the_lowest_and_zero_points_that_are_floats()
    {
        // Bytes 0b11100100: numbers 0, 1, 2, 3 again and again.
        var weights = new TensorValue(DataType.UInt8, 1, 1, 4);
        weights.Bytes.Fill(0b11100100);
        var a = new TensorValue(DataType.Float32, 1, 16);
        for (var i = 0; i < 16; i++) a.Values<float>()[i] = i < 4 ? i + 1 : 0;
        Value[] inputs = [a, weights, TensorValue.Of([2f], 1), TensorValue.Of([0.5f], 1)];
        var found = BothEngines.Ours(BothEngines.Model(Domain, "MatMulNBits", 1, [("K", 16L), ("N", 1L), ("bits", 2L), ("block_size", 16L)], inputs, 1), inputs)[0].AsTensor;
        // 2 · (1·(0 − ½) + 2·(1 − ½) + 3·(2 − ½) + 4·(3 − ½))
        Assert.Equal(30f, found.Values<float>()[0], 1e-5f);
        Value[] shorter = [a, new TensorValue(DataType.UInt8, 1, 1, 3), inputs[2]];
        Assert.Throws<RecordException>(() => BothEngines.Ours(BothEngines.Model(Domain, "MatMulNBits", 1, [("K", 16L), ("N", 1L), ("bits", 2L), ("block_size", 16L)], shorter, 1), shorter));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void GatherBlockQuantized_agrees_with_the_native_runtime_for_packed_bytes(int bits)
    {
        var indices = TensorValue.Of<long>(DataType.Int64, [3, 0, 8, -1], 2, 2);
        (string, object)[] attributes = [("bits", (long)bits), ("block_size", 16L), ("gather_axis", 0L), ("quantize_axis", 1L)];
        BothEngines.Agree(Domain, "GatherBlockQuantized", 1, attributes, [Bytes(1, 9, 48 * bits / 8), indices, R(2, 9, 3)]);
        BothEngines.Agree(Domain, "GatherBlockQuantized", 1, attributes, [Bytes(1, 9, 48 * bits / 8), indices, R(2, 9, 3), Bytes(3, 9, ((3 * bits) + 7) / 8)]);
    }

    [Theory]
    [InlineData(0L, 2L)]
    [InlineData(1L, 0L)]
    [InlineData(2L, 1L)]
    public void GatherBlockQuantized_agrees_with_the_native_runtime_for_numbers_of_four_bits_along_any_axis(long gather, long quantize)
    {
        var data = new TensorValue(DataType.Int4, 20, 6, 18);
        var random = new Random(1);
        foreach (ref var x in data.Values<sbyte>()) x = (sbyte)random.Next(-8, 8);
        long[] blocks = [20, 6, 18];
        blocks[quantize] = (blocks[quantize] + 15) / 16;
        var zeros = new TensorValue(DataType.Int4, blocks);
        foreach (ref var x in zeros.Values<sbyte>()) x = (sbyte)random.Next(-8, 8);
        BothEngines.Agree(Domain, "GatherBlockQuantized", 1, [("block_size", 16L), ("gather_axis", gather), ("quantize_axis", quantize)], [data, TensorValue.Vector(3, 0, 5), R(2, blocks), zeros]);
    }

    [Fact]
    public void NhwcMaxPool_agrees_with_the_native_runtime()
    {
        (string, object)[] attributes = [("kernel_shape", List(3, 2)), ("strides", List(2, 1)), ("pads", List(1, 0, 1, 1)), ("dilations", List(1, 2))];
        BothEngines.Agree(Domain, "NhwcMaxPool", 1, attributes, [Bytes(1, 2, 9, 8, 19)], tolerance: 0);
        var signed = TensorValue.Over(DataType.Int8, Bytes(2, 2, 9, 8, 19).Memory, 2, 9, 8, 19);
        BothEngines.Agree(Domain, "NhwcMaxPool", 1, attributes, [signed], tolerance: 0);
    }

    private static object List(params long[] values) => System.Collections.Immutable.ImmutableArray.Create(values);

    /// <summary>Two heads of sixteen elements; of seven rows three are of the past.</summary>
    private static Value?[] Decoding(int batch, Value? past, Value? beams = null, Value? indirection = null) =>
        [R(1, batch, 1, 32), R(2, batch, 1, 32), R(3, batch, 1, 32), null, null, R(4, batch, 2, 7, 16), R(5, batch, 2, 7, 16), past, beams, indirection, R(6, 96)];

    private static readonly (string, object)[] Shared = [("num_heads", 2L), ("past_present_share_buffer", 1L)];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void DecoderMaskedMultiHeadAttention_agrees_with_the_native_runtime_when_it_adds_to_the_past(bool isMasked, bool isBiased)
    {
        var inputs = Decoding(2, Ints([3], 1));
        if (isMasked) inputs[3] = Ints([1, 0, 1, 1, 0, 1, 1, 1], 2, 4);
        if (isBiased) inputs[4] = R(7, 1, 2, 1, 4);
        BothEngines.Agree(Domain, "DecoderMaskedMultiHeadAttention", 1, Shared, inputs, outputs: 3);
    }

    [Fact]
    public void DecoderMaskedMultiHeadAttention_agrees_with_the_native_runtime_when_keys_are_those_of_an_encoder()
    {
        Value?[] inputs = [R(1, 2, 1, 32), R(2, 2, 2, 9, 16), R(3, 2, 2, 9, 16), null, null, null, null, null, null, null, R(6, 96)];
        BothEngines.Agree(Domain, "DecoderMaskedMultiHeadAttention", 1, [("num_heads", 2L), ("scale", 0.3f)], inputs);
        inputs[3] = Ints([1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0], 2, 9);
        BothEngines.Agree(Domain, "DecoderMaskedMultiHeadAttention", 1, [("num_heads", 2L)], inputs);
    }

    /// <summary>Each beam by its own past is what the indirection says where it names no other.</summary>
    [Fact]
    public void DecoderMaskedMultiHeadAttention_reads_the_past_of_the_beams_that_the_indirection_names()
    {
        var own = Run(Decoding(4, Ints([3], 1)));
        var named = Run(Decoding(4, Ints([3], 1), Ints([2], 1), Ints([.. Enumerable.Range(0, 28).Select(i => i / 7 % 2)], 2, 2, 7)));
        Assert.Equal(own[0].AsTensor.Values<float>().ToArray(), named[0].AsTensor.Values<float>().ToArray());

        // The second beam came by the first: its past is that of the row before it.
        var crossed = Decoding(4, Ints([3], 1), Ints([2], 1), Ints(new int[28], 2, 2, 7));
        var copied = Decoding(4, Ints([3], 1));
        foreach (var part in (int[])[5, 6])
        {
            var rows = copied[part]!.AsTensor.Values<float>();
            for (var item = 1; item < 4; item += 2) rows.Slice((item - 1) * 224, 224).CopyTo(rows[(item * 224)..]);
        }
        Assert.Equal(Run(copied)[0].AsTensor.Values<float>().ToArray(), Run(crossed)[0].AsTensor.Values<float>().ToArray());

        static Value[] Run(Value?[] inputs) => BothEngines.Ours(BothEngines.Model(Domain, "DecoderMaskedMultiHeadAttention", 1, Shared, inputs, 1), inputs);
    }

    [Fact]
    public void DecoderMaskedMultiHeadAttention_refuses_a_past_that_is_full()
    {
        var inputs = Decoding(2, Ints([7], 1));
        Assert.Throws<RecordException>(() => BothEngines.Ours(BothEngines.Model(Domain, "DecoderMaskedMultiHeadAttention", 1, Shared, inputs, 1), inputs));
    }

    [Theory]
    [InlineData("MultiHeadAttention", 4)]
    [InlineData("DecoderMaskedMultiHeadAttention", 4)]
    public void Scores_are_an_output(string name, int outputs)
    {
        Value?[] inputs = [R(1, 2, 1, 32), R(2, 2, 2, 9, 16), R(3, 2, 2, 9, 16)];
        (string, object)[] attributes = name[0] == 'M' ? [("num_heads", 2L)] : [("num_heads", 2L), ("output_qk", 1L)];
        var model = BothEngines.Model(Domain, name, 1, attributes, inputs, outputs);
        var node = model.Graph.Nodes[0];
        model = model with { Graph = model.Graph with { Nodes = [node with { Outputs = ["y0", "", "", "y3"] }], Outputs = [model.Graph.Outputs[0], model.Graph.Outputs[3]] } };
        var found = BothEngines.Ours(model, inputs)[1].AsTensor;
        Assert.Equal([2, 2, 1, 9], found.Shape.ToArray());
        for (var i = 0; i < found.Count; i++)
        {
            float sum = 0;
            for (var k = 0; k < 16; k++) sum += inputs[0]!.AsTensor.Values<float>()[(i / 9 * 16) + k] * inputs[1]!.AsTensor.Values<float>()[(i * 16) + k];
            Assert.Equal(sum / 4, found.Values<float>()[i], 1e-5);
        }
    }
}
