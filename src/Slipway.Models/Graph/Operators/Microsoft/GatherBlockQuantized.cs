using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// GatherBlockQuantized: Gather from a table that is quantized in blocks along an axis, as floats: <c>(q − zero) · scale</c>. Inputs data (int4, uint4, or uint8 with numbers of 2, 4 or 8 bits packed along the last
/// dimension), indices, scales and zero points (0 for int4 and uint4, the middle of the range for uint8, where none are given). An index outside of the table gives zeros.
/// </summary>
internal sealed class GatherBlockQuantized : FloatOperator
{
    private const int Indices = 1, Scales = 2, Zeros = 3;
    private readonly long _gatherAxis, _quantizeAxis;
    private readonly int _block;
    private readonly PackedBits _packing;

    public GatherBlockQuantized(NodeInfo node)
    {
        (_gatherAxis, _quantizeAxis, _packing) = (node.Int("gather_axis", 0), node.Int("quantize_axis", 1), PackedBits.Of(node, "bits"));
        var block = node.Int("block_size", 128);
        if (block < 16 || block > int.MaxValue || (block & (block - 1)) != 0) throw node.Wrong($"block_size is {block}: a power of two, 16 or more, is expected");
        _block = (int)block;
    }

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is not { } data || context.Shape(Indices) is not { } indices || context.Element(0) == DataType.Undefined)
        {
            context.SetOutput(0, context.Element(Scales), (Shape?)null);
            return;
        }
        var axis = InferenceContext.Axis(_gatherAxis, data.Rank);
        InferenceContext.Axis(_quantizeAxis, data.Rank);
        if (context.Element(0) == DataType.UInt8 && axis != 0) throw new ModelException("packed data is gathered along axis 0 only");
        var sizes = Unpacked(data.Span, context.Element(0));
        context.SetOutput(0, context.Element(Scales), Shape.Of([.. sizes[..axis], .. indices.Span, .. sizes[(axis + 1)..]]));
    }

    /// <summary>The dimensions of the data in numbers.</summary>
    private long[] Unpacked(ReadOnlySpan<long> data, DataType element)
    {
        var sizes = data.ToArray();
        if (element == DataType.UInt8 && sizes[^1] > 0) sizes[^1] = checked(sizes[^1] * _packing.PerByte);
        return sizes;
    }

    protected override void Compute(RunContext context)
    {
        var (data, indices, scales, zeros, y) = (context.Input(0), context.Input(Indices), context.Input(Scales), context.OptionalInput(Zeros), context.Output(0));
        if (data.Element is not (DataType.UInt8 or DataType.UInt4 or DataType.Int4)) throw new RecordException($"data of uint8, uint4 or int4 is expected, {data.Type} is given");
        if (zeros is not null && zeros.Element != data.Element) throw new RecordException($"zero points have the type of the data {data.Type}, {zeros.Type} is given");
        if (y.Count == 0) return;
        var sizes = Unpacked(data.Shape, data.Element);
        var (gather, quantize) = (AxisLayout.Of(sizes, InferenceContext.Axis(_gatherAxis, data.Rank)), AxisLayout.Of(sizes, InferenceContext.Axis(_quantizeAxis, data.Rank)));
        var blocks = (quantize.Size + _block - 1) / _block;
        if (scales.Element != DataType.Float32 || scales.Count != (long)quantize.Outer * blocks * quantize.Inner) throw new RecordException($"{(long)quantize.Outer * blocks * quantize.Inner} scales are expected, {scales.Type} is given");
        var isPacked = data.Element == DataType.UInt8;
        // Zero points are packed along their last dimension, as the data is.
        var zeroRow = isPacked && quantize.Inner == 1 ? blocks : isPacked ? (int)sizes[^1] : 1;
        var zeroBytes = isPacked ? (int)_packing.BytesOf(zeroRow) : 1;
        if (zeros is not null && zeros.Count != (long)scales.Count / zeroRow * zeroBytes) throw new RecordException($"zero points for {scales.Type} are expected, {zeros.Type} is given");
        var result = y.Values<float>();
        var bytes = data.Values<byte>();
        for (var row = 0; row < gather.Outer * indices.Count; row++)
        {
            var (outer, index) = Math.DivRem(row, indices.Count);
            var chosen = indices.IntAt(index);
            if (chosen < 0) chosen += gather.Size;
            var to = result.Slice(row * gather.Inner, gather.Inner);
            if (chosen < 0 || chosen >= gather.Size)
            {
                to.Clear();
                continue;
            }
            var first = ((outer * gather.Size) + (int)chosen) * gather.Inner;
            for (var i = 0; i < to.Length; i++)
            {
                var at = first + i;
                var (rest, inner) = Math.DivRem(at, quantize.Inner);
                var (line, along) = Math.DivRem(rest, quantize.Size);
                var scale = (((line * blocks) + (along / _block)) * quantize.Inner) + inner;
                var number = isPacked ? _packing.At(bytes, at) : data.Element == DataType.Int4 ? (sbyte)bytes[at] : bytes[at];
                to[i] = (number - ZeroAt(zeros, scale, isPacked, zeroRow, zeroBytes)) * scales.Values<float>()[scale];
            }
        }
    }

    private int ZeroAt(TensorValue? zeros, int index, bool isPacked, int row, int rowBytes)
    {
        if (zeros is null) return isPacked ? _packing.Middle : 0;
        if (!isPacked) return zeros.Element == DataType.Int4 ? zeros.Values<sbyte>()[index] : zeros.Values<byte>()[index];
        return _packing.At(zeros.Values<byte>()[(index / row * rowBytes)..], index % row);
    }
}
