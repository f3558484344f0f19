using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slipway.Models.Rows;

/// <summary>A read-mostly map from short byte strings to their order of arrival: open addressing, no allocation to look up.</summary>
internal sealed class ByteKeyIndex
{
    /// <summary>Another in every process, so that no file can be made to collide.</summary>
    private static readonly ulong Seed = (ulong)HashCode.Combine(0) << 32 | (uint)HashCode.Combine(1) | 1;

    private readonly List<byte[]> _keys = [];
    private Entry[] _entries = new Entry[16];

    public int Count => _keys.Count;

    /// <summary>The key must not be there yet; its value is the number of keys before it.</summary>
    public void Add(byte[] key)
    {
        if ((_keys.Count + 1) * 2 > _entries.Length) Grow();
        Insert(_entries, new Entry(Hash(key), _keys.Count));
        _keys.Add(key);
    }

    /// <returns>-1 when the key is not there.</returns>
    public int Find(ReadOnlySpan<byte> key)
    {
        var entries = _entries;
        var hash = Hash(key);
        for (var at = hash & (uint)(entries.Length - 1); ; at = (at + 1) & (uint)(entries.Length - 1))
        {
            ref readonly var entry = ref entries[at];
            if (entry.Next == 0) return -1;
            if (entry.Hash == hash && key.SequenceEqual(CollectionsMarshal.AsSpan(_keys)[entry.Next - 1])) return entry.Next - 1;
        }
    }

    private void Grow()
    {
        var larger = new Entry[_entries.Length * 2];
        foreach (var entry in _entries)
        {
            if (entry.Next != 0) Insert(larger, new Entry(entry.Hash, entry.Next - 1));
        }
        _entries = larger;
    }

    private static void Insert(Entry[] entries, Entry entry)
    {
        var at = entry.Hash & (uint)(entries.Length - 1);
        while (entries[at].Next != 0) at = (at + 1) & (uint)(entries.Length - 1);
        entries[at] = entry;
    }

    /// <summary>Eight bytes at a time, multiplied and folded.</summary>
    private static uint Hash(ReadOnlySpan<byte> key)
    {
        var hash = Seed ^ (ulong)key.Length;
        ref var start = ref MemoryMarshal.GetReference(key);
        var length = key.Length;
        if (length >= 8)
        {
            for (var i = 0; i <= length - 8; i += 8) hash = Mix(hash ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, i)));
            return (uint)(Mix(hash ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, length - 8))) >> 32);
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

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, 0x9E3779B97F4A7C15UL, out var low);
        return high ^ low ^ BitOperations.RotateLeft(value, 17);
    }

    /// <param name="Hash">Of the key.</param>
    /// <param name="Value">The key's value.</param>
    private readonly struct Entry(uint hash, int value)
    {
        public readonly uint Hash = hash;

        /// <summary>One more than the value; 0 when the place is free.</summary>
        public readonly int Next = value + 1;
    }
}
