using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// MultiHeadAttention: <c>softmax(scale · q kᵀ + mask) v</c> for each head. Queries are [batch, sequence, heads · size], or [batch, sequence, heads, 3, size] with keys and values in them; keys are
/// [batch, keys, heads · size], [batch, keys, heads, 2, size] with the values in them, or, as values may be, [batch, heads, keys, size]. Inputs query, key, value, bias, mask, attention bias, past keys and
/// values [batch, heads, length, size], which are put before the new ones and handed on as outputs 1 and 2; the scores before the mask are output 3.
/// </summary>
internal sealed class MultiHeadAttention : FloatOperator
{
    private const int Key = 1, Value = 2, Bias = 3, Mask = 4, ScoreBias = 5, PastKey = 6, PastValue = 7, Scores = 3;
    private readonly int _heads;
    private readonly bool _causal;
    private readonly float _filter, _scale;

    public MultiHeadAttention(NodeInfo node)
    {
        var heads = node.Int("num_heads");
        if (heads is < 1 or > int.MaxValue) throw node.Wrong($"num_heads is {heads}");
        // Without a past both say nothing.
        if (node.HasInput(PastKey) && (node.HasInput(8) || node.HasInput(9))) throw node.Unsupported("a past that the present is written into (past_sequence_length, cache_indirection)");
        if (node.HasInput(PastKey) != node.HasInput(PastValue)) throw node.Wrong("past keys and past values come together");
        (_heads, _causal, _filter, _scale) = ((int)heads, node.Flag("unidirectional"), node.Float("mask_filter_value", -10000), node.Float("scale", 0));
    }

    public override void Infer(InferenceContext context)
    {
        var element = context.Element(0);
        if (context.Shape(0) is not { } query || (context.HasInput(Key) && context.Shape(Key) is null) || (context.HasInput(Value) && context.Shape(Value) is null))
        {
            for (var i = 0; i < 4; i++) context.SetOutput(i, element, (Shape?)null);
            return;
        }
        if (query.Rank != (context.HasInput(Key) ? 3 : 5) && query.Rank != 3) throw new ModelException($"queries [batch, sequence, heads · size] or [batch, sequence, heads, 3, size] are expected, {query} is given");
        if (query.Rank == 3 && !context.HasInput(Key)) throw new ModelException($"queries {query} come without keys");
        var size = query.Rank == 5 ? query[4] : query[2] < 0 ? context.NewSymbol() : query[2] % _heads == 0 ? query[2] / _heads : throw new ModelException($"queries {query} are no rows of {_heads} heads");
        var (keys, valueSize) = (query[1], size);
        if (context.Shape(Key) is { } key)
        {
            keys = key.Rank == 4 ? key[2] : key[1];
            if (key.Rank is not (3 or 4 or 5)) throw new ModelException($"keys {key} are of rank {key.Rank}: 3, 4 or 5 are expected");
        }
        if (context.Shape(Value) is { } value) valueSize = value.Rank == 4 ? value[3] : value.Rank != 3 ? throw new ModelException($"values {value} are of rank {value.Rank}: 3 or 4 are expected") : value[2] >= 0 ? value[2] / _heads : context.NewSymbol();
        context.SetOutput(0, element, query[0], query[1], valueSize >= 0 ? valueSize * _heads : context.NewSymbol());
        var total = !context.HasInput(PastKey) ? keys : context.Shape(PastKey) is { Rank: 4 } past && past[2] >= 0 && keys >= 0 ? past[2] + keys : context.NewSymbol();
        context.SetOutput(1, element, query[0], _heads, total, size);
        context.SetOutput(2, element, query[0], _heads, total, valueSize);
        context.SetOutput(Scores, element, query[0], _heads, query[1], total);
    }

    protected override long ComputeScratchBytes(RunContext context)
    {
        var plan = new Plan(this, context);
        return sizeof(float) * ((long)plan.QueryCopy + plan.KeyCopy + plan.ValueCopy + plan.ScoreMask.ScratchLength + Kernels.Attention.ScratchLength(plan.Shape, context.Threads));
    }

    protected override void Compute(RunContext context)
    {
        var plan = new Plan(this, context);
        if (context.Output(0).Count == 0) return;
        plan.ScoreMask.Check();
        var scratch = MemoryMarshal.Cast<byte, float>(context.Scratch);
        var (query, key, value) = (context.Input(0), context.OptionalInput(Key) ?? context.Input(0), context.OptionalInput(Value) ?? context.OptionalInput(Key) ?? context.Input(0));
        ReadOnlySpan<float> queries = query.Values<float>()[plan.Queries.Start..];
        ReadOnlySpan<float> bias = context.OptionalInput(Bias) is { } given ? given.Values<float>() : default;
        if (plan.QueryCopy > 0)
        {
            plan.Queries.CopyTo(query.Values<float>(), bias[..(_heads * plan.Queries.Size)], scratch, HeadRows.Joined(plan.Queries.Batch, _heads, plan.Queries.Rows, plan.Queries.Size, _heads * plan.Queries.Size));
            queries = scratch[..plan.QueryCopy];
            scratch = scratch[plan.QueryCopy..];
        }
        var offset = bias.IsEmpty ? 0 : _heads * plan.Queries.Size;
        var keys = Join(context, plan, plan.Keys, key, PastKey, 1, bias.IsEmpty ? default : bias.Slice(offset, _heads * plan.Keys.Size), plan.KeyCopy, ref scratch);
        var values = Join(context, plan, plan.Values, value, PastValue, 2, bias.IsEmpty ? default : bias.Slice(offset + (_heads * plan.Keys.Size), _heads * plan.Values.Size), plan.ValueCopy, ref scratch);
        var mask = plan.ScoreMask.Build(_filter, scratch[..plan.ScoreMask.ScratchLength], out var strides);
        var scale = _scale != 0 ? _scale : (float)(1 / Math.Sqrt(plan.Shape.HeadSize));
        Kernels.Attention.Run(plan.Shape with { Mask = strides }, new AttentionOptions(scale, IsCausal: _causal, CausalOffset: plan.Past), queries, keys, values, mask, context.Output(0).Values<float>(), scratch[plan.ScoreMask.ScratchLength..], context.Threads);
        if (context.HasOutput(Scores)) HeadScores.Write(plan.Shape, scale, queries, keys, context.Output(Scores).Values<float>(), context.Threads);
    }

    /// <summary>New rows behind those of the past, [batch, heads, length, size]; the input itself where nothing is done to it.</summary>
    private static ReadOnlySpan<float> Join(RunContext context, in Plan plan, HeadRows rows, TensorValue source, int past, int output, ReadOnlySpan<float> bias, int copy, ref Span<float> scratch)
    {
        if (!plan.IsJoined) return source.Values<float>()[rows.Start..];
        var target = context.HasOutput(output) ? context.Output(output).Values<float>() : scratch[..copy];
        scratch = scratch[copy..];
        var all = HeadRows.Separate(rows.Batch, rows.Heads, plan.Past + rows.Rows, rows.Size);
        if (plan.Past > 0) HeadRows.Separate(rows.Batch, rows.Heads, plan.Past, rows.Size).CopyTo(context.Input(past).Values<float>(), default, target, all);
        rows.CopyTo(source.Values<float>(), bias, target, all.From(plan.Past, rows.Rows));
        return target;
    }

    /// <summary>The sizes of one run, checked.</summary>
    private readonly struct Plan
    {
        public Plan(MultiHeadAttention owner, RunContext context)
        {
            var heads = owner._heads;
            var (query, key, value) = (context.Input(0), context.OptionalInput(Key), context.OptionalInput(Value));
            var (batch, sequence) = ((int)query[0], (int)query[1]);
            if (query.Rank == 5)
            {
                var size = (int)query[4];
                if (query[2] != heads || query[3] != 3) throw new RecordException($"queries, keys and values [{batch},{sequence},{heads},3,size] are expected, {query.Type} is given");
                Queries = Packed(batch, heads, sequence, size, 3, 0);
                (Keys, Values) = (Packed(batch, heads, sequence, size, 3, 1), Packed(batch, heads, sequence, size, 3, 2));
            }
            else
            {
                Queries = HeadRows.Joined(batch, heads, sequence, (int)query[2] / heads, (int)query[2]);
                if (key!.Rank == 5)
                {
                    if (key[2] != heads || key[3] != 2) throw new RecordException($"keys and values [{batch},length,{heads},2,size] are expected, {key.Type} is given");
                    (Keys, Values) = (Packed((int)key[0], heads, (int)key[1], (int)key[4], 2, 0), Packed((int)key[0], heads, (int)key[1], (int)key[4], 2, 1));
                }
                else
                {
                    (Keys, Values) = (Rows(key, heads), Rows(value ?? throw new RecordException("values are missing"), heads));
                }
            }
            if (Keys.Batch != batch || Values.Batch != batch || Keys.Rows != Values.Rows || Keys.Size != Queries.Size) throw new RecordException($"queries {query.Type}, keys {key?.Type} and values {value?.Type} do not fit each other");
            if (context.OptionalInput(Bias) is { } bias && bias.Count != heads * (Queries.Size + Keys.Size + Values.Size)) throw new RecordException($"a bias of {heads * (Queries.Size + Keys.Size + Values.Size)} elements is expected, {bias.Type} is given");
            Past = context.OptionalInput(PastKey) is { } past ? Length(past, Keys) : 0;
            if (context.OptionalInput(PastValue) is { } pastValues && Length(pastValues, Values) != Past) throw new RecordException("past keys and past values differ in length");
            var total = Past + Keys.Rows;
            IsJoined = context.HasInput(PastKey) || context.HasInput(Bias) || context.HasOutput(1) || context.HasOutput(2);
            QueryCopy = context.HasInput(Bias) ? checked((int)Queries.Count) : 0;
            KeyCopy = IsJoined && !context.HasOutput(1) ? checked(batch * heads * total * Keys.Size) : 0;
            ValueCopy = IsJoined && !context.HasOutput(2) ? checked(batch * heads * total * Values.Size) : 0;
            ScoreMask = new AttentionMask(context.OptionalInput(Mask), context.OptionalInput(ScoreBias), batch, heads, sequence, total, Past);
            Shape = new AttentionShape(batch, heads, heads, sequence, total, Keys.Size, Values.Size)
            {
                Query = QueryCopy > 0 ? HeadRows.Joined(batch, heads, sequence, Queries.Size, heads * Queries.Size).Strides : Queries.Strides,
                Result = HeadRows.Joined(batch, heads, sequence, Values.Size, heads * Values.Size).Strides,
            };
            if (!IsJoined) Shape = Shape with { Key = Keys.Strides, Value = Values.Strides };
        }

        public HeadRows Queries { get; }

        public HeadRows Keys { get; }

        public HeadRows Values { get; }

        public int Past { get; }

        /// <summary>Keys and values are copied to [batch, heads, length, size].</summary>
        public bool IsJoined { get; }

        public int QueryCopy { get; }

        public int KeyCopy { get; }

        public int ValueCopy { get; }

        public AttentionMask ScoreMask { get; }

        public AttentionShape Shape { get; }

        /// <summary>One of several that lie side by side in each head.</summary>
        private static HeadRows Packed(int batch, int heads, int rows, int size, int parts, int part) =>
            new(batch, heads, rows, size, part * size, new RowStrides(checked(rows * heads * parts * size), parts * size, heads * parts * size));

        private static HeadRows Rows(TensorValue tensor, int heads) => tensor.Rank == 4
            ? tensor[1] == heads ? HeadRows.Separate((int)tensor[0], heads, (int)tensor[2], (int)tensor[3]) : throw new RecordException($"{heads} heads are expected, {tensor.Type} is given")
            : tensor[2] % heads == 0 ? HeadRows.Joined((int)tensor[0], heads, (int)tensor[1], (int)tensor[2] / heads, (int)tensor[2]) : throw new RecordException($"rows of {heads} heads are expected, {tensor.Type} is given");

        private static int Length(TensorValue past, HeadRows rows) => past.Rank == 4 && past[0] == rows.Batch && past[1] == rows.Heads && past[3] == rows.Size ? (int)past[2]
            : throw new RecordException($"a past [{rows.Batch},{rows.Heads},length,{rows.Size}] is expected, {past.Type} is given");
    }
}
