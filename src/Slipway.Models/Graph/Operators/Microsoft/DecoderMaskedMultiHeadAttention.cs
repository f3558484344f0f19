using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// DecoderMaskedMultiHeadAttention: the attention of one new token [batch, 1, heads · size] for each sequence. With keys and values [batch, heads, length, size] it looks at these; else its own key and value are
/// written into copies of the past [batch, heads, longest, size] at the place that the past has come to, outputs 1 and 2, and it looks at all up to there. With several beams the row of the past that a
/// token belongs to is told by the cache indirection [batch, beams, longest]. The scores before the mask are output 3.
/// </summary>
internal sealed class DecoderMaskedMultiHeadAttention : FloatOperator
{
    private const int Key = 1, Value = 2, Mask = 3, ScoreBias = 4, PastKey = 5, PastValue = 6, PastLength = 7, Beams = 8, Indirection = 9, Bias = 10, Scores = 3;
    private readonly int _heads;
    private readonly float _filter, _scale;

    public DecoderMaskedMultiHeadAttention(NodeInfo node)
    {
        var heads = node.Int("num_heads");
        if (heads is < 1 or > int.MaxValue) throw node.Wrong($"num_heads is {heads}");
        if (node.HasInput(PastKey) != node.HasInput(PastValue)) throw node.Wrong("past keys and past values come together");
        if (node.HasInput(PastKey) && (!node.Flag("past_present_share_buffer") || !node.HasInput(PastLength))) throw node.Wrong("a past needs past_present_share_buffer and past_sequence_length");
        (_heads, _filter, _scale) = ((int)heads, node.Float("mask_filter_value", -10000), node.Float("scale", 0));
    }

    public override void Infer(InferenceContext context)
    {
        var element = context.Element(0);
        if (context.Shape(0) is not { } query || (context.HasInput(Key) && context.Shape(Key) is null))
        {
            for (var i = 0; i < context.OutputCount; i++) context.SetOutput(i, element, (Shape?)null);
            return;
        }
        if (query.Rank != 3) throw new ModelException($"queries [batch, 1, heads · size] are expected, {query} is given");
        var width = context.HasInput(Key) ? query[2] : query[2] < 0 ? context.NewSymbol() : query[2] / 3;
        context.SetOutput(0, element, query[0], query[1], width);
        context.SetOutput(1, element, context.Shape(PastKey));
        context.SetOutput(2, element, context.Shape(PastValue));
        var total = !context.HasInput(PastKey) ? context.Shape(Key) is { Rank: 4 } keys ? keys[2] : context.NewSymbol() : context.Constant(PastLength) is { Count: 1 } past ? past.IntAt(0) + 1 : context.NewSymbol();
        context.SetOutput(Scores, element, query[0], _heads, query[1], total);
    }

    protected override long ComputeScratchBytes(RunContext context)
    {
        var (batch, size, longest) = Sizes(context);
        // The query with its bias, present keys and values where nobody wants them, rows of beams, and what the kernel needs for the longest past.
        var rows = (long)batch * _heads * longest * size;
        var copies = context.HasInput(PastKey) ? (context.HasOutput(1) ? 0 : rows) + (context.HasOutput(2) ? 0 : rows) + (context.HasInput(Indirection) ? 2 * rows : 0) : 0;
        var mask = context.HasInput(Mask) ? (long)batch * _heads * longest : 0;
        return sizeof(float) * (((long)batch * _heads * size) + copies + mask + Kernels.Attention.ScratchLength(new AttentionShape(batch, _heads, _heads, 1, longest, size, size), context.Threads));
    }

    protected override void Compute(RunContext context)
    {
        var (batch, size, longest) = Sizes(context);
        if (context.Output(0).Count == 0) return;
        var scratch = MemoryMarshal.Cast<byte, float>(context.Scratch);
        ReadOnlySpan<float> bias = context.OptionalInput(Bias) is { } given ? given.Values<float>() : default;
        var width = _heads * size;
        if (!bias.IsEmpty && bias.Length != 3 * width) throw new RecordException($"a bias of {3 * width} elements is expected, {context.Input(Bias).Type} is given");
        var query = context.Input(0);
        var queries = Take(ref scratch, batch * width);
        HeadRows.Joined(batch, _heads, 1, size, (int)query[2]).CopyTo(query.Values<float>(), bias.IsEmpty ? default : bias[..width], queries, HeadRows.Joined(batch, _heads, 1, size, width));
        ReadOnlySpan<float> keys, values;
        var past = 0;
        if (context.HasInput(PastKey))
        {
            past = (int)context.Input(PastLength).IntAt(0);
            if (past < 0 || past >= longest) throw new RecordException($"past_sequence_length is {past}: the past holds {longest} rows, of which one is for the new token");
            keys = Append(context, Key, PastKey, 1, bias, past, size, ref scratch);
            values = Append(context, Value, PastValue, 2, bias, past, size, ref scratch);
            if (context.HasInput(Indirection) && BeamCount(context) is > 1 and var beams)
            {
                keys = Gather(context, keys, beams, past, longest, size, ref scratch);
                values = Gather(context, values, beams, past, longest, size, ref scratch);
            }
        }
        else
        {
            keys = context.Input(Key).Values<float>();
            values = context.Input(Value).Values<float>();
        }
        var total = context.HasInput(PastKey) ? past + 1 : longest;
        var rows = HeadRows.Separate(batch, _heads, longest, size).Strides;
        var mask = new AttentionMask(context.OptionalInput(Mask), context.OptionalInput(ScoreBias), batch, _heads, 1, total, past);
        mask.Check();
        var added = mask.Build(_filter, Take(ref scratch, mask.ScratchLength), out var strides);
        var shape = new AttentionShape(batch, _heads, _heads, 1, total, size, size) { Query = HeadRows.Joined(batch, _heads, 1, size, width).Strides, Key = rows, Value = rows, Result = HeadRows.Joined(batch, _heads, 1, size, width).Strides, Mask = strides };
        var scale = _scale != 0 ? _scale : (float)(1 / Math.Sqrt(size));
        Kernels.Attention.Run(shape, new AttentionOptions(scale), queries, keys, values, added, context.Output(0).Values<float>(), scratch, context.Threads);
        if (context.HasOutput(Scores)) HeadScores.Write(shape, scale, queries, keys, context.Output(Scores).Values<float>(), context.Threads);
    }

    /// <summary>Batch, elements of a head, and rows that keys have room for.</summary>
    private (int Batch, int Size, int Longest) Sizes(RunContext context)
    {
        var query = context.Input(0);
        var (batch, width) = ((int)query[0], (int)query[2] / (context.HasInput(Key) ? 1 : 3));
        var size = width / _heads;
        if (query[1] != 1 || size * _heads != width) throw new RecordException($"queries [batch, 1, {_heads} heads · size] are expected, {query.Type} is given");
        var keys = context.Input(context.HasInput(PastKey) ? PastKey : context.HasInput(Key) ? Key : throw new RecordException("keys are missing"));
        var values = context.Input(context.HasInput(PastKey) ? PastValue : Value);
        if (keys.Rank != 4 || keys[0] != batch || keys[1] != _heads || keys[3] != size || !values.Shape.SequenceEqual(keys.Shape)) throw new RecordException($"keys and values [{batch}, {_heads}, length, {size}] are expected, {keys.Type} and {values.Type} are given");
        return (batch, size, (int)keys[2]);
    }

    /// <summary>The past with the row of the new token.</summary>
    private ReadOnlySpan<float> Append(RunContext context, int part, int past, int output, ReadOnlySpan<float> bias, int row, int size, scoped ref Span<float> scratch)
    {
        var old = context.Input(past);
        var present = context.HasOutput(output) ? context.Output(output).Values<float>() : Take(ref scratch, old.Count);
        old.Values<float>().CopyTo(present);
        // Keys and values are of their own, or lie behind the queries.
        var source = context.OptionalInput(part) ?? context.Input(0);
        var width = _heads * size;
        if (source.Count != (long)old[0] * (context.HasInput(part) ? width : 3 * width)) throw new RecordException($"a row [batch, 1, {width}] is expected, {source.Type} is given");
        HeadRows.Joined((int)old[0], _heads, 1, size, (int)source[2], context.HasInput(part) ? 0 : part * width)
            .CopyTo(source.Values<float>(), bias.IsEmpty ? default : bias.Slice(part * width, width), present, HeadRows.Separate((int)old[0], _heads, (int)old[2], size).From(row, 1));
        return present;
    }

    private static int BeamCount(RunContext context) => context.OptionalInput(Beams) is { Count: 1 } beams ? (int)beams.IntAt(0) : 1;

    /// <summary>For each row of the batch the rows of the past that its beam has come by.</summary>
    private ReadOnlySpan<float> Gather(RunContext context, ReadOnlySpan<float> from, int beams, int past, int longest, int size, scoped ref Span<float> scratch)
    {
        var indirection = context.Input(Indirection);
        var batch = (int)context.Input(0)[0];
        if (indirection.Rank != 3 || indirection.Element != DataType.Int32 || batch % beams != 0 || indirection[0] * indirection[1] != batch || indirection[1] != beams || indirection[2] < past) throw new RecordException($"a cache indirection [{batch} / beams, {beams}, {longest}] of int32 is expected, {indirection.Type} is given");
        var which = indirection.Values<int>();
        var to = Take(ref scratch, from.Length);
        for (var item = 0; item < batch; item++)
        {
            for (var row = 0; row <= past; row++)
            {
                var beam = row == past ? item % beams : which[(item * (int)indirection[2]) + row];
                if (beam < 0 || beam >= beams) throw new RecordException($"the cache indirection names beam {beam} of {beams}");
                for (var head = 0; head < _heads; head++)
                {
                    var read = (((((item / beams * beams) + beam) * _heads) + head) * longest + row) * size;
                    from.Slice(read, size).CopyTo(to[((((item * _heads) + head) * longest + row) * size)..]);
                }
            }
        }
        return to;
    }

    private static Span<float> Take(scoped ref Span<float> scratch, int length)
    {
        var taken = scratch[..length];
        scratch = scratch[length..];
        return taken;
    }
}
