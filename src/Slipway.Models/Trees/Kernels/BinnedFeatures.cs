using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// The numeric features of a row as bytes: a value's bin is how many of the thresholds of its slot it is not below. That decides every split exactly, and the
/// histograms that models are trained with seldom have more than 255 thresholds for a feature; those of a feature that has more are divided among slots.
/// The values of 16 slots are searched for at once, each among 15 splitters of its own, which are all thresholds there are or every 16th of them. The
/// 16 thresholds between two of those are then compared at once, when all slots have been searched: what is loaded no longer waits for what was found.
/// </summary>
internal sealed class BinnedFeatures<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Of a slot.</summary>
    public const int MaxThresholds = byte.MaxValue;

    /// <summary>Of an ensemble: numbers of slots have nine bits at most.</summary>
    public const int MaxSlots = 512;

    /// <summary>Slots that are searched at once, and thresholds that are compared at once.</summary>
    private const int Width = 16;

    private const int Splitters = Width - 1;

    /// <summary>By slot.</summary>
    private readonly int[] _features;

    /// <summary>The last slots have the thresholds of these, and another bin of missing values.</summary>
    private readonly int[] _copyOf;

    /// <summary>The bin of missing values, by slot.</summary>
    private readonly byte[] _missing;

    /// <summary>Slots with more thresholds than splitters.</summary>
    private readonly int[] _wide;

    /// <summary>By place among blocks: where the thresholds of a wide slot are; 0 for others.</summary>
    private readonly int[] _lowest;

    /// <summary>
    /// Pinned, from <see cref="_start"/> on: for every block the splitters of its slots, in breadth-first order and slot beside slot; then all thresholds of wide
    /// slots. NaN where there is none.
    /// </summary>
    private readonly T[] _memory;
    private readonly int _start;

    /// <summary>Slots that are not copies.</summary>
    private readonly int _searched;

    /// <summary>The features of all searched slots follow each other.</summary>
    private readonly bool _consecutive;
    private readonly bool _missingGoesRight;

    /// <param name="slots">What is searched.</param>
    /// <param name="copyOf">For each further slot the one whose thresholds it has; its missing values go the other way.</param>
    public BinnedFeatures(ReadOnlySpan<Slot> slots, int[] copyOf)
    {
        _searched = slots.Length;
        Slots = slots.Length + copyOf.Length;
        _copyOf = copyOf;
        _features = new int[Slots];
        _missing = new byte[Slots];
        _consecutive = _searched >= Width;
        var wide = new List<int>();
        for (var slot = 0; slot < slots.Length; slot++)
        {
            _features[slot] = slots[slot].Feature;
            _consecutive &= _features[slot] == _features[0] + slot;
            _missing[slot] = slots[slot].DefaultLeft ? byte.MinValue : byte.MaxValue;
            _missingGoesRight |= !slots[slot].DefaultLeft;
            if (slots[slot].Count > Splitters) wide.Add(slot);
        }
        for (var copy = 0; copy < copyOf.Length; copy++)
        {
            _features[slots.Length + copy] = _features[copyOf[copy]];
            _missing[slots.Length + copy] = (byte)~_missing[copyOf[copy]];
            _missingGoesRight = true;
        }
        _wide = [.. wide];
        _lowest = new int[Blocks * Width];
        var length = Blocks * Splitters * Width;
        var lowest = new int[slots.Length];
        foreach (var slot in wide)
        {
            lowest[slot] = length;
            length += (slots[slot].Count + Width - 1) / Width * Width;
        }
        _memory = GC.AllocateUninitializedArray<T>(length + (KeyBlock.Alignment / Unsafe.SizeOf<T>()), pinned: true);
        _memory.AsSpan().Fill(T.NaN);
        _start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0) & (KeyBlock.Alignment - 1)) / Unsafe.SizeOf<T>();
        foreach (var slot in wide) Fill(_memory.AsSpan(_start + lowest[slot]), slots[slot].Thresholds);
        for (var place = 0; place < _lowest.Length; place++)
        {
            var slot = FirstOf(place / Width) + (place % Width);
            if (slot >= slots.Length) continue;
            _lowest[place] = lowest[slot];
            FillSplitters(place, slots[slot].Thresholds);
        }
    }

    /// <param name="Feature">Into the row.</param>
    /// <param name="DefaultLeft">The way of missing values.</param>
    /// <param name="All">Thresholds of the feature, ascending.</param>
    /// <param name="From">The first that is the slot's.</param>
    /// <param name="Count">At most <see cref="MaxThresholds"/>.</param>
    public readonly record struct Slot(int Feature, bool DefaultLeft, double[] All, int From, int Count)
    {
        public ReadOnlySpan<double> Thresholds => All.AsSpan(From, Count);
    }

    public int Slots { get; }

    /// <summary>That take another step.</summary>
    public int WideSlots => _wide.Length;

    /// <summary>Of all tables.</summary>
    public long Bytes => ((long)_memory.Length * Unsafe.SizeOf<T>()) + (((long)_features.Length + _copyOf.Length + _wide.Length + _lowest.Length) * sizeof(int)) + _missing.Length;

    private int Blocks => (_searched + Width - 1) / Width;

    /// <param name="row">All features of a row.</param>
    /// <param name="bins">Room for <see cref="Slots"/>, and 16 at least.</param>
    [SkipLocalsInit]
    public unsafe void Write(ReadOnlySpan<T> row, byte* bins)
    {
        var picked = stackalloc T[_consecutive ? 0 : Blocks * Width];
        var memory = stackalloc byte[KeyBlock.Alignment + MaxSlots + (MaxSlots * sizeof(int))];
        var counts = (byte*)(((nuint)memory + KeyBlock.Alignment - 1) & ~(nuint)(KeyBlock.Alignment - 1));
        var lines = (int*)(counts + MaxSlots);
        fixed (T* values = row)
        fixed (T* tables = _memory)
        fixed (int* features = _features)
        fixed (int* lowest = _lowest)
        fixed (int* wide = _wide)
        {
            var searched = _consecutive ? values + features[0] : picked;
            if (!_consecutive) Pick(values, features, picked);
            var hasMissing = Search(searched, tables + _start, lowest, Math.Max(0, _searched - Width), Blocks, lines, bins);
            if (_wide.Length > 0)
            {
                if (_wide.Length < _searched) new Span<byte>(counts, _searched).Clear();
                CountInLines(searched, tables + _start, lines, wide, _wide.Length, counts);
                // Once for all: a vector over bytes that were just written has to wait.
                TensorPrimitives.Add(new ReadOnlySpan<byte>(bins, _searched), new ReadOnlySpan<byte>(counts, _searched), new Span<byte>(bins, _searched));
            }
            var copy = bins + _searched;
            foreach (var slot in _copyOf) *copy++ = bins[slot];
            if (_missingGoesRight && hasMissing) WriteMissing(values, bins);
        }
    }

    /// <summary>Blocks start every 16 slots; the last one where it ends with the last slot, if there are enough.</summary>
    private int FirstOf(int block) => Math.Min(block * Width, Math.Max(0, _searched - Width));

    private unsafe void Pick(T* values, int* features, T* picked)
    {
        for (nint slot = 0; slot < _searched; slot++) picked[slot] = values[features[slot]];
        for (var rest = _searched; rest < Width; rest++) picked[rest] = T.Zero;
    }

    /// <summary>Narrow slots have their bins then, wide ones the first bin of the line that remains.</summary>
    /// <param name="last">The first slot of the last block.</param>
    /// <param name="lines">Receives for every slot, if it is wide, where that line is.</param>
    /// <returns>Some values are missing.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe bool Search(T* values, T* splitters, int* lowest, nint last, int blocks, int* lines, byte* bins)
    {
        var hasMissing = false;
        for (nint block = 0; block < blocks; block++)
        {
            var first = Math.Min(block * Width, last);
            var (ranks, complete) = Search(values + first, splitters);
            hasMissing |= !complete;
            var line = Vector512.Load(lowest);
            var below = ranks << 4;
            (line + below).Store(lines + first);
            Avx512F.ConvertToVector128Byte(Vector512.ConditionalSelect(Vector512.Equals(line, Vector512<int>.Zero), ranks, below)).Store(bins + first);
            splitters += Splitters * Width;
            lowest += Width;
        }
        return hasMissing;
    }

    /// <summary>How many splitters each of 16 values is not below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe (Vector512<int> Ranks, bool Complete) Search(T* values, T* splitters)
    {
        var first = Vector512.Load(values);
        if (Vector512<T>.Count == Width) return (-NegativeRanks(first, splitters).AsInt32(), Vector512.EqualsAll(first, first));
        var second = Vector512.Load(values + Vector512<T>.Count);
        var ranks = Vector512.Narrow(NegativeRanks(first, splitters).AsInt64(), NegativeRanks(second, splitters + (Splitters * Vector512<T>.Count)).AsInt64());
        return (-ranks, Vector512.EqualsAll(first, first) && Vector512.EqualsAll(second, second));
    }

    /// <summary>Down four levels of 1, 2, 4 and 8 splitters: decisions choose among those of the next level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<T> NegativeRanks(Vector512<T> values, T* splitters)
    {
        var level = splitters;
        var right0 = Vector512.GreaterThanOrEqual(values, Vector512.LoadAligned(level));
        level += Vector512<T>.Count;
        var right1 = Vector512.GreaterThanOrEqual(values, OfTwo(level, 2, right0));
        level += 2 * Vector512<T>.Count;
        var right2 = Vector512.GreaterThanOrEqual(values, OfFour(level, 4, right0, right1));
        level += 4 * Vector512<T>.Count;
        var right3 = Vector512.GreaterThanOrEqual(values, Vector512.ConditionalSelect(right2, OfFour(level + Vector512<T>.Count, 8, right0, right1), OfFour(level, 8, right0, right1)));
        return Next(Next(Next(right0, right1), right2), right3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<T> OfTwo(T* level, int width, Vector512<T> right0) =>
        Vector512.ConditionalSelect(right0, Vector512.LoadAligned(level + (width / 2 * Vector512<T>.Count)), Vector512.LoadAligned(level));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<T> OfFour(T* level, int width, Vector512<T> right0, Vector512<T> right1) =>
        Vector512.ConditionalSelect(right1, OfTwo(level + (width / 4 * Vector512<T>.Count), width, right0), OfTwo(level, width, right0));

    /// <summary>Twice the first, and the second; of numbers that are as wide as <typeparamref name="T"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Next(Vector512<T> above, Vector512<T> right) =>
        typeof(T) == typeof(float) ? (above.AsInt32() + above.AsInt32() + right.AsInt32()).As<int, T>() : (above.AsInt64() + above.AsInt64() + right.AsInt64()).As<long, T>();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe void CountInLines(T* values, T* thresholds, int* lines, int* wide, nint count, byte* counts)
    {
        nint i = 0;
        for (; i <= count - 4; i += 4)
        {
            CountInLine(values, thresholds, lines, wide[i], counts);
            CountInLine(values, thresholds, lines, wide[i + 1], counts);
            CountInLine(values, thresholds, lines, wide[i + 2], counts);
            CountInLine(values, thresholds, lines, wide[i + 3], counts);
        }
        for (; i < count; i++) CountInLine(values, thresholds, lines, wide[i], counts);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void CountInLine(T* values, T* thresholds, int* lines, nint slot, byte* counts)
    {
        var line = thresholds + (uint)lines[slot];
        var value = Vector512.Create(values[slot]);
        var counted = Vector512.GreaterThanOrEqual(value, Vector512.LoadAligned(line)).ExtractMostSignificantBits();
        if (Vector512<T>.Count < Width) counted |= Vector512.GreaterThanOrEqual(value, Vector512.LoadAligned(line + Vector512<T>.Count)).ExtractMostSignificantBits() << Vector512<T>.Count;
        counts[slot] = (byte)BitOperations.PopCount(counted);
    }

    private unsafe void WriteMissing(T* values, byte* bins)
    {
        for (var slot = 0; slot < _missing.Length; slot++)
        {
            if (T.IsNaN(values[_features[slot]])) bins[slot] = _missing[slot];
        }
    }

    private static void Fill(Span<T> memory, ReadOnlySpan<double> thresholds)
    {
        for (var i = 0; i < thresholds.Length; i++) memory[i] = FirstAtLeast(thresholds[i]);
    }

    private void FillSplitters(int place, ReadOnlySpan<double> thresholds)
    {
        var (vector, lane) = Math.DivRem(place, Vector512<T>.Count);
        var step = thresholds.Length > Splitters ? Width : 1;
        for (var node = 1; node <= Splitters; node++)
        {
            // The middle of the node's part of 16.
            var level = BitOperations.Log2((uint)node);
            var rank = ((2 * (node - (1 << level))) + 1) * (Width >> (level + 1));
            var at = step == 1 ? rank - 1 : rank * step;
            if (at < thresholds.Length) _memory[_start + (((vector * Splitters) + node - 1) * Vector512<T>.Count) + lane] = FirstAtLeast(thresholds[at]);
        }
    }

    /// <summary>The smallest value that is not below a threshold divides values as the threshold does.</summary>
    private static T FirstAtLeast(double threshold)
    {
        var value = T.CreateTruncating(threshold);
        return double.CreateTruncating(value) < threshold ? T.BitIncrement(value) : value;
    }
}
