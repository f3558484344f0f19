using System.Numerics;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// Turns the values of a row into integers, one for every slot, that decide splits without a further look at the values: see <see cref="INodeForm"/>.
/// Missing values are already sent their way. Leaves point to slot 0, whose key never leads right: walks stay there.
/// </summary>
internal abstract class RowKeys<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Slots of a row.</summary>
    public abstract int Slots { get; }

    /// <summary>Slots of a row in a block: <see cref="Slots"/> and those that <see cref="MaskSlotOf"/> tells.</summary>
    public virtual int BlockSlots => Slots;

    /// <summary>The slot that has, in blocks, the bit of the class whose number is in <paramref name="slot"/>; <paramref name="slot"/> itself when it has no classes.</summary>
    public virtual int MaskSlotOf(int slot) => slot;

    /// <param name="row">All features of one row.</param>
    /// <param name="keys">Room for <see cref="Slots"/>.</param>
    public abstract unsafe void Write(ReadOnlySpan<T> row, int* keys);

    /// <param name="rows">Row-major; at most <see cref="KeyBlock.Rows"/> rows.</param>
    /// <param name="rowLength">Values of a row.</param>
    /// <param name="keys">Room for <see cref="BlockSlots"/> × <see cref="KeyBlock.Rows"/>, see <see cref="KeyBlock"/>; columns beyond the last row are left as they are.</param>
    public abstract unsafe void WriteBlock(ReadOnlySpan<T> rows, int rowLength, int* keys);
}

/// <summary>The keys of several rows: <c>keys[slot × Rows + row]</c>.</summary>
internal static class KeyBlock
{
    public const int Rows = 64;

    public const int Shift = 6;

    /// <summary>Of the keys of a block, in bytes: vectors that cross cache lines cost twice.</summary>
    public const int Alignment = 64;
}

/// <summary>What the splits of an ensemble become: the keys of rows, and for each split how it reads them. Only while a kernel is made.</summary>
internal abstract class SplitEncoder<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public abstract RowKeys<T> Keys { get; }

    /// <summary>The slot and the bound of a split.</summary>
    /// <param name="split">The number of the node, or of the level of a symmetric tree.</param>
    public abstract (int Slot, int Bound) Encode(int split);
}
