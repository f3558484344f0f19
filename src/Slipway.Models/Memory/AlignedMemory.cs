using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Models;

/// <summary>Memory that begins at a cache line and that the collector never moves.</summary>
internal static class AlignedMemory
{
    /// <summary>Bytes of a cache line, and of the widest vector.</summary>
    public const int Alignment = 64;

    /// <exception cref="RecordException">It is more than one array can hold.</exception>
    public static Memory<byte> Allocate(long bytes) => bytes <= Array.MaxLength - Alignment
        ? new AlignedMemory<byte>(bytes).Memory
        : throw new RecordException($"{bytes} bytes of memory are needed: more than can be held");
}

/// <summary>As <see cref="AlignedMemory"/>, of elements that kernels reach by a pointer. What they are at first is not defined.</summary>
internal sealed unsafe class AlignedMemory<T>
    where T : unmanaged
{
    private readonly T[] _array;
    private readonly int _offset;

    /// <exception cref="ArgumentOutOfRangeException">Negative, or longer than an array can be.</exception>
    public AlignedMemory(long length)
    {
        var slack = AlignedMemory.Alignment / sizeof(T);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Array.MaxLength - slack);
        _array = GC.AllocateUninitializedArray<T>((int)length + slack, pinned: true);
        var start = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));
        _offset = (int)(-start & (AlignedMemory.Alignment - 1)) / sizeof(T);
        Length = (int)length;
        HugePages.Advise(Pointer, length * sizeof(T));
    }

    public int Length { get; }

    /// <summary>Valid as long as this object is reachable.</summary>
    public T* Pointer => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array)) + _offset;

    public Span<T> Span => _array.AsSpan(_offset, Length);

    public Memory<T> Memory => _array.AsMemory(_offset, Length);
}
