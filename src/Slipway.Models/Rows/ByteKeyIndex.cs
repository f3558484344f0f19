using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slipway.Models.Rows;

/// <summary>A read-mostly map from short byte strings to their order of arrival: open addressing, no allocation to look up.</summary>
internal sealed class ByteKeyIndex
{
    /// <summary>Another in every process, so that no file can be made to collide.</summary>
    private static readonly ulong Seed = (ulong)HashCode.Combine(0) << 32 | (uint)HashCode.Combine(1) | 1;

    private byte[][] _keys = new byte[8][];
    private Entry[] _entries = new Entry[16];

    public int Count { get; private set; }

    /// <summary>The key must not be there yet; its value is the number of keys before it.</summary>
    public void Add(byte[] key)
    {
        if ((Count + 1) * 2 > _entries.Length) Grow();
        Insert(_entries, new Entry(Hash(key), Count + 1));
        _keys[Count++] = key;
    }

    /// <returns>-1 when the key is not there.</returns>
    public int Find(ReadOnlySpan<byte> key)
    {
        var (entries, keys) = (_entries, _keys);
        var hash = Hash(key);
        for (var at = hash; ; at++)
        {
            var entry = entries[at & (uint)(entries.Length - 1)];
            if (entry.Number == 0) return -1;
            if (entry.Hash == hash && Equal(key, keys[entry.Number - 1])) return entry.Number - 1;
        }
    }

    private void Grow()
    {
        var larger = new Entry[_entries.Length * 2];
        foreach (var entry in _entries)
        {
            if (entry.Number != 0) Insert(larger, entry);
        }
        _entries = larger;
        Array.Resize(ref _keys, larger.Length / 2);
    }

    private static void Insert(Entry[] entries, Entry entry)
    {
        var at = entry.Hash & (uint)(entries.Length - 1);
        while (entries[at].Number != 0) at = (at + 1) & (uint)(entries.Length - 1);
        entries[at] = entry;
    }

    /// <summary>Two overlapping words decide for keys of 8 to 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Equal(ReadOnlySpan<byte> left, byte[] right)
    {
        if (left.Length != right.Length) return false;
        if (left.Length is < 8 or > 16) return left.SequenceEqual(right);
        ref var a = ref MemoryMarshal.GetReference(left);
        ref var b = ref MemoryMarshal.GetArrayDataReference(right);
        return Word(ref a, 0) == Word(ref b, 0) && Word(ref a, left.Length - 8) == Word(ref b, left.Length - 8);
    }

    /// <summary>Eight bytes at a time, multiplied and folded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(ReadOnlySpan<byte> key)
    {
        var hash = Seed ^ (ulong)key.Length;
        ref var start = ref MemoryMarshal.GetReference(key);
        var length = key.Length;
        if (length >= 8)
        {
            for (var i = 0; i < length - 8; i += 8) hash = Mix(hash ^ Word(ref start, i));
            return (uint)(Mix(hash ^ Word(ref start, length - 8)) >> 32);
        }
        if (length >= 4)
        {
            ulong low = Unsafe.ReadUnaligned<uint>(ref start);
            ulong high = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, length - 4));
            return (uint)(Mix(hash ^ low ^ (high << 32)) >> 32);
        }
        ulong tail = 0;
        if (length > 0) tail = start | ((ulong)Unsafe.Add(ref start, length >> 1) << 8) | ((ulong)Unsafe.Add(ref start, length - 1) << 16);
        return (uint)(Mix(hash ^ tail) >> 32);
    }

    private static ulong Word(ref byte start, int at) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, at));

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, 0x9E3779B97F4A7C15UL, out var low);
        return high ^ low ^ BitOperations.RotateLeft(value, 17);
    }

    /// <param name="Hash">Of the key.</param>
    /// <param name="Number">One more than the key's value; 0 when the place is free.</param>
    private readonly record struct Entry(uint Hash, int Number);
}
