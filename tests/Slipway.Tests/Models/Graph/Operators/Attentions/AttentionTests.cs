using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Operators.Attentions;

public class AttentionTests
{
    /// <summary>Groups of heads, a causal mask after a past, a float mask and a soft cap at once, against sums by definition in float64.</summary>
    [Fact]
    public void Attention_agrees_with_its_definition()
    {
        const int batch = 2, heads = 4, keyHeads = 2, steps = 3, past = 2, size = 5, valueSize = 6, total = past + steps;
        var q = OneNode.Random(1, batch, heads, steps, size);
        var (k, v) = (OneNode.Random(2, batch, keyHeads, steps, size), OneNode.Random(3, batch, keyHeads, steps, valueSize));
        var (pastK, pastV) = (OneNode.Random(4, batch, keyHeads, past, size), OneNode.Random(5, batch, keyHeads, past, valueSize));
        var mask = OneNode.Random(6, heads, steps, total);

        var y = OneNode.RunAll("Attention", 23, 3, [q, k, v, mask, pastK, pastV], ("is_causal", 1), ("softcap", 1.5f));

        for (var b = 0; b < batch; b++)
        {
            for (var h = 0; h < heads; h++)
            {
                for (var i = 0; i < steps; i++)
                {
                    var weights = new double[total];
                    for (var j = 0; j <= past + i; j++)
                    {
                        double score = 0;
                        for (var d = 0; d < size; d++) score += (double)q.Values<float>()[((b * heads + h) * steps + i) * size + d] * Row(pastK, k, b * keyHeads + h / 2, j, past, steps, size)[d];
                        weights[j] = Math.Exp(1.5 * Math.Tanh(score / Math.Sqrt(size) / 1.5) + mask.Values<float>()[(h * steps + i) * total + j]);
                    }
                    for (var d = 0; d < valueSize; d++)
                    {
                        double sum = 0;
                        for (var j = 0; j < total; j++) sum += weights[j] * Row(pastV, v, b * keyHeads + h / 2, j, past, steps, valueSize)[d];
                        Assert.Equal(sum / weights.Sum(), y[0].Values<float>()[((b * heads + h) * steps + i) * valueSize + d], 1e-5);
                    }
                }
            }
        }
        Assert.Equal([batch, keyHeads, total, size], y[1].Shape.ToArray());
        Assert.Equal(Row(pastK, k, 3, 4, past, steps, size), y[1].Values<float>()[^size..].ToArray());
    }

    [Fact]
    public void Packed_heads_give_what_separate_heads_give()
    {
        var (q, k, v) = (OneNode.Random(1, 1, 2, 3, 4), OneNode.Random(2, 1, 2, 5, 4), OneNode.Random(3, 1, 2, 5, 4));

        var y = OneNode.Run("Attention", 23, [q, k, v]);
        var packed = OneNode.Run("Attention", 23, [Pack(q), Pack(k), Pack(v)], ("q_num_heads", 2), ("kv_num_heads", 2));

        Assert.Equal(Pack(y).Floats(), packed.Floats());
    }

    [Fact]
    public void Keys_beyond_the_length_of_a_sample_are_hidden()
    {
        var (q, k, v) = (OneNode.Random(1, 1, 1, 2, 4), OneNode.Random(2, 1, 1, 5, 4), OneNode.Random(3, 1, 1, 5, 4));
        TensorValue Head(TensorValue t) => TensorValue.Of<float>(DataType.Float32, t.Values<float>()[..12], 1, 1, 3, 4);

        var y = OneNode.Run("Attention", 24, [q, k, v, null, null, null, TensorValue.Vector(3)]).Floats();
        var shorter = OneNode.Run("Attention", 24, [q, Head(k), Head(v)]).Floats();

        for (var i = 0; i < y.Length; i++) Assert.Equal(shorter[i], y[i], 1e-6);
    }

    /// <summary>Of a cache with n keys that count, the queries are the last: each sees what stands before its own place (onnx/onnx#8068).</summary>
    [Fact]
    public void A_causal_query_sees_the_keys_up_to_its_place_at_the_end_of_those_that_count()
    {
        var (q, k, v) = (OneNode.Random(1, 2, 1, 2, 4), OneNode.Random(2, 2, 1, 5, 4), OneNode.Random(3, 2, 1, 5, 4));
        var seen = TensorValue.Of<byte>(DataType.Bool, [1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0], 2, 1, 2, 5);

        var y = OneNode.Run("Attention", 24, [q, k, v, null, null, null, TensorValue.Vector(4, 1)], ("is_causal", 1)).Floats();
        var masked = OneNode.Run("Attention", 24, [q, k, v, seen]).Floats();

        for (var i = 0; i < y.Length; i++) Assert.Equal(masked[i], y[i], 1e-6);
        Assert.Equal([0, 0, 0, 0], y[8..12]);
    }

    [Fact]
    public void A_window_hides_keys_that_are_farther_back()
    {
        var (q, k, v) = (OneNode.Random(1, 1, 1, 4, 4), OneNode.Random(2, 1, 1, 4, 4), OneNode.Random(3, 1, 1, 4, 4));
        var seen = TensorValue.Of<byte>(DataType.Bool, [1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1], 4, 4);

        var y = OneNode.Run("Attention", 24, [q, k, v], ("local_window_size", 2)).Floats();
        var masked = OneNode.Run("Attention", 24, [q, k, v, seen]).Floats();

        for (var i = 0; i < y.Length; i++) Assert.Equal(masked[i], y[i], 1e-6);
    }

    /// <summary>Both ways to compute, with and without the weights as an output; the row between two hidden ones is not touched.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_query_that_sees_no_key_gets_zeros(int outputs)
    {
        var (q, k, v) = (OneNode.Random(1, 1, 1, 3, 4), OneNode.Random(2, 1, 1, 2, 4), OneNode.Random(3, 1, 1, 2, 4));
        var seen = TensorValue.Of<byte>(DataType.Bool, [0, 0, 0, 1, 0, 0], 3, 2);

        var y = OneNode.RunAll("Attention", 23, outputs, [q, k, v, seen], ("qk_matmul_output_mode", 3));

        Assert.Equal([0, 0, 0, 0, .. v.Values<float>()[4..].ToArray(), 0, 0, 0, 0], y[0].Floats());
        if (outputs == 4) Assert.Equal([0, 0, 0, 1, 0, 0], y[3].Floats());
    }

    [Theory]
    [InlineData(new long[] { 3, 5 })]
    [InlineData(new long[] { 2, 2, 5 })]
    [InlineData(new long[] { 2, 6 })]
    [InlineData(new long[] { 1, 1, 1, 2, 5 })]
    public void A_mask_that_does_not_fit_is_refused(long[] shape) =>
        Assert.Throws<RecordException>(() => OneNode.Run("Attention", 23, [OneNode.Random(1, 1, 3, 2, 4), OneNode.Random(2, 1, 3, 5, 4), OneNode.Random(3, 1, 3, 5, 4), OneNode.Random(4, shape)]));

    [Fact]
    public void Heads_that_do_not_divide_are_refused() =>
        Assert.ThrowsAny<SlipwayException>(() => OneNode.Run("Attention", 23, [OneNode.Random(1, 1, 3, 2, 4), OneNode.Random(2, 1, 2, 5, 4), OneNode.Random(3, 1, 2, 5, 4)]));

    [Fact]
    public void RotaryEmbedding_turns_pairs_and_leaves_the_rest()
    {
        var x = TensorValue.Of<float>(DataType.Float32, [1, 2, 3, 4, 9], 1, 1, 1, 5);
        var (cos, sin) = (TensorValue.Of<float>(DataType.Float32, [0, 1, 0, 0], 2, 2), TensorValue.Of<float>(DataType.Float32, [1, 0, 1, 1], 2, 2));
        TensorValue?[] inputs = [x, cos, sin, TensorValue.Of(DataType.Int64, [0L], 1, 1)];

        Assert.Equal([-3, 2, 1, 4, 9], OneNode.Run("RotaryEmbedding", 23, inputs, ("rotary_embedding_dim", 4)).Floats());
        Assert.Equal([-2, 1, 3, 4, 9], OneNode.Run("RotaryEmbedding", 23, inputs, ("rotary_embedding_dim", 4), ("interleaved", 1)).Floats());
        inputs[3] = TensorValue.Of(DataType.Int64, [2L], 1, 1);
        Assert.Throws<RecordException>(() => OneNode.Run("RotaryEmbedding", 23, inputs, ("rotary_embedding_dim", 4)));
    }

    /// <summary>Two steps of size 1: state 1·2 = 2; decayed to 2·e⁻¹, corrected by half of what is missing.</summary>
    [Fact]
    public void LinearAttention_decays_and_corrects_its_state()
    {
        TensorValue Steps(float first, float second) => TensorValue.Of<float>(DataType.Float32, [first, second], 1, 2, 1);
        TensorValue?[] inputs = [Steps(1, 1), Steps(1, 1), Steps(2, 3), null, Steps(0, -1), Steps(1, 0.5f)];

        var y = OneNode.RunAll("LinearAttention", 27, 2, inputs, ("q_num_heads", 1), ("kv_num_heads", 1));

        var decayed = 2 * Math.Exp(-1);
        Assert.Equal(2, y[0].Values<float>()[0], 1e-6);
        Assert.Equal(decayed + 0.5 * (3 - decayed), y[0].Values<float>()[1], 1e-6);
        Assert.Equal(y[0].Values<float>()[1], y[1].Values<float>()[0]);
    }

    [Fact]
    public void A_causal_convolution_in_two_parts_is_that_of_the_whole()
    {
        var (x, weight, bias) = (OneNode.Random(1, 1, 2, 7), OneNode.Random(2, 2, 1, 4), OneNode.Random(3, 2));
        TensorValue Part(int from, int count) => TensorValue.Of<float>(DataType.Float32, [.. x.Values<float>().Slice(from, count), .. x.Values<float>().Slice(7 + from, count)], 1, 2, count);

        var whole = OneNode.RunAll("CausalConvWithState", 27, 2, [x, weight, bias], ("activation", "silu"));
        var first = OneNode.RunAll("CausalConvWithState", 27, 2, [Part(0, 2), weight, bias], ("activation", "silu"));
        var second = OneNode.RunAll("CausalConvWithState", 27, 2, [Part(2, 5), weight, bias, first[1]], ("activation", "silu"));

        var expected = whole[0].Floats();
        Assert.Equal([.. expected[..2], .. expected[7..9]], first[0].Floats());
        Assert.Equal([.. expected[2..7], .. expected[9..14]], second[0].Floats());
        Assert.Equal(whole[1].Floats(), second[1].Floats());
    }

    private static float[] Row(TensorValue past, TensorValue now, int head, int row, int pastRows, int rows, int size) => row < pastRows
        ? past.Values<float>().Slice((head * pastRows + row) * size, size).ToArray()
        : now.Values<float>().Slice((head * rows + row - pastRows) * size, size).ToArray();

    /// <summary>[1, heads, sequence, size] to [1, sequence, heads · size].</summary>
    private static TensorValue Pack(TensorValue x)
    {
        int heads = (int)x[1], steps = (int)x[2], size = (int)x[3];
        var packed = new TensorValue(DataType.Float32, 1, steps, heads * size);
        for (var i = 0; i < x.Count; i++) packed.Values<float>()[i / size % steps * heads * size + i / size / steps * size + i % size] = x.Values<float>()[i];
        return packed;
    }
}
