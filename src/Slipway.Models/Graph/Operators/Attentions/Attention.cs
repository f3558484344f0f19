using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// Attention (ai.onnx 23, 24): <c>softmax(softcap(scale · q kᵀ) + mask) v</c> for each head; heads of queries share those of keys and values in groups.
/// Keys and values of the past are put before the new ones; a causal mask and a window count from there, or without a past from where the queries end at <c>nonpad_kv_seqlen</c>.
/// A mask that is shorter than the keys hides the rest, as does <c>nonpad_kv_seqlen</c>. A query that sees no key gets zeros.
/// </summary>
internal sealed class Attention(NodeInfo node) : FloatOperator
{
    private const int Query = 0, Key = 1, Value = 2, Mask = 3, PastKey = 4, PastValue = 5, Lengths = 6;
    private readonly long _queryHeads = node.Int("q_num_heads", 0);
    private readonly long _keyHeads = node.Int("kv_num_heads", 0);
    private readonly bool _causal = node.Flag("is_causal");
    private readonly double _softcap = node.Float("softcap", 0);
    private readonly double _scale = node.Float("scale", 0);

    /// <summary>Keys that a query sees, its own the last of them; -1 for all.</summary>
    private readonly long _window = node.Int("local_window_size", -1) is (-1 or > 0) and var window ? window : throw node.Wrong("local_window_size must be -1 or above 0");
    private readonly long _scoresMode = node.Int("qk_matmul_output_mode", 0) is >= 0 and <= 3 and var mode ? mode : throw node.Wrong("qk_matmul_output_mode must be 0, 1, 2 or 3");

    /// <summary>A query that sees no key gets not-a-number, as the nodes that this one stands for give.</summary>
    public bool HiddenIsNaN { get; init; }

    public override void Infer(InferenceContext context)
    {
        var element = context.Element(Query);
        if (context.Shape(Query) is not { } query || context.Shape(Key) is not { } key || context.Shape(Value) is not { } value)
        {
            for (var i = 0; i < context.OutputCount; i++) context.SetOutput(i, context.Element(i == 2 ? Value : Query), (Shape?)null);
            return;
        }
        var (batch, heads, sequence, _) = Split(context, query, _queryHeads);
        var (_, keyHeads, keySequence, keySize) = Split(context, key, _keyHeads);
        var (_, _, _, valueSize) = Split(context, value, _keyHeads);
        var total = context.HasInput(PastKey)
            ? context.Shape(PastKey) is { Rank: 4 } past && past[2] >= 0 && keySequence >= 0 ? past[2] + keySequence : context.NewSymbol()
            : keySequence;
        if (query.Rank == 4) context.SetOutput(0, element, batch, heads, sequence, valueSize);
        else context.SetOutput(0, element, batch, sequence, valueSize >= 0 ? heads * valueSize : context.NewSymbol());
        context.SetOutput(1, context.Element(Key), batch, keyHeads, total, keySize);
        context.SetOutput(2, context.Element(Value), batch, keyHeads, total, valueSize);
        context.SetOutput(3, element, batch, heads, sequence, total);
    }

    protected override long ComputeScratchBytes(RunContext context)
    {
        var plan = new Plan(this, context);
        var width = (long)context.Input(Query).Element.Width;
        var scores = IsInBlocks(context, plan) ? Kernels.Attention.ScratchLength(plan.InBlocks(context.OptionalInput(Mask)), context.Threads) + (context.OptionalInput(Mask) is { Element: DataType.Bool } mask ? mask.Count : 0) : plan.ScoresCount;
        return width * (scores + (plan.NeedsKeys(context) ? plan.KeysCount : 0) + (plan.NeedsValues(context) ? plan.ValuesCount : 0));
    }

    protected override void Compute(RunContext context)
    {
        if (context.Input(Query).Element == DataType.Float32) Run<float>(context);
        else if (context.Input(Query).Element == DataType.Float64) Run<double>(context);
        else throw new RecordException($"floats are expected, {context.Input(Query).Type} is given");
    }

    private static (long Batch, long Heads, long Sequence, long Size) Split(InferenceContext context, Shape shape, long heads)
    {
        if (shape.Rank == 4) return (shape[0], shape[1], shape[2], shape[3]);
        if (shape.Rank != 3 || heads <= 0) throw new ModelException($"a tensor [batch, heads, sequence, size], or [batch, sequence, heads · size] and the number of heads are expected, {shape} is given");
        if (shape[2] >= 0 && shape[2] % heads != 0) throw new ModelException($"the last dimension of {shape} is not a multiple of {heads} heads");
        return (shape[0], heads, shape[1], shape[2] >= 0 ? shape[2] / heads : context.NewSymbol());
    }

    private void Run<T>(RunContext context) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var plan = new Plan(this, context);
        var scratch = MemoryMarshal.Cast<byte, T>(context.Scratch);
        var keys = Join<T>(context, Key, PastKey, 1, plan.Keys, plan.NeedsKeys(context), plan.KeysCount, ref scratch, out var keyLayout);
        var values = Join<T>(context, Value, PastValue, 2, plan.Values, plan.NeedsValues(context), plan.ValuesCount, ref scratch, out var valueLayout);
        ReadOnlySpan<T> queries = context.Input(Query).Values<T>();
        var y = context.Output(0).Values<T>();
        if (IsInBlocks(context, plan))
        {
            RunInBlocks(context, plan, keyLayout, valueLayout, MemoryMarshal.Cast<T, float>(queries), MemoryMarshal.Cast<T, float>(keys), MemoryMarshal.Cast<T, float>(values), MemoryMarshal.Cast<T, float>(y), MemoryMarshal.Cast<T, float>(scratch));
            return;
        }
        var scores = scratch[..plan.ScoresCount];
        var result = plan.Queries with { Size = plan.Values.Size };
        var group = plan.Queries.Heads / plan.Keys.Heads;
        T? scale = T.CreateTruncating(_scale != 0 ? _scale : 1 / Math.Sqrt(plan.Queries.Size));
        for (var batch = 0; batch < plan.Queries.Batch; batch++)
        {
            for (var head = 0; head < plan.Queries.Heads; head++)
            {
                Gemm.Run(plan.Queries.Sequence, plan.Total, plan.Queries.Size, queries[plan.Queries.Start(batch, head)..], plan.Queries.Step, 1,
                    keys[keyLayout.Start(batch, head / group)..], 1, keyLayout.Step, scores, plan.Total, new GemmEpilogue<T> { Alpha = scale }, context.Threads);
                Weigh(context, plan, batch, head, scores);
                Gemm.Run(plan.Queries.Sequence, plan.Values.Size, plan.Total, scores, plan.Total, 1,
                    values[valueLayout.Start(batch, head / group)..], valueLayout.Step, 1, y[result.Start(batch, head)..], result.Step, default, context.Threads);
            }
        }
    }

    /// <summary>Float32 without lengths, window and scores as an output: the kernel never holds all scores.</summary>
    private bool IsInBlocks(RunContext context, in Plan plan) => context.Input(Query).Element == DataType.Float32 && _window < 0 && !context.HasOutput(3) && !context.HasInput(Lengths)
        && (context.OptionalInput(Mask) is not { } mask || Width(mask) == plan.Total);

    private void RunInBlocks(RunContext context, in Plan plan, HeadLayout keyLayout, HeadLayout valueLayout, ReadOnlySpan<float> queries, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, Span<float> y, Span<float> scratch)
    {
        var mask = context.OptionalInput(Mask);
        ReadOnlySpan<float> biases = default;
        if (mask is { Element: DataType.Bool })
        {
            var hidden = scratch[..mask.Count];
            var flags = mask.Values<byte>();
            for (var i = 0; i < hidden.Length; i++) hidden[i] = flags[i] != 0 ? 0 : float.NegativeInfinity;
            biases = hidden;
            scratch = scratch[mask.Count..];
        }
        else if (mask is not null)
        {
            biases = mask.Values<float>();
        }
        var shape = plan.InBlocks(mask) with { Key = Strides(keyLayout), Value = Strides(valueLayout) };
        var threads = context.Threads;
        while (threads > 1 && Kernels.Attention.ScratchLength(shape, threads) > scratch.Length) threads--;
        var scale = (float)(_scale != 0 ? _scale : 1 / Math.Sqrt(plan.Queries.Size));
        Kernels.Attention.Run(shape, new AttentionOptions(scale, (float)_softcap, IsCausal: _causal, CausalOffset: plan.Past, HiddenIsNaN: HiddenIsNaN), queries, keys, values, biases, y, scratch, threads);
    }

    private static RowStrides Strides(HeadLayout layout) => new(layout.Sequence * layout.Heads * layout.Size, layout.IsPacked ? layout.Size : layout.Sequence * layout.Size, layout.Step);

    /// <summary>Scores of one head to weights: soft cap, mask, softmax.</summary>
    private void Weigh<T>(RunContext context, in Plan plan, int batch, int head, Span<T> scores) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var kept = context.HasOutput(3) ? context.Output(3).Values<T>().Slice((batch * plan.Queries.Heads + head) * scores.Length, scores.Length) : default;
        if (_scoresMode == 0) scores.CopyTo(kept.IsEmpty ? scores : kept);
        if (_softcap != 0)
        {
            foreach (ref var score in scores) score = T.CreateTruncating(_softcap * Math.Tanh(double.CreateTruncating(score) / _softcap));
        }
        if (_scoresMode == 1) scores.CopyTo(kept.IsEmpty ? scores : kept);
        Hide(context, plan, batch, head, scores);
        if (_scoresMode == 2) scores.CopyTo(kept.IsEmpty ? scores : kept);
        if (typeof(T) == typeof(float)) AttentionWeights.Run(MemoryMarshal.Cast<T, float>(scores), plan.Queries.Sequence, plan.Total, context.Threads);
        else AttentionWeights.Run(MemoryMarshal.Cast<T, double>(scores), plan.Queries.Sequence, plan.Total, context.Threads);
        if (_scoresMode == 3) scores.CopyTo(kept.IsEmpty ? scores : kept);
    }

    private void Hide<T>(RunContext context, in Plan plan, int batch, int head, Span<T> scores) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var mask = context.OptionalInput(Mask);
        var length = context.OptionalInput(Lengths) is { } lengths ? Math.Clamp(lengths.IntAt(batch), 0, plan.Total) : plan.Total;
        var offset = context.HasInput(Lengths) && !context.HasInput(PastKey) ? length - plan.Queries.Sequence : plan.Past;
        for (var row = 0; row < plan.Queries.Sequence; row++)
        {
            var line = scores.Slice(row * plan.Total, plan.Total);
            if (mask is not null) Add(mask, plan, batch, head, row, line);
            var own = offset + row + 1;
            line[(int)Math.Clamp(_causal || _window > 0 ? own : length, 0, length)..].Fill(T.NegativeInfinity);
            if (_window > 0) line[..(int)Math.Clamp(own - _window, 0, plan.Total)].Fill(T.NegativeInfinity);
        }
    }

    private static void Add<T>(TensorValue mask, in Plan plan, int batch, int head, int row, Span<T> line) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var length = (int)Width(mask);
        var start = 0;
        var step = length;
        ReadOnlySpan<int> places = [row, head, batch];
        for (var i = 0; i < mask.Rank - 1; i++)
        {
            var size = (int)mask[mask.Rank - 2 - i];
            if (size > 1) start += places[i] * step;
            step *= size;
        }
        if (mask.Element == DataType.Bool)
        {
            var flags = mask.Values<byte>().Slice(start, length);
            for (var i = 0; i < line.Length; i++)
            {
                if (i >= length && length > 1 || flags[length == 1 ? 0 : i] == 0) line[i] = T.NegativeInfinity;
            }
            return;
        }
        var biases = mask.Values<T>().Slice(start, length);
        for (var i = 0; i < line.Length; i++) line[i] = i >= length && length > 1 ? T.NegativeInfinity : line[i] + biases[length == 1 ? 0 : i];
    }

    /// <summary>Elements of a row of a mask; a scalar is one.</summary>
    private static long Width(TensorValue mask) => mask.Rank == 0 ? 1 : mask[mask.Rank - 1];

    /// <summary>Keys or values with those of the past before them, [batch, heads, total, size]; the input itself where it need not be moved.</summary>
    private static ReadOnlySpan<T> Join<T>(RunContext context, int input, int past, int output, HeadLayout layout, bool needsScratch, int count, ref Span<T> scratch, out HeadLayout joined) where T : unmanaged
    {
        var source = context.Input(input).Values<T>();
        joined = layout;
        if (!context.HasOutput(output) && !needsScratch) return source;
        Span<T> target;
        if (context.HasOutput(output))
        {
            target = context.Output(output).Values<T>();
        }
        else
        {
            target = scratch[..count];
            scratch = scratch[count..];
        }
        var before = context.OptionalInput(past);
        var pastRows = before is null ? 0 : (int)before[2];
        joined = new HeadLayout(layout.Batch, layout.Heads, pastRows + layout.Sequence, layout.Size, false);
        for (var batch = 0; batch < layout.Batch; batch++)
        {
            for (var head = 0; head < layout.Heads; head++)
            {
                var to = target[joined.Start(batch, head)..];
                before?.Values<T>().Slice((batch * layout.Heads + head) * pastRows * layout.Size, pastRows * layout.Size).CopyTo(to);
                to = to[(pastRows * layout.Size)..];
                var from = source[layout.Start(batch, head)..];
                for (var row = 0; row < layout.Sequence; row++) from.Slice(row * layout.Step, layout.Size).CopyTo(to[(row * layout.Size)..]);
            }
        }
        return target;
    }

    /// <summary>The sizes of one run, checked.</summary>
    private readonly struct Plan
    {
        public Plan(Attention owner, RunContext context)
        {
            Queries = HeadLayout.Of(context.Input(Query), owner._queryHeads);
            Keys = HeadLayout.Of(context.Input(Key), owner._keyHeads);
            Values = HeadLayout.Of(context.Input(Value), owner._keyHeads);
            Past = context.OptionalInput(PastKey) is { } past ? CheckedPast(past, Keys) : 0;
            var pastValues = context.OptionalInput(PastValue) is { } values ? CheckedPast(values, Values) : 0;
            Total = Past + Keys.Sequence;
            if (Keys.Batch != Queries.Batch || Values.Batch != Queries.Batch || Values.Heads != Keys.Heads || Values.Sequence != Keys.Sequence || pastValues != Past || Keys.Size != Queries.Size
                || Keys.Heads == 0 || Queries.Heads % Keys.Heads != 0)
            {
                throw new RecordException($"queries {context.Input(Query).Type}, keys {context.Input(Key).Type} and values {context.Input(Value).Type} do not fit each other");
            }
            if (context.OptionalInput(Mask) is { } mask) CheckMask(mask);
            if (context.OptionalInput(Lengths) is { } lengths && lengths.Count != Queries.Batch) throw new RecordException($"{Queries.Batch} lengths are expected, {lengths.Type} is given");
        }

        public HeadLayout Queries { get; }

        public HeadLayout Keys { get; }

        public HeadLayout Values { get; }

        public int Past { get; }

        /// <summary>Keys, with those of the past.</summary>
        public int Total { get; }

        public int ScoresCount => checked(Queries.Sequence * Total);

        public int KeysCount => checked(Keys.Batch * Keys.Heads * Total * Keys.Size);

        public int ValuesCount => checked(Values.Batch * Values.Heads * Total * Values.Size);

        /// <summary>The sizes and places of queries, masks and results for the kernel; those of keys and values as if they lay in their inputs.</summary>
        public AttentionShape InBlocks(TensorValue? mask)
        {
            int Step(int axis, int step) => mask is not null && mask.Rank > axis && mask[mask.Rank - 1 - axis] > 1 ? step : 0;
            var rows = mask is { Rank: > 1 } ? (int)mask[mask.Rank - 2] : 1;
            var heads = mask is { Rank: > 2 } ? (int)mask[mask.Rank - 3] : 1;
            return new AttentionShape(Queries.Batch, Queries.Heads, Keys.Heads, Queries.Sequence, Total, Queries.Size, Values.Size)
            {
                Query = Strides(Queries), Result = Strides(Queries with { Size = Values.Size }), Mask = new(Step(3, heads * rows * Total), Step(2, rows * Total), Step(1, Total)),
            };
        }

        public bool NeedsKeys(RunContext context) => Past > 0 && !context.HasOutput(1);

        public bool NeedsValues(RunContext context) => Past > 0 && !context.HasOutput(2);

        private static int CheckedPast(TensorValue past, HeadLayout layout) =>
            past.Rank == 4 && past[0] == layout.Batch && past[1] == layout.Heads && past[3] == layout.Size ? (int)past[2]
            : throw new RecordException($"a past [{layout.Batch}, {layout.Heads}, sequence, {layout.Size}] is expected, {past.Type} is given");

        private void CheckMask(TensorValue mask)
        {
            ReadOnlySpan<long> sizes = [Queries.Sequence, Queries.Heads, Queries.Batch];
            var fits = mask.Rank <= 4 && Width(mask) <= Total;
            for (var i = 0; fits && i < mask.Rank - 1; i++) fits = mask[mask.Rank - 2 - i] == 1 || mask[mask.Rank - 2 - i] == sizes[i];
            if (!fits || Width(mask) == 0) throw new RecordException($"a mask that broadcasts to [{Queries.Batch},{Queries.Heads},{Queries.Sequence},{Total}] is expected, {mask.Type} is given");
        }
    }
}
