using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slipway.Models.Trees.Kernels;

/// <summary>A node in 8 bytes; its left child is <see cref="Step"/> nodes on, the right one follows it.</summary>
/// <param name="Bound">Splits: what the key is tested against. Leaves: the bits of the value, or an index into <see cref="CompactForest{T}.LeafValues"/>.</param>
/// <param name="Slot">The key to test; 0 at leaves.</param>
/// <param name="Step">0 at leaves, so that walking on stays there.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct CompactNode(int Bound, ushort Slot, ushort Step);

/// <summary>How a key and a node's bound decide a split.</summary>
internal interface INodeTest
{
    /// <returns>1 to go right, 0 to go left.</returns>
    static abstract int GoesRight(int key, int bound);
}

/// <summary>Splits by order only: keys above the bound go right.</summary>
internal readonly struct OrderTest : INodeTest
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int GoesRight(int key, int bound) => key > bound ? 1 : 0;
}

/// <summary>
/// Splits by order and by membership, decided by the same four instructions so that walks do not branch. The low five bits of a key tell which bit
/// of <c>bound - rest of the key</c> leads right: at a number's key they are 31, the sign, and the rest is its rank; at a category's key they are its class,
/// the rest is 0, and the bound is the set of classes that go right.
/// </summary>
internal readonly struct OrderOrSetTest : INodeTest
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int GoesRight(int key, int bound) => ((bound - (key & ~31)) >>> key) & 1;
}
