using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Trees.Kernels;

/// <summary>Finds the keys of 16 slots at once: by permutations of all keys, which are faster than gathers while the keys are few.</summary>
internal unsafe interface IKeyLookup
{
    /// <summary>Of a slot where four of them, or two, are in one element.</summary>
    static abstract int SlotBits { get; }

    /// <param name="keys">At least as many as the implementation has in its name, arbitrary where there is no slot.</param>
    /// <param name="slots">In the lowest bits; others are ignored.</param>
    static abstract Vector512<int> Find(int* keys, Vector512<int> slots);
}

internal readonly unsafe struct KeysOf32 : IKeyLookup
{
    public static int SlotBits => 8;

    public const int Count = 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Find(int* keys, Vector512<int> slots) => Avx512F.PermuteVar16x32x2(Vector512.Load(keys), slots, Vector512.Load(keys + 16));
}

/// <summary>Twice as many.</summary>
internal readonly unsafe struct KeysOf64 : IKeyLookup
{
    public static int SlotBits => 8;

    public const int Count = 2 * KeysOf32.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Find(int* keys, Vector512<int> slots) =>
        Vector512.ConditionalSelect(Vector512.Equals(slots & Vector512.Create(KeysOf32.Count), Vector512<int>.Zero), KeysOf32.Find(keys, slots), KeysOf32.Find(keys + KeysOf32.Count, slots));
}

/// <summary>Four times as many.</summary>
internal readonly unsafe struct KeysOf128 : IKeyLookup
{
    public static int SlotBits => 8;

    public const int Count = 2 * KeysOf64.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Find(int* keys, Vector512<int> slots) =>
        Vector512.ConditionalSelect(Vector512.Equals(slots & Vector512.Create(KeysOf64.Count), Vector512<int>.Zero), KeysOf64.Find(keys, slots), KeysOf64.Find(keys + KeysOf64.Count, slots));
}

/// <summary>Eight times as many.</summary>
internal readonly unsafe struct KeysOf256 : IKeyLookup
{
    public static int SlotBits => 8;

    public const int Count = 2 * KeysOf128.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Find(int* keys, Vector512<int> slots) =>
        Vector512.ConditionalSelect(Vector512.Equals(slots & Vector512.Create(KeysOf128.Count), Vector512<int>.Zero), KeysOf128.Find(keys, slots), KeysOf128.Find(keys + KeysOf128.Count, slots));
}

/// <summary>Any number of keys, gathered.</summary>
internal readonly unsafe struct ManyKeys : IKeyLookup
{
    public static int SlotBits => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Find(int* keys, Vector512<int> slots)
    {
        var s = slots & Vector512.Create(0xffff);
        return Vector512.Create(Avx2.GatherVector256(keys, s.GetLower(), 4), Avx2.GatherVector256(keys, s.GetUpper(), 4));
    }
}

internal static class KeyLookup
{
    /// <summary>Keys of a row that may be read when there are so many slots.</summary>
    public static int KeysRead(int slots) => slots <= KeysOf256.Count ? (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(KeysOf32.Count, slots)) : slots;
}
