using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// Attention and QAttention: queries, keys and values are one product of the input [batch, sequence, size] with merged weights, then <c>softmax(scale · q kᵀ + mask) v</c> for each head.
/// The past [2, batch, heads, length, size] is put before the new keys and values and handed on as the second output.
/// </summary>
internal abstract class SelfAttention : FloatOperator
{
    private readonly int _mask, _past, _bias;
    private readonly int _heads;
    private readonly long[]? _sizes;
    private readonly bool _causal;
    private readonly float _filter, _scale;

    protected SelfAttention(NodeInfo node, int mask, int past, int bias)
    {
        (_mask, _past, _bias) = (mask, past, bias);
        var heads = node.Int("num_heads");
        if (heads is < 1 or > int.MaxValue) throw node.Wrong($"num_heads is {heads}");
        if (node.Flag("do_rotary")) throw node.Unsupported("do_rotary: a rotary position embedding inside of the attention");
        if (node.Flag("past_present_share_buffer")) throw node.Unsupported("past_present_share_buffer: a past that the present is written into");
        (_heads, _sizes, _causal) = ((int)heads, node.Ints("qkv_hidden_sizes"), node.Flag("unidirectional"));
        (_filter, _scale) = (node.Float("mask_filter_value", -10000), node.Float("scale", 0));
        if (_sizes is not null && (_sizes.Length != 3 || Array.Exists(_sizes, s => s < 1 || s % heads != 0) || _sizes[0] != _sizes[1])) throw node.Wrong("qkv_hidden_sizes must be the sizes of queries, keys and values, multiples of num_heads, the first two alike");
    }

    /// <summary>Writes the merged product [batch · sequence, queries, keys, values side by side].</summary>
    protected abstract void Project(RunContext context, Span<float> product, int width);

    protected abstract DataType Result(InferenceContext context);

    public override void Infer(InferenceContext context)
    {
        var (input, weights, element) = (context.Shape(0), context.Shape(1), Result(context));
        if (input is { Rank: not 3 } || weights is { Rank: not 2 }) throw new ModelException($"an input [batch, sequence, size] and weights [size, queries + keys + values] are expected, {input} and {weights} are given");
        if (input is not null && weights is not null && input[2] >= 0 && weights[0] >= 0 && input[2] != weights[0]) throw new ModelException($"the input {input} does not fit weights {weights}");
        var (batch, sequence) = input is null ? (context.NewSymbol(), context.NewSymbol()) : (input[0], input[1]);
        if (weights is { IsConcrete: true }) Sizes(weights[1]);
        long value = _sizes is not null ? _sizes[2] : weights is not null && weights[1] >= 0 ? weights[1] / 3 : context.NewSymbol();
        context.SetOutput(0, element, batch, sequence, value);
        var total = !context.HasInput(_past) ? sequence : context.Shape(_past) is { Rank: 5 } past && past[3] >= 0 && sequence >= 0 ? past[3] + sequence : context.NewSymbol();
        context.SetOutput(1, element, 2, batch, _heads, total, value >= 0 ? value / _heads : value);
    }

    private (int Key, int Value) Sizes(long width)
    {
        if (_sizes is not null) return _sizes.Sum() == width ? ((int)_sizes[0], (int)_sizes[2]) : throw new ModelException($"qkv_hidden_sizes are {_sizes.Sum()} together, the weights have {width} columns");
        if (width % (3L * _heads) != 0) throw new ModelException($"{width} columns of weights are no queries, keys and values of {_heads} heads");
        return ((int)(width / 3), (int)(width / 3));
    }

    protected override long ComputeScratchBytes(RunContext context)
    {
        var plan = new Plan(this, context);
        return sizeof(float) * ((long)plan.Product + plan.Joined + plan.Mask.ScratchLength + Kernels.Attention.ScratchLength(plan.Shape, context.Threads));
    }

    protected override void Compute(RunContext context)
    {
        var plan = new Plan(this, context);
        if (context.Output(0).Count == 0) return;
        plan.Mask.Check();
        var scratch = MemoryMarshal.Cast<byte, float>(context.Scratch);
        var product = scratch[..plan.Product];
        Project(context, product, plan.Width);
        var joined = context.HasOutput(1) ? context.Output(1).Values<float>() : scratch.Slice(plan.Product, plan.Joined);
        scratch = scratch[(plan.Product + plan.Joined)..];
        ReadOnlySpan<float> keys = product[plan.NewKeys.Start..], values = product[plan.NewValues.Start..];
        if (plan.IsJoined)
        {
            var half = (int)plan.AllKeys.Count;
            if (context.OptionalInput(_past) is { Count: > 0 } past)
            {
                var before = HeadRows.Separate(plan.Batch, _heads, plan.Past, plan.AllKeys.Size);
                before.CopyTo(past.Values<float>()[..(past.Count / 2)], default, joined[..half], plan.AllKeys);
                before.CopyTo(past.Values<float>()[(past.Count / 2)..], default, joined[half..], plan.AllKeys);
            }
            plan.NewKeys.CopyTo(product, default, joined[..half], plan.AllKeys.From(plan.Past, plan.Sequence));
            plan.NewValues.CopyTo(product, default, joined[half..], plan.AllKeys.From(plan.Past, plan.Sequence));
            keys = joined[..half];
            values = joined[half..];
        }
        var mask = plan.Mask.Build(_filter, scratch[..plan.Mask.ScratchLength], out var strides);
        var scale = _scale != 0 ? _scale : (float)(1 / Math.Sqrt(plan.Shape.HeadSize));
        Kernels.Attention.Run(plan.Shape with { Mask = strides }, new AttentionOptions(scale, IsCausal: _causal, CausalOffset: plan.Past), product, keys, values, mask, context.Output(0).Values<float>(), scratch[plan.Mask.ScratchLength..], context.Threads);
    }

    /// <summary>The sizes of one run, checked.</summary>
    private readonly struct Plan
    {
        public Plan(SelfAttention owner, RunContext context)
        {
            var (input, weights, past) = (context.Input(0), context.Input(1), context.OptionalInput(owner._past));
            (Batch, Sequence, Width) = ((int)input[0], (int)input[1], (int)weights[1]);
            var (key, value) = owner.Sizes(Width);
            var (keySize, valueSize) = (key / owner._heads, value / owner._heads);
            IsJoined = past is not null || context.HasOutput(1);
            if (IsJoined && keySize != valueSize) throw new RecordException($"a past or present wants values as long as keys: their heads have {valueSize} and {keySize} elements");
            if (past is not null && (past.Rank != 5 || past[0] != 2 || past[1] != Batch || past[2] != owner._heads || past[4] != keySize)) throw new RecordException($"a past [2,{Batch},{owner._heads},length,{keySize}] is expected, {past.Type} is given");
            Past = past is null ? 0 : (int)past[3];
            var total = Past + Sequence;
            NewKeys = HeadRows.Joined(Batch, owner._heads, Sequence, keySize, Width, key);
            NewValues = HeadRows.Joined(Batch, owner._heads, Sequence, valueSize, Width, 2 * key);
            AllKeys = HeadRows.Separate(Batch, owner._heads, total, keySize);
            Product = checked(Batch * Sequence * Width);
            Joined = IsJoined && !context.HasOutput(1) ? checked((int)(2 * AllKeys.Count)) : 0;
            Mask = new AttentionMask(context.OptionalInput(owner._mask), owner._bias < 0 ? null : context.OptionalInput(owner._bias), Batch, owner._heads, Sequence, total, Past);
            Shape = new AttentionShape(Batch, owner._heads, owner._heads, Sequence, total, keySize, valueSize)
            {
                Query = NewKeys.Strides,
                Key = IsJoined ? AllKeys.Strides : NewKeys.Strides,
                Value = IsJoined ? AllKeys.Strides : NewValues.Strides,
                Result = HeadRows.Joined(Batch, owner._heads, Sequence, valueSize, value).Strides,
            };
        }

        public int Batch { get; }

        public int Sequence { get; }

        public int Past { get; }

        /// <summary>Columns of the merged weights.</summary>
        public int Width { get; }

        public bool IsJoined { get; }

        public HeadRows NewKeys { get; }

        public HeadRows NewValues { get; }

        public HeadRows AllKeys { get; }

        public int Product { get; }

        public int Joined { get; }

        public AttentionMask Mask { get; }

        public AttentionShape Shape { get; }
    }
}

/// <summary>Attention of com.microsoft: inputs x, weights, bias, mask, past, attention bias.</summary>
internal sealed class MergedAttention(NodeInfo node) : SelfAttention(node, mask: 3, past: 4, bias: 5)
{
    private PackedMatrix<float>? _packed;

    protected override DataType Result(InferenceContext context) => context.Element(0);

    protected override void PrepareWide(PrepareContext context)
    {
        if (context.Constant(1) is not { Element: DataType.Float32, Rank: 2, Count: > 0 } weights) return;
        _packed = PackedMatrix<float>.Pack((int)weights[0], (int)weights[1], weights.Values<float>(), (int)weights[1], 1);
        context.Forget(1);
    }

    protected override void Project(RunContext context, Span<float> product, int width)
    {
        var x = context.Input(0);
        var size = (int)x[2];
        var rows = product.Length / width;
        var bias = context.OptionalInput(2);
        if (bias is not null && bias.Count != width) throw new RecordException($"a bias of {width} elements is expected, {bias.Type} is given");
        GemmEpilogue<float> epilogue = bias is null ? default : new() { Bias = bias.Values<float>(), BiasKind = BiasKind.PerColumn };
        if (_packed is not null) Gemm.Run(rows, width, size, x.Values<float>(), size, 1, _packed, product, width, epilogue, context.Threads);
        else Gemm.Run(rows, width, size, x.Values<float>(), size, 1, context.Input(1).Values<float>(), width, 1, product, width, epilogue, context.Threads);
    }
}

/// <summary>QAttention: the merged product is that of int8 or uint8 matrices: inputs x, weights, bias, the scales of both, mask, the zero points of both, past.</summary>
internal sealed class QAttention(NodeInfo node) : SelfAttention(node, mask: 5, past: 8, bias: -1)
{
    private const int Bias = 2, ScaleX = 3, ScaleW = 4, ZeroX = 6, ZeroW = 7;

    private readonly bool _hasZeroPoint = node.HasInput(ZeroW);
    private PackedIntegers? _packed;

    protected override DataType Result(InferenceContext context) => context.Element(Bias);

    protected override void PrepareWide(PrepareContext context) => _packed = QuantizedMatrices.Pack(context, 1, ZeroW, _hasZeroPoint);

    protected override void Project(RunContext context, Span<float> product, int width)
    {
        var sums = QuantizedMatrices.Of(context).Multiply(context.Input(0), context.OptionalInput(ZeroX), context.Input(1), context.OptionalInput(ZeroW), _packed, context.Threads);
        if (context.Input(ScaleX) is not { Element: DataType.Float32, Count: 1 } scale) throw new RecordException($"one scale is expected for the input, {context.Input(ScaleX).Type} is given");
        if (context.Input(ScaleW) is not { Element: DataType.Float32 } weights || (weights.Count != 1 && weights.Count != width)) throw new RecordException($"one scale or {width} are expected for the weights, {context.Input(ScaleW).Type} is given");
        if (context.Input(Bias) is not { Element: DataType.Float32 } bias || bias.Count != width) throw new RecordException($"a bias of {width} floats is expected, {context.Input(Bias).Type} is given");
        for (var row = 0; row < product.Length; row += width)
        {
            for (var i = 0; i < width; i++) product[row + i] = (sums[row + i] * (scale.Values<float>()[0] * weights.Values<float>()[weights.Count == 1 ? 0 : i])) + bias.Values<float>()[i];
        }
    }
}
