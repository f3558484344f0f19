using System.Buffers;
using Slipway.Core;
using Slipway.Models.Rows.Associations;

namespace Slipway.Models.Rows.Sequences;

/// <summary>What happened to one customer, machine, …: time windows in their order, each with the items that occurred in it. Memory is pooled; to be disposed.</summary>
internal sealed class History : IDisposable
{
    /// <summary>Patterns with a bound on their whole duration are looked for from every beginning.</summary>
    private const int MostBeginnings = 10_000;

    private readonly int _words;
    private readonly double[] _times;
    private readonly ulong[] _items;
    private readonly byte[] _reached;
    private readonly byte[] _next;

    /// <param name="items">How many items there are.</param>
    /// <param name="windows">How many windows may be opened.</param>
    public History(int items, int windows)
    {
        _words = BitSlots.CellsFor(items);
        _times = ArrayPool<double>.Shared.Rent(windows);
        _items = ArrayPool<ulong>.Shared.Rent(checked(windows * _words));
        _reached = ArrayPool<byte>.Shared.Rent(windows);
        _next = ArrayPool<byte>.Shared.Rent(windows);
    }

    /// <summary>The windows that are open.</summary>
    public int Windows { get; private set; }

    /// <summary>Begins the next window.</summary>
    /// <returns>The place for its items, a bit each.</returns>
    public Span<ulong> Open(double time)
    {
        _times[Windows] = time;
        var items = Items(Windows++);
        items.Clear();
        return items;
    }

    /// <summary>Whether a pattern occurs: its sets in some windows, in order, with the right time between them.</summary>
    public bool Contains(SequencePattern pattern)
    {
        if (pattern.Total == TimeBound.None) return Occurs(pattern, first: 0, last: Windows - 1);
        if (Windows > MostBeginnings) throw new RecordException($"{Windows} different times; a model that bounds the duration of sequences allows {MostBeginnings}");
        for (var begin = 0; begin < Windows; begin++)
        {
            if (Has(begin, pattern.Steps[0]) && Occurs(pattern, begin, begin)) return true;
        }
        return false;
    }

    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(_times);
        ArrayPool<ulong>.Shared.Return(_items);
        ArrayPool<byte>.Shared.Return(_reached);
        ArrayPool<byte>.Shared.Return(_next);
    }

    /// <param name="first">The pattern begins in this window or later.</param>
    /// <param name="last">And not after this one.</param>
    private bool Occurs(SequencePattern pattern, int first, int last)
    {
        var reached = _reached.AsSpan(0, Windows);
        var next = _next.AsSpan(0, Windows);
        for (var window = 0; window < Windows; window++) reached[window] = Flag(window >= first && window <= last && Has(window, pattern.Steps[0]));
        for (var step = 1; step < pattern.Steps.Length; step++)
        {
            Advance(pattern.Steps[step], reached, next);
            var used = reached;
            reached = next;
            next = used;
        }
        for (var window = 0; window < Windows; window++)
        {
            if (reached[window] != 0 && (first != last || pattern.Total.Contains(_times[window] - _times[first]))) return true;
        }
        return false;
    }

    /// <summary>Finds the windows in which a pattern can have come one step further.</summary>
    private void Advance(SequenceStep step, ReadOnlySpan<byte> reached, Span<byte> next)
    {
        var (from, until, between) = (0, 0, 0);
        for (var window = 0; window < next.Length; window++)
        {
            if (step.Succession == Succession.Later)
            {
                while (until < window && _times[window] - _times[until] >= step.Apart.Low) between += reached[until++];
                while (from < until && _times[window] - _times[from] > step.Apart.High) between -= reached[from++];
            }
            var follows = step.Succession switch
            {
                Succession.Together => reached[window] != 0,
                Succession.Next => window > 0 && reached[window - 1] != 0 && step.Apart.Contains(_times[window] - _times[window - 1]),
                _ => between > 0,
            };
            next[window] = Flag(follows && Has(window, step));
        }
    }

    private bool Has(int window, SequenceStep step)
    {
        var items = Items(window);
        foreach (var item in step.Items)
        {
            if (!BitSlots.Has(items, item)) return false;
        }
        return true;
    }

    private Span<ulong> Items(int window) => _items.AsSpan(window * _words, _words);

    private static byte Flag(bool value) => value ? (byte)1 : (byte)0;
}
