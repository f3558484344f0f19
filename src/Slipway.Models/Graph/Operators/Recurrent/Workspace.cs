using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>Scratch memory handed out piece by piece, and tensors of 16-bit floats as the type that is computed in.</summary>
internal ref struct Workspace<T>(Span<T> memory) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Span<T> _rest = memory;

    public Span<T> Take(int count)
    {
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    /// <summary>The elements of a tensor, in place when they have the type; none of a tensor that is not there.</summary>
    public ReadOnlySpan<T> Wide(TensorValue? tensor)
    {
        if (tensor is null) return default;
        if (tensor.Element is not (DataType.Float16 or DataType.BFloat16)) return tensor.Values<T>();
        var wide = Take(tensor.Count);
        WideFloats.Widen(tensor, MemoryMarshal.Cast<T, float>(wide));
        return wide;
    }

    /// <summary>Writes a row into a tensor, rounded to its type.</summary>
    public static void Narrow(ReadOnlySpan<T> row, TensorValue target, int at)
    {
        switch (target.Element)
        {
            case DataType.Float16: NarrowFloats.FromSingle(MemoryMarshal.Cast<T, float>(row), target.Values<Half>().Slice(at, row.Length)); break;
            case DataType.BFloat16: NarrowFloats.FromSingle(MemoryMarshal.Cast<T, float>(row), target.Values<BFloat16>().Slice(at, row.Length)); break;
            default: row.CopyTo(target.Values<T>()[at..]); break;
        }
    }
}
