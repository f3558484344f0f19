using System.Runtime.CompilerServices;

namespace Slipway.Models.Graph;

/// <summary>Managed memory that begins at a cache line and does not move.</summary>
internal static class AlignedMemory
{
    public const int Alignment = 64;

    /// <exception cref="Slipway.Core.RecordException">It is more than one array can hold.</exception>
    public static unsafe Memory<byte> Allocate(long bytes)
    {
        if (bytes > Array.MaxLength - Alignment) throw new Slipway.Core.RecordException($"{bytes} bytes of memory are needed: more than can be held");
        var array = GC.AllocateUninitializedArray<byte>((int)bytes + Alignment, pinned: true);
        var offset = (int)(-(long)Unsafe.AsPointer(ref array[0]) & (Alignment - 1));
        return array.AsMemory(offset, (int)bytes);
    }
}
