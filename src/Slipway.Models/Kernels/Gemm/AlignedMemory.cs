using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slipway.Models.Kernels;

/// <summary>Elements that the collector never moves, from a multiple of 64 bytes on.</summary>
internal sealed unsafe class AlignedMemory<T>
    where T : unmanaged
{
    private const int Alignment = 64;

    private readonly T[] _array;
    private readonly int _offset;

    /// <exception cref="ArgumentOutOfRangeException">Longer than an array can be.</exception>
    public AlignedMemory(long length)
    {
        var slack = Alignment / sizeof(T);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Array.MaxLength - slack);
        _array = GC.AllocateUninitializedArray<T>((int)length + slack, pinned: true);
        var start = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));
        _offset = (int)((((start + Alignment - 1) & ~(nuint)(Alignment - 1)) - start) / (nuint)sizeof(T));
        Length = (int)length;
    }

    public int Length { get; }

    /// <summary>Valid as long as this object is reachable.</summary>
    public T* Pointer => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array)) + _offset;

    public Span<T> Span => _array.AsSpan(_offset, Length);
}
