using System.Runtime.CompilerServices;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Positions from a tensor of int64 or int32, checked against the size of what they point into.</summary>
internal readonly ref struct IndexReader
{
    private readonly ReadOnlySpan<long> _long;
    private readonly ReadOnlySpan<int> _int;

    public IndexReader(TensorValue indices)
    {
        if (indices.Element == DataType.Int64) _long = indices.Values<long>();
        else if (indices.Element == DataType.Int32) _int = indices.Values<int>();
        else throw new RecordException($"indices must be int32 or int64, they are {indices.Type}");
    }

    /// <summary>Position <paramref name="i"/>, from 0 to <paramref name="size"/> - 1; in the tensor it may also count from the end.</summary>
    /// <exception cref="RecordException">It points outside.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long At(int i, long size)
    {
        var index = _long.IsEmpty ? _int[i] : _long[i];
        if (index < 0) index += size;
        if ((ulong)index >= (ulong)size) ThrowOutside(index, size);
        return index;
    }

    private static void ThrowOutside(long index, long size) => throw new RecordException($"index {(index < 0 ? index - size : index)} is outside of a dimension of {size} elements");
}
