using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// RotaryEmbedding of com.microsoft: pairs of elements of each vector of [batch, sequence, heads · size] or [batch, heads, sequence, size], turned by the angles of its position. Inputs x, position ids [batch, sequence]
/// or the one position [1] that each sequence begins at, cosines and sines [positions, pairs].
/// </summary>
internal sealed class PositionedRotaryEmbedding : FloatOperator
{
    private readonly int _heads;
    private readonly bool _neighbours;
    private readonly float _scale;

    public PositionedRotaryEmbedding(NodeInfo node)
    {
        var heads = node.Int("num_heads", 0);
        if (heads is < 0 or > int.MaxValue) throw node.Wrong($"num_heads is {heads}");
        if (node.Flag("is_packed_batching")) throw node.Unsupported("is_packed_batching");
        if (node.Int("rotary_embedding_dim", 0) > 0 && heads == 0) throw node.Wrong("rotary_embedding_dim needs num_heads");
        (_heads, _neighbours, _scale) = ((int)heads, node.Flag("interleaved"), node.Float("scale", 1));
        if (_scale != 1) throw node.Unsupported("a scale");
    }

    public override void Infer(InferenceContext context) => context.SetOutput(0, context.Element(0), context.Shape(0));

    protected override void Compute(RunContext context)
    {
        var (x, positions, cosines, sines) = (context.Input(0), context.Input(1), context.Input(2), context.Input(3));
        if (cosines.Rank != 2 || !cosines.Shape.SequenceEqual(sines.Shape)) throw new RecordException($"cosines and sines [positions, pairs] are expected, {cosines.Type} and {sines.Type} are given");
        var pairs = (int)cosines[1];
        var rows = Rows(x, pairs);
        if (2 * pairs > rows.Size) throw new RecordException($"{pairs} pairs are more than vectors of {rows.Size} elements have");
        if (positions.Count != 1 && positions.Count != rows.Batch * rows.Rows) throw new RecordException($"one position or [{rows.Batch},{rows.Rows}] are expected, {positions.Type} is given");
        var (from, to) = (x, context.Output(0));
        for (var batch = 0; batch < rows.Batch; batch++)
        {
            for (var row = 0; row < rows.Rows; row++)
            {
                var position = positions.Count == 1 ? positions.IntAt(0) + row : positions.IntAt((batch * rows.Rows) + row);
                if (position < 0 || position >= cosines[0]) throw new RecordException($"position {position} is outside of a table of {cosines[0]}");
                var cosine = cosines.Values<float>().Slice((int)position * pairs, pairs);
                var sine = sines.Values<float>().Slice((int)position * pairs, pairs);
                for (var head = 0; head < rows.Heads; head++)
                {
                    var start = (batch * rows.Strides.Batch) + (head * rows.Strides.Head) + (row * rows.Strides.Row);
                    RotaryPairs.Turn(from.Values<float>().Slice(start, rows.Size), to.Values<float>().Slice(start, rows.Size), cosine, sine, _neighbours);
                }
            }
        }
    }

    private HeadRows Rows(TensorValue x, int pairs)
    {
        if (x.Rank == 4) return HeadRows.Separate((int)x[0], (int)x[1], (int)x[2], (int)x[3]);
        var size = x.Rank != 3 ? 0 : _heads > 0 ? x[2] / _heads : 2L * pairs;
        if (size == 0 || x[2] % size != 0) throw new RecordException($"[batch, sequence, heads · size] or [batch, heads, sequence, size] is expected, {x.Type} is given");
        return HeadRows.Joined((int)x[0], (int)(x[2] / size), (int)x[1], (int)size, (int)x[2]);
    }
}

/// <summary>Pairs of elements of a vector turned by angles: the halves of what is turned, or neighbours. What is behind the pairs stays.</summary>
internal static class RotaryPairs
{
    /// <param name="y">May be <paramref name="x"/> itself.</param>
    public static void Turn(ReadOnlySpan<float> x, Span<float> y, ReadOnlySpan<float> cosine, ReadOnlySpan<float> sine, bool neighbours)
    {
        var pairs = cosine.Length;
        for (var i = 0; i < pairs; i++)
        {
            var (first, second) = neighbours ? (2 * i, (2 * i) + 1) : (i, i + pairs);
            var (a, b) = (x[first], x[second]);
            y[first] = (cosine[i] * a) - (sine[i] * b);
            y[second] = (sine[i] * a) + (cosine[i] * b);
        }
        x[(2 * pairs)..].CopyTo(y[(2 * pairs)..]);
    }
}
