using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// The numeric features of a row as bytes: a value's bin is how many of the thresholds of its slot it is not below. That decides every split exactly, and the
/// histograms that models are trained with seldom have more than 255 thresholds for a feature; those of a feature that has more are divided among slots.
/// </summary>
internal sealed class BinnedFeatures<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Of a slot.</summary>
    public const int MaxThresholds = byte.MaxValue;

    /// <summary>Of an ensemble: numbers of slots have nine bits at most.</summary>
    public const int MaxSlots = 512;

    /// <summary>Thresholds that are compared at once.</summary>
    public const int Width = 16;

    /// <summary>While the row has at most so many values for each slot, all are searched for missing ones before slots are looked at.</summary>
    private const int ValuesPerSlot = 4;

    /// <summary>By slot.</summary>
    private readonly int[] _features;

    /// <summary>The last slots have the thresholds of these, and another bin of missing values.</summary>
    private readonly int[] _copyOf;

    /// <summary>The bin of missing values, by slot.</summary>
    private readonly byte[] _missing;

    /// <summary>Slots before this one have at most <see cref="Width"/> thresholds.</summary>
    private readonly int _firstWide;

    /// <summary>Where the thresholds of each wide slot are.</summary>
    private readonly int[] _lowest;

    /// <summary>
    /// Pinned, from <see cref="_start"/> on: for every slot its thresholds, or where it is wide every <see cref="Width"/>th of them but the first; then all of
    /// wide slots. NaN where there is none.
    /// </summary>
    private readonly T[] _memory;
    private readonly int _start;
    private readonly bool _missingGoesRight;
    private readonly int _rowLength;

    /// <param name="slots">Those with at most <see cref="Width"/> thresholds first.</param>
    /// <param name="copyOf">For each further slot the one whose thresholds it has; its missing values go the other way.</param>
    /// <param name="rowLength">Features of a row.</param>
    public BinnedFeatures(ReadOnlySpan<Slot> slots, int[] copyOf, int rowLength)
    {
        Slots = slots.Length + copyOf.Length;
        _copyOf = copyOf;
        _rowLength = rowLength;
        _features = new int[Slots];
        _missing = new byte[Slots];
        while (_firstWide < slots.Length && slots[_firstWide].Count <= Width) _firstWide++;
        _lowest = new int[slots.Length - _firstWide];
        var length = slots.Length * Width;
        for (var slot = _firstWide; slot < slots.Length; slot++)
        {
            _lowest[slot - _firstWide] = length;
            length += (slots[slot].Count + Width - 1) / Width * Width;
        }
        _memory = GC.AllocateUninitializedArray<T>(length + (KeyBlock.Alignment / Unsafe.SizeOf<T>()), pinned: true);
        _memory.AsSpan().Fill(T.NaN);
        _start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0) & (KeyBlock.Alignment - 1)) / Unsafe.SizeOf<T>();
        for (var slot = 0; slot < slots.Length; slot++)
        {
            _features[slot] = slots[slot].Feature;
            _missing[slot] = slots[slot].DefaultLeft ? byte.MinValue : byte.MaxValue;
            _missingGoesRight |= !slots[slot].DefaultLeft;
            Fill(slot, slots[slot].Thresholds);
        }
        for (var copy = 0; copy < copyOf.Length; copy++)
        {
            _features[slots.Length + copy] = _features[copyOf[copy]];
            _missing[slots.Length + copy] = (byte)~_missing[copyOf[copy]];
            _missingGoesRight = true;
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

    /// <summary>Of all tables.</summary>
    public long Bytes => ((long)_memory.Length * Unsafe.SizeOf<T>()) + (((long)_features.Length + _copyOf.Length + _lowest.Length) * sizeof(int)) + _missing.Length;

    /// <param name="row">All features of a row.</param>
    /// <param name="bins">Room for <see cref="Slots"/>.</param>
    public unsafe void Write(ReadOnlySpan<T> row, byte* bins)
    {
        fixed (T* values = row)
        fixed (T* memory = _memory)
        fixed (int* features = _features)
        fixed (int* lowest = _lowest)
        {
            var start = memory + _start;
            WriteNarrow(values, features, start, _firstWide, bins);
            WriteWide(values, features + _firstWide, start, start + (_firstWide * Width), lowest, _lowest.Length, bins + _firstWide);
            var copy = bins + _firstWide + _lowest.Length;
            foreach (var slot in _copyOf) *copy++ = bins[slot];
            if (_missingGoesRight && MayHaveMissing(values)) WriteMissing(values, bins);
        }
    }

    private static unsafe void WriteNarrow(T* values, int* features, T* thresholds, nint count, byte* bins)
    {
        for (nint slot = 0; slot < count; slot++)
        {
            bins[slot] = (byte)CountAtMost(thresholds, values + features[slot]);
            thresholds += Width;
        }
    }

    private static unsafe void WriteWide(T* values, int* features, T* memory, T* upper, int* lowest, nint count, byte* bins)
    {
        for (nint slot = 0; slot < count; slot++)
        {
            var value = values + features[slot];
            var first = CountAtMost(upper, value) * Width;
            bins[slot] = (byte)(first + CountAtMost(memory + lowest[slot] + first, value));
            upper += Width;
        }
    }

    /// <summary>How many of 16 thresholds a value is not below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe nint CountAtMost(T* thresholds, T* value)
    {
        var values = Vector512.Create(*value);
        var counted = Vector512.GreaterThanOrEqual(values, Vector512.LoadAligned(thresholds)).ExtractMostSignificantBits();
        if (Vector512<T>.Count < Width) counted |= Vector512.GreaterThanOrEqual(values, Vector512.LoadAligned(thresholds + Vector512<T>.Count)).ExtractMostSignificantBits() << Vector512<T>.Count;
        return BitOperations.PopCount(counted);
    }

    private unsafe bool MayHaveMissing(T* values)
    {
        if (_rowLength > Slots * ValuesPerSlot) return true;
        nint at = 0;
        for (nint last = _rowLength - Vector512<T>.Count; at <= last; at += Vector512<T>.Count)
        {
            var value = Vector512.Load(values + at);
            if (!Vector512.EqualsAll(value, value)) return true;
        }
        for (; at < _rowLength; at++)
        {
            if (T.IsNaN(values[at])) return true;
        }
        return false;
    }

    private unsafe void WriteMissing(T* values, byte* bins)
    {
        for (var slot = 0; slot < _missing.Length; slot++)
        {
            if (T.IsNaN(values[_features[slot]])) bins[slot] = _missing[slot];
        }
    }

    private void Fill(int slot, ReadOnlySpan<double> thresholds)
    {
        var memory = _memory.AsSpan(_start);
        var at = slot * Width;
        if (slot >= _firstWide)
        {
            for (var part = 1; part * Width < thresholds.Length; part++) memory[at + part - 1] = FirstAtLeast(thresholds[part * Width]);
            at = _lowest[slot - _firstWide];
        }
        for (var i = 0; i < thresholds.Length; i++) memory[at + i] = FirstAtLeast(thresholds[i]);
    }

    /// <summary>The smallest value that is not below a threshold divides values as the threshold does.</summary>
    private static T FirstAtLeast(double threshold)
    {
        var value = T.CreateTruncating(threshold);
        return double.CreateTruncating(value) < threshold ? T.BitIncrement(value) : value;
    }
}
