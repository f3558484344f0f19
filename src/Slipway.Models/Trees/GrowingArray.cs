using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slipway.Models.Trees;

/// <summary>
/// Values that are added at the end, many at a time. The library's list of these types is compiled anew in every process, and slow until it is
/// compiled well: a model would be loaded by then. And what became exactly as long as expected is handed on without a copy.
/// </summary>
/// <param name="pinned">Where the garbage collector leaves them.</param>
internal sealed class GrowingArray<T>(bool pinned = false)
    where T : unmanaged
{
    private const int MinCapacity = 64;

    private T[] _items = [];

    public int Count { get; private set; }

    public int Capacity => _items.Length;

    public Span<T> Items => _items.AsSpan(0, Count);

    public ref T this[int index] => ref Items[index];

    /// <summary>Makes room for that many values in all.</summary>
    public void Expect(int count)
    {
        if (count <= _items.Length) return;
        _items = Copy(count);
    }

    /// <summary>Takes over an array as room for values; what it has may be added from where it stands.</summary>
    public void TakeOver(T[] room)
    {
        if (Count > 0) throw new InvalidOperationException("there are values already");
        _items = room;
    }

    public void Add(T item)
    {
        if (Count == _items.Length) Reserve(1);
        _items[Count++] = item;
    }

    public void AddRange(ReadOnlySpan<T> items) => items.CopyTo(Grow(items.Length));

    /// <summary>Adds values.</summary>
    /// <returns>These, arbitrary until written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> Grow(int items)
    {
        if (items > _items.Length - Count) Reserve(items);
        var added = _items.AsSpan(Count, items);
        Count += items;
        return added;
    }

    /// <summary>Drops all but the first values.</summary>
    public void Shorten(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Count);
        Count = count;
    }

    public void Clear() => Count = 0;

    public T[] ToArray() => Copy(Count);

    /// <summary>The values; afterwards there are none here.</summary>
    public ImmutableArray<T> Take() => ImmutableCollectionsMarshal.AsImmutableArray(TakeArray());

    /// <inheritdoc cref="Take"/>
    public T[] TakeArray()
    {
        var items = Count == _items.Length ? _items : ToArray();
        (_items, Count) = ([], 0);
        return items;
    }

    private T[] Copy(int length)
    {
        var items = GC.AllocateUninitializedArray<T>(length, pinned);
        Items.CopyTo(items);
        return items;
    }

    private void Reserve(int items) => Expect((int)Math.Min(Array.MaxLength, Math.Max(checked(Count + items), Math.Max(MinCapacity, 2L * _items.Length))));
}
