using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// MatMulNBits: rows of floats times a matrix [K, N] of 2, 4 or 8 bits: each column in blocks along K, <c>(q − zero) · scale</c>. Inputs a [.., K], b [N, blocks, bytes of a block], scales [N · blocks], zero points (packed
/// as b, or as floats; the middle of the range where there are none), a group index (not supported) and a bias [N]. The weights stay packed: some columns at a time become floats.
/// </summary>
internal sealed class MatMulNBits : FloatOperator
{
    private const int B = 1, Scales = 2, Zeros = 3, Group = 4, Bias = 5;

    /// <summary>Floats that a group of columns becomes, about: some of a second-level cache.</summary>
    private const int Floats = 128 << 10;

    private readonly int _k, _n, _block, _blocks;
    private readonly PackedBits _packing;

    public MatMulNBits(NodeInfo node)
    {
        var (k, n, block) = (node.Int("K"), node.Int("N"), node.Int("block_size"));
        _packing = PackedBits.Of(node, "bits");
        if (k is < 1 or > int.MaxValue || n is < 1 or > int.MaxValue) throw node.Wrong($"K is {k}, N is {n}");
        if (block < 16 || block > int.MaxValue || (block & (block - 1)) != 0) throw node.Wrong($"block_size is {block}: a power of two, 16 or more, is expected");
        if (node.HasInput(Group)) throw node.Unsupported("an index of groups (g_idx)");
        if (node.HasInput(6)) throw node.Unsupported("an index of scales for rows of weights");
        (_k, _n, _block, _blocks) = ((int)k, (int)n, (int)block, (int)((k + block - 1) / block));
    }

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is not { } a)
        {
            context.SetOutput(0, context.Element(0), (Shape?)null);
            return;
        }
        if (a.Rank == 0 || (a[^1] >= 0 && a[^1] != _k)) throw new ModelException($"rows of {_k} elements are expected, {a} is given");
        context.SetOutput(0, context.Element(0), Shape.Of([.. a.Span[..^1], _n]));
    }

    /// <summary>Columns that become floats at a time.</summary>
    private int Columns => Math.Clamp(Floats / _k, 1, Math.Min(_n, 64));

    protected override long ComputeScratchBytes(RunContext context) => sizeof(float) * (long)Columns * _k;

    protected override void Compute(RunContext context)
    {
        var (a, b, scales, zeros, bias, y) = (context.Input(0), context.Input(B), context.Input(Scales), context.OptionalInput(Zeros), context.OptionalInput(Bias), context.Output(0));
        var bytesPerColumn = checked((int)(_blocks * _packing.BytesOf(_block)));
        if (b.Element != DataType.UInt8 || b.Count != (long)_n * bytesPerColumn) throw new RecordException($"{(long)_n * bytesPerColumn} bytes of weights are expected, {b.Type} is given");
        if (scales.Element != DataType.Float32 || scales.Count != (long)_n * _blocks) throw new RecordException($"{(long)_n * _blocks} scales are expected, {scales.Type} is given");
        if (zeros is not null && !(zeros.Element == DataType.Float32 && zeros.Count == scales.Count) && !(zeros.Element == DataType.UInt8 && zeros.Count == _n * _packing.BytesOf(_blocks))) throw new RecordException($"{(long)_n * _blocks} zero points are expected, floats or packed, {zeros.Type} is given");
        if (bias is not null && (bias.Element != DataType.Float32 || bias.Count != _n)) throw new RecordException($"a bias of {_n} elements is expected, {bias.Type} is given");
        if (y.Count == 0) return;
        var m = y.Count / _n;
        var columns = MemoryMarshal.Cast<byte, float>(context.Scratch)[..(Columns * _k)];
        for (var first = 0; first < _n; first += Columns)
        {
            var count = Math.Min(Columns, _n - first);
            for (var i = 0; i < count; i++) Unpack(b.Values<byte>().Slice((first + i) * bytesPerColumn, bytesPerColumn), scales.Values<float>().Slice((first + i) * _blocks, _blocks), zeros, first + i, columns.Slice(i * _k, _k));
            GemmEpilogue<float> epilogue = bias is null ? default : new() { Bias = bias.Values<float>().Slice(first, count), BiasKind = BiasKind.PerColumn };
            Gemm.Run(m, count, _k, a.Values<float>(), _k, 1, columns[..(count * _k)], 1, _k, y.Values<float>()[first..], _n, epilogue, context.Threads);
        }
    }

    private void Unpack(ReadOnlySpan<byte> bytes, ReadOnlySpan<float> scales, TensorValue? zeros, int column, Span<float> to)
    {
        var bytesPerBlock = bytes.Length / _blocks;
        for (var block = 0; block < _blocks; block++)
        {
            var zero = zeros is null ? _packing.Middle
                : zeros.Element == DataType.Float32 ? zeros.Values<float>()[(column * _blocks) + block]
                : _packing.At(zeros.Values<byte>().Slice(column * (int)_packing.BytesOf(_blocks), (int)_packing.BytesOf(_blocks)), block);
            var own = bytes.Slice(block * bytesPerBlock, bytesPerBlock);
            var target = to.Slice(block * _block, Math.Min(_block, to.Length - (block * _block)));
            var i = 0;
            if (_packing.Bits == 4 && Vector128.IsHardwareAccelerated)
            {
                for (; i <= target.Length - 16; i += 16) UnpackSixteen(own.Slice(i / 2, 8), zero, scales[block], target.Slice(i, 16));
            }
            for (; i < target.Length; i++) target[i] = (_packing.At(own, i) - zero) * scales[block];
        }
    }

    /// <summary>Eight bytes of two numbers each.</summary>
    private static void UnpackSixteen(ReadOnlySpan<byte> bytes, float zero, float scale, Span<float> to)
    {
        var pairs = Vector128.WidenLower(Vector128.CreateScalarUnsafe(MemoryMarshal.Read<ulong>(bytes)).AsByte());
        // The low half of a byte comes first: it stays the low byte of a pair, the high half becomes the high one.
        var numbers = ((pairs & Vector128.Create((ushort)0x0F)) | ((pairs & Vector128.Create((ushort)0xF0)) << 4)).AsByte();
        var (low, high) = (Vector128.WidenLower(numbers), Vector128.WidenUpper(numbers));
        var (zeros, scales) = (Vector128.Create(zero), Vector128.Create(scale));
        ((Vector128.ConvertToSingle(Vector128.WidenLower(low).AsInt32()) - zeros) * scales).CopyTo(to);
        ((Vector128.ConvertToSingle(Vector128.WidenUpper(low).AsInt32()) - zeros) * scales).CopyTo(to[4..]);
        ((Vector128.ConvertToSingle(Vector128.WidenLower(high).AsInt32()) - zeros) * scales).CopyTo(to[8..]);
        ((Vector128.ConvertToSingle(Vector128.WidenUpper(high).AsInt32()) - zeros) * scales).CopyTo(to[12..]);
    }
}
