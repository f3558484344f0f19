using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Trees.Kernels;

/// <summary>A node in 8 bytes, as its <see cref="INodeForm"/> reads it.</summary>
/// <param name="Bound">Splits: what the key is tested against. Leaves: the bits of the value, or an index into <see cref="LeafForm{T}.Values"/>.</param>
/// <param name="Low">See the form.</param>
/// <param name="High">See the form.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct CompactNode(int Bound, ushort Low, ushort High);

/// <summary>How nodes are written, and how a key and a bound decide a split. The left child is some steps on, the right one follows it.</summary>
internal unsafe interface INodeForm
{
    static abstract int MaxSlot { get; }

    static abstract int MaxStep { get; }

    static abstract CompactNode Write(int bound, int slot, int step);

    /// <summary>The key to test; 0 at leaves.</summary>
    static abstract int Slot(CompactNode* node);

    /// <summary>To the left child; 0 at leaves, so that walking on stays there.</summary>
    static abstract int Step(CompactNode* node);

    /// <returns>1 to go right, 0 to go left.</returns>
    static abstract int GoesRight(int key, int bound);

    /// <returns>All bits where <see cref="GoesRight(int, int)"/> says 1, else none.</returns>
    static abstract Vector512<int> GoesRight(Vector512<int> keys, Vector512<int> bounds);
}

/// <summary>Splits by order only: keys above the bound go right.</summary>
internal readonly unsafe struct OrderNodes : INodeForm
{
    public static int MaxSlot => ushort.MaxValue;

    public static int MaxStep => ushort.MaxValue;

    public static CompactNode Write(int bound, int slot, int step) => new(bound, (ushort)slot, (ushort)step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Slot(CompactNode* node) => node->Low;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Step(CompactNode* node) => node->High;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int GoesRight(int key, int bound) => key > bound ? 1 : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> GoesRight(Vector512<int> keys, Vector512<int> bounds) => Vector512.GreaterThan(keys, bounds);
}

/// <summary>
/// Splits by order and by membership, decided by the same four instructions so that walks do not branch. The low five bits of a key tell which bit
/// of <c>bound - rest of the key</c> leads right: at a number's key they are 31, the sign, and the rest is its rank; at a category's key they are its class,
/// the rest is 0, and the bound is the set of classes that go right.
/// </summary>
internal readonly unsafe struct OrderOrSetNodes : INodeForm
{
    public static int MaxSlot => ushort.MaxValue;

    public static int MaxStep => ushort.MaxValue;

    public static CompactNode Write(int bound, int slot, int step) => new(bound, (ushort)slot, (ushort)step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Slot(CompactNode* node) => node->Low;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Step(CompactNode* node) => node->High;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int GoesRight(int key, int bound) => ((bound - (key & ~31)) >>> key) & 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> GoesRight(Vector512<int> keys, Vector512<int> bounds)
    {
        var bit = keys & Vector512.Create(31);
        // The bit moves to the sign, and the sign everywhere.
        return Avx512F.ShiftLeftLogicalVariable(bounds - (keys - bit), (Vector512.Create(31) - bit).AsUInt32()) >> 31;
    }
}

/// <summary><see cref="OrderOrSetNodes"/> of trees with more than 65,535 nodes on a level: fewer slots, longer steps.</summary>
internal readonly unsafe struct FarNodes : INodeForm
{
    private const int SlotBits = 12;

    public static int MaxSlot => (1 << SlotBits) - 1;

    public static int MaxStep => (1 << (32 - SlotBits)) - 1;

    public static CompactNode Write(int bound, int slot, int step)
    {
        var link = ((uint)step << SlotBits) | (uint)slot;
        return new CompactNode(bound, (ushort)link, (ushort)(link >> 16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Slot(CompactNode* node) => node->Low & MaxSlot;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Step(CompactNode* node) => (node->High << (16 - SlotBits)) | (node->Low >> SlotBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int GoesRight(int key, int bound) => OrderOrSetNodes.GoesRight(key, bound);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> GoesRight(Vector512<int> keys, Vector512<int> bounds) => OrderOrSetNodes.GoesRight(keys, bounds);
}
