using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// GroupQueryAttention: causal attention whose heads of queries share heads of keys and values, with a cache [batch, key heads, length, size]. Inputs query (with keys and values behind it in each row, when these
/// are not given), key, value, past keys, past values, how many keys each sequence has less one, how many the longest has, cosines and sines [positions, pairs], position ids, attention bias. A first
/// prompt begins at 0; other tokens stand behind as many of the cache as are left. Keys may be hidden that are further away than a local window.
/// </summary>
internal sealed class GroupQueryAttention : FloatOperator
{
    private const int Key = 1, Value = 2, PastKey = 3, PastValue = 4, Lengths = 5, Total = 6, Cosine = 7, Sine = 8, Positions = 9, ScoreBias = 10, Sink = 11;
    private readonly int _queryHeads, _keyHeads;
    private readonly long _window;
    private readonly bool _rotates, _neighbours;
    private readonly float _scale, _cap;

    public GroupQueryAttention(NodeInfo node)
    {
        var (queries, keys) = (node.Int("num_heads"), node.Int("kv_num_heads"));
        if (queries is < 1 or > int.MaxValue || keys < 1 || queries % keys != 0) throw node.Wrong($"num_heads {queries} must be a multiple of kv_num_heads {keys}");
        if (node.Flag("smooth_softmax") || node.HasInput(Sink)) throw node.Unsupported("a smoothed softmax (smooth_softmax, head_sink)");
        if (node.Text("k_quant_type", "NONE") != "NONE" || node.Text("v_quant_type", "NONE") != "NONE") throw node.Unsupported("a quantized cache");
        if (!node.Flag("causal", true) || node.Flag("sliding_window_cache") || node.Int("qk_output", 0) != 0 || node.HasOutput(3) || node.HasInput(14)) throw node.Unsupported("causal = 0, sliding_window_cache, qk_output or q_norm_weight");
        if (node.HasInput(Key) != node.HasInput(Value) || node.HasInput(PastKey) != node.HasInput(PastValue)) throw node.Wrong("keys and values come together, those of the past, too");
        (_queryHeads, _keyHeads, _window) = ((int)queries, (int)keys, node.Int("local_window_size", -1));
        (_rotates, _neighbours, _scale, _cap) = (node.Flag("do_rotary"), node.Flag("rotary_interleaved"), node.Float("scale", 0), node.Float("softcap", 0));
        if (_rotates && !(node.HasInput(Cosine) && node.HasInput(Sine))) throw node.Wrong("do_rotary needs cosines and sines");
    }

    public override void Infer(InferenceContext context)
    {
        var element = context.Element(0);
        if (context.Shape(0) is not { } query)
        {
            for (var i = 0; i < 3; i++) context.SetOutput(i, element, (Shape?)null);
            return;
        }
        if (query.Rank != 3) throw new ModelException($"queries [batch, sequence, heads · size] are expected, {query} is given");
        var rows = context.HasInput(Key) ? _queryHeads : _queryHeads + (2 * _keyHeads);
        var size = query[2] < 0 ? context.NewSymbol() : query[2] % rows == 0 ? query[2] / rows : throw new ModelException($"rows of {query} are no {rows} heads");
        context.SetOutput(0, element, query[0], query[1], size >= 0 ? size * _queryHeads : context.NewSymbol());
        var length = context.Constant(Total) is { Count: 1 } total ? total.IntAt(0) : context.NewSymbol();
        if (context.HasInput(PastKey) && length >= 0) length = context.Shape(PastKey) is { Rank: 4 } past && past[2] >= 0 ? Math.Max(past[2], length) : context.NewSymbol();
        context.SetOutput(1, element, query[0], _keyHeads, length, size);
        context.SetOutput(2, element, query[0], _keyHeads, length, size);
    }

    protected override long ComputeScratchBytes(RunContext context)
    {
        // How many keys there are is not known yet: at most those of the past and the new ones.
        var most = (context.OptionalInput(PastKey) is { Rank: 4 } past ? past[2] : 0) + context.Input(0)[1];
        var plan = new Plan(this, context, most);
        return sizeof(float) * ((long)plan.QueryCopy + plan.KeyCopy + plan.ValueCopy + plan.WindowLength + Kernels.Attention.MostScratchLength(plan.Longest, context.Threads));
    }

    protected override void Compute(RunContext context)
    {
        if (context.Output(0).Count == 0) return;
        if (context.Input(Total) is not { Count: 1 } total) throw new RecordException($"the total length is one number, {context.Input(Total).Type} is given");
        var plan = new Plan(this, context, total.IntAt(0));
        plan.Check(context);
        var scratch = MemoryMarshal.Cast<byte, float>(context.Scratch);
        var query = context.Input(0);
        var queries = scratch[..plan.QueryCopy];
        scratch = scratch[plan.QueryCopy..];
        var cacheK = context.HasOutput(1) ? context.Output(1).Values<float>() : scratch[..plan.KeyCopy];
        scratch = scratch[plan.KeyCopy..];
        var cacheV = context.HasOutput(2) ? context.Output(2).Values<float>() : scratch[..plan.ValueCopy];
        scratch = scratch[plan.ValueCopy..];
        var window = scratch[..plan.WindowLength];
        var rest = scratch[plan.WindowLength..];
        var all = HeadRows.Separate(plan.Batch, _keyHeads, plan.Length, plan.Size);
        var ordered = HeadRows.Joined(plan.Batch, _queryHeads, plan.Sequence, plan.Size, _queryHeads * plan.Size);
        plan.Queries.CopyTo(query.Values<float>(), default, queries, ordered);
        cacheK.Clear();
        cacheV.Clear();
        for (var item = 0; item < plan.Batch; item++)
        {
            var past = plan.Past(context, item);
            Fill(context, item, past, plan, plan.Keys, context.OptionalInput(Key) ?? query, context.OptionalInput(PastKey), cacheK, all);
            Fill(context, item, past, plan, plan.Values, context.OptionalInput(Value) ?? query, context.OptionalInput(PastValue), cacheV, all);
            if (_rotates)
            {
                Turn(context, item, past, plan, queries, ordered);
                Turn(context, item, past, plan, cacheK, all.From(past, plan.Sequence));
            }
            var keys = past + plan.Sequence;
            var shape = plan.Longest with { Keys = keys, Key = all.Strides, Value = all.Strides };
            var mask = Mask(context.OptionalInput(ScoreBias), item, past, keys, plan, window, out var strides);
            var options = new AttentionOptions(_scale != 0 ? _scale : (float)(1 / Math.Sqrt(plan.Size)), _cap, IsCausal: true, CausalOffset: past);
            Kernels.Attention.Run(shape with { Mask = strides }, options, queries.Slice(item * ordered.Strides.Batch, ordered.Strides.Batch), cacheK.Slice(item * all.Strides.Batch, all.Strides.Batch), cacheV.Slice(item * all.Strides.Batch, all.Strides.Batch), mask,
                context.Output(0).Values<float>().Slice(item * ordered.Strides.Batch, ordered.Strides.Batch), rest, context.Threads);
        }
    }

    /// <summary>One sequence's cache: what is past, and behind it the new rows.</summary>
    private static void Fill(RunContext context, int item, int past, in Plan plan, HeadRows rows, TensorValue source, TensorValue? before, Span<float> cache, HeadRows all)
    {
        var target = One(all, item);
        if (past > 0) One(HeadRows.Separate(plan.Batch, rows.Heads, (int)before![2], plan.Size), item).From(0, past).CopyTo(before.Values<float>(), default, cache, target);
        One(rows, item).CopyTo(source.Values<float>(), default, cache, target.From(past, rows.Rows));
    }

    private static HeadRows One(HeadRows rows, int item) => rows with { Batch = 1, Start = rows.Start + (item * rows.Strides.Batch) };

    private void Turn(RunContext context, int item, int past, in Plan plan, Span<float> vectors, HeadRows rows)
    {
        var (cosines, sines, positions) = (context.Input(Cosine), context.Input(Sine), context.OptionalInput(Positions));
        var pairs = (int)cosines[1];
        for (var row = 0; row < plan.Sequence; row++)
        {
            var position = positions is null ? past + row : positions.IntAt((item * plan.Sequence) + row);
            if (position < 0 || position >= cosines[0]) throw new RecordException($"position {position} is outside of a table of {cosines[0]}");
            var cosine = cosines.Values<float>().Slice((int)position * pairs, pairs);
            var sine = sines.Values<float>().Slice((int)position * pairs, pairs);
            for (var head = 0; head < rows.Heads; head++)
            {
                var vector = vectors.Slice(rows.Start + (item * rows.Strides.Batch) + (head * rows.Strides.Head) + (row * rows.Strides.Row), plan.Size);
                RotaryPairs.Turn(vector, vector, cosine, sine, _neighbours);
            }
        }
    }

    /// <summary>The bias of one sequence, with what the window hides.</summary>
    private ReadOnlySpan<float> Mask(TensorValue? bias, int item, int past, int total, in Plan plan, Span<float> window, out RowStrides strides)
    {
        strides = default;
        if (bias is null && window.IsEmpty) return default;
        var width = bias is null ? total : (int)bias[3];
        var heads = bias is null ? 1 : (int)bias[1];
        strides = new RowStrides(0, heads == 1 ? 0 : plan.Sequence * width, width);
        var own = bias is null ? default : bias.Values<float>().Slice((bias[0] == 1 ? 0 : item) * heads * plan.Sequence * width, heads * plan.Sequence * width);
        if (window.IsEmpty) return own;
        var sums = window[..(heads * plan.Sequence * width)];
        if (bias is null) sums.Clear();
        else own.CopyTo(sums);
        for (var row = 0; row < heads * plan.Sequence; row++)
        {
            var first = past + (row % plan.Sequence) + 1 - _window;
            if (first > 0) sums.Slice(row * width, (int)Math.Min(first, width)).Fill(float.NegativeInfinity);
        }
        return sums;
    }

    /// <summary>The sizes of one run, checked.</summary>
    private readonly struct Plan
    {
        private readonly bool _isPrompt, _rotates;
        private readonly long _total;

        public Plan(GroupQueryAttention owner, RunContext context, long total)
        {
            var (query, key, value, past) = (context.Input(0), context.OptionalInput(Key), context.OptionalInput(Value), context.OptionalInput(PastKey));
            (Batch, Sequence) = ((int)query[0], (int)query[1]);
            var width = (int)query[2];
            Size = width / (key is null ? owner._queryHeads + (2 * owner._keyHeads) : owner._queryHeads);
            var (queryWidth, keyWidth) = (Size * owner._queryHeads, Size * owner._keyHeads);
            if (key is not null && !(Fits(key, keyWidth) && Fits(value!, keyWidth))) throw new RecordException($"keys and values [{Batch},{Sequence},{keyWidth}] are expected, {key.Type} and {value!.Type} are given");
            Queries = HeadRows.Joined(Batch, owner._queryHeads, Sequence, Size, width);
            Keys = HeadRows.Joined(Batch, owner._keyHeads, Sequence, Size, key is null ? width : keyWidth, key is null ? queryWidth : 0);
            Values = HeadRows.Joined(Batch, owner._keyHeads, Sequence, Size, key is null ? width : keyWidth, key is null ? queryWidth + keyWidth : 0);
            if (past is not null && !(IsCache(past, owner._keyHeads) && IsCache(context.Input(PastValue), owner._keyHeads) && context.Input(PastValue)[2] == past[2])) throw new RecordException($"past keys and values [{Batch},{owner._keyHeads},length,{Size}] are expected, {past.Type} and {context.Input(PastValue).Type} are given");
            var known = past is null ? 0 : past[2];
            if (total < Sequence || total > known + Sequence) throw new RecordException($"a total length of {Sequence} to {known + Sequence} is expected, {total} is given");
            _isPrompt = total == Sequence;
            Length = (int)Math.Max(known, total);
            QueryCopy = checked((int)Queries.Count);
            var cache = checked(Batch * owner._keyHeads * Length * Size);
            (KeyCopy, ValueCopy) = (context.HasOutput(1) ? 0 : cache, context.HasOutput(2) ? 0 : cache);
            var bias = context.OptionalInput(ScoreBias);
            if (bias is not null && (bias.Rank != 4 || (bias[0] != 1 && bias[0] != Batch) || (bias[1] != 1 && bias[1] != owner._queryHeads) || bias[2] != Sequence || bias[3] > total)) throw new RecordException($"an attention bias [{Batch} or 1, {owner._queryHeads} or 1, {Sequence}, total length] is expected, {bias.Type} is given");
            WindowLength = owner._window < 0 ? 0 : checked((int)(bias?[1] ?? 1) * Sequence * Length);
            (_total, _rotates) = (total, owner._rotates);
            Longest = new AttentionShape(1, owner._queryHeads, owner._keyHeads, Sequence, Length, Size, Size)
            {
                Query = HeadRows.Joined(1, owner._queryHeads, Sequence, Size, queryWidth).Strides,
                Result = HeadRows.Joined(1, owner._queryHeads, Sequence, Size, queryWidth).Strides,
            };
        }

        public int Batch { get; }

        public int Sequence { get; }

        public int Size { get; }

        /// <summary>Rows of the cache.</summary>
        public int Length { get; }

        public HeadRows Queries { get; }

        public HeadRows Keys { get; }

        public HeadRows Values { get; }

        public int QueryCopy { get; }

        public int KeyCopy { get; }

        public int ValueCopy { get; }

        public int WindowLength { get; }

        /// <summary>One sequence with as many keys as the cache holds.</summary>
        public AttentionShape Longest { get; }

        /// <summary>Keys before a sequence's first token.</summary>
        public int Past(RunContext context, int item)
        {
            if (_isPrompt) return 0;
            var past = context.Input(Lengths).IntAt(item) + 1 - Sequence;
            var known = context.OptionalInput(PastKey) is { } cache ? cache[2] : 0;
            return past >= 0 && past <= known && past + Sequence <= _total ? (int)past : throw new RecordException($"sequence {item} has {past} tokens of the past; the cache holds {known}, and with the new ones there are {_total} in all");
        }

        private bool Fits(TensorValue rows, int width) => rows.Rank == 3 && rows[0] == Batch && rows[1] == Sequence && rows[2] == width;

        private bool IsCache(TensorValue cache, int heads) => cache.Rank == 4 && cache[0] == Batch && cache[1] == heads && cache[3] == Size;

        /// <exception cref="RecordException">What only the elements tell does not fit.</exception>
        public void Check(RunContext context)
        {
            if (context.Input(Lengths) is not { Element: DataType.Int32 } lengths || lengths.Count != Batch) throw new RecordException($"{Batch} lengths of int32 are expected, {context.Input(Lengths).Type} is given");
            if (context.OptionalInput(ScoreBias) is { } bias && bias[3] != _total) throw new RecordException($"an attention bias for {_total} keys is expected, {bias.Type} is given");
            if (!_rotates) return;
            var (cosines, sines, positions) = (context.Input(Cosine), context.Input(Sine), context.OptionalInput(Positions));
            if (cosines.Rank != 2 || sines.Rank != 2 || cosines[1] > Size / 2 || !cosines.Shape.SequenceEqual(sines.Shape)) throw new RecordException($"cosines and sines [positions, at most {Size / 2}] are expected, {cosines.Type} and {sines.Type} are given");
            if (positions is not null && positions.Count != Batch * Sequence) throw new RecordException($"positions [{Batch},{Sequence}] are expected, {positions.Type} is given");
        }
    }
}
