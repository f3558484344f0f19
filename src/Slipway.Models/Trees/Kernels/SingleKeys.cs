using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// Numeric float32 features as integers that compare as the floats do, for <see cref="OrderNodes"/>. Slot 0 is smaller than every bound. Then each feature
/// has a slot for every default way that is in use: where missing goes right, NaN is larger than every bound, else smaller.
/// </summary>
internal sealed class SingleKeys : RowKeys<float>
{
    /// <summary>Above this share of features in use (one in so many) all have slots: it is faster to turn them all over than to pick some.</summary>
    private const int PickedShare = 4;

    /// <summary>Features that have slots, ascending; null when all have.</summary>
    private readonly int[]? _picked;
    private readonly int _count;
    private readonly bool _toRight;
    private readonly bool _toLeft;

    /// <param name="used">Features in use, ascending.</param>
    /// <param name="features">Values of a row.</param>
    /// <param name="toRight">Missing values go right at some splits.</param>
    /// <param name="toLeft">Missing values go left at some splits.</param>
    public SingleKeys(int[] used, int features, bool toRight, bool toLeft)
    {
        (_toRight, _toLeft) = (toRight, toLeft);
        _picked = used.Length <= features - (features / PickedShare) ? used : null;
        _count = _picked is null ? features : used.Length;
        Slots = 1 + (toRight ? _count : 0) + (toLeft ? _count : 0);
    }

    public override int Slots { get; }

    public int SlotOf(int feature, bool defaultLeft)
    {
        var at = 1 + (_picked is null ? feature : _picked.AsSpan().BinarySearch(feature));
        return defaultLeft && _toRight ? at + _count : at;
    }

    public override unsafe void Write(ReadOnlySpan<float> row, int* keys)
    {
        keys[0] = int.MinValue;
        fixed (float* all = row)
        {
            var values = all;
            if (_picked is { } picked)
            {
                // Into the last slots, which are overwritten in the end.
                values = (float*)(keys + Slots - _count);
                for (var i = 0; i < picked.Length; i++) values[i] = all[picked[i]];
            }
            if (_toRight) Write(values, int.MaxValue, keys + 1);
            if (_toLeft) Write(values, int.MinValue, keys + Slots - _count);
        }
    }

    /// <summary>As <see cref="Write(ReadOnlySpan{float}, int*)"/>, in words of which keys are the upper part.</summary>
    /// <param name="keys">Room for <see cref="Slots"/>.</param>
    /// <param name="shift">Bits below a key.</param>
    public unsafe void Write(ReadOnlySpan<float> row, long* keys, int shift)
    {
        keys[0] = (long)int.MinValue << shift;
        fixed (float* values = row)
        {
            if (_toRight) Write(values, int.MaxValue, keys + 1, shift);
            if (_toLeft) Write(values, int.MinValue, keys + Slots - _count, shift);
        }
    }

    [SkipLocalsInit]
    public override unsafe void WriteBlock(ReadOnlySpan<float> rows, int rowLength, int* keys)
    {
        var lowest = Vector256.Create(int.MinValue);
        for (var r = 0; r < KeyBlock.Rows; r += Vector256<int>.Count) lowest.Store(keys + r);
        var slots = Slots;
        var scratch = stackalloc int[slots];
        var column = keys;
        for (var from = 0; from < rows.Length; from += rowLength, column++)
        {
            Write(rows.Slice(from, rowLength), scratch);
            for (var slot = 1; slot < slots; slot++) column[slot << KeyBlock.Shift] = scratch[slot];
        }
    }

    /// <summary>Order-preserving; both zeros give 0. Adding 0 makes -0 into +0.</summary>
    internal static int KeyOf(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value + 0f);
        return bits ^ ((bits >> 31) & int.MaxValue);
    }

    /// <param name="missing">The key of NaN.</param>
    /// <param name="keys">May be where <paramref name="values"/> are.</param>
    private unsafe void Write(float* values, int missing, int* keys)
    {
        var done = 0;
        for (; done <= _count - Vector256<float>.Count; done += Vector256<float>.Count)
        {
            var value = Vector256.Load(values + done);
            Vector256.ConditionalSelect(Vector256.Equals(value, value).AsInt32(), KeyOf(value), Vector256.Create(missing)).Store(keys + done);
        }
        for (; done < _count; done++) keys[done] = KeyOf(values[done], missing);
    }

    /// <param name="values">All features.</param>
    /// <inheritdoc cref="Write(float*, int, int*)"/>
    private unsafe void Write(float* values, int missing, long* keys, int shift)
    {
        if (_picked is { } picked)
        {
            for (var i = 0; i < picked.Length; i++) keys[i] = (long)KeyOf(values[picked[i]], missing) << shift;
            return;
        }
        var done = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; done <= _count - Vector512<float>.Count; done += Vector512<float>.Count)
            {
                var value = Vector512.Load(values + done);
                var bits = (value + Vector512<float>.Zero).AsInt32();
                var key = Vector512.ConditionalSelect(Vector512.Equals(value, value).AsInt32(), bits ^ ((bits >> 31) & Vector512.Create(int.MaxValue)), Vector512.Create(missing));
                (Vector512.WidenLower(key) << shift).Store(keys + done);
                (Vector512.WidenUpper(key) << shift).Store(keys + done + Vector512<long>.Count);
            }
        }
        for (; done <= _count - Vector256<float>.Count; done += Vector256<float>.Count)
        {
            var value = Vector256.Load(values + done);
            var key = Vector256.ConditionalSelect(Vector256.Equals(value, value).AsInt32(), KeyOf(value), Vector256.Create(missing));
            (Vector256.WidenLower(key) << shift).Store(keys + done);
            (Vector256.WidenUpper(key) << shift).Store(keys + done + Vector256<long>.Count);
        }
        for (; done < _count; done++) keys[done] = (long)KeyOf(values[done], missing) << shift;
    }

    private static int KeyOf(float value, int missing) => float.IsNaN(value) ? missing : KeyOf(value);

    private static Vector256<int> KeyOf(Vector256<float> value)
    {
        var bits = (value + Vector256<float>.Zero).AsInt32();
        return bits ^ ((bits >> 31) & Vector256.Create(int.MaxValue));
    }
}

/// <summary>Numeric splits on float32 features.</summary>
internal sealed class SingleSplits(TreeEnsemble ensemble) : SplitEncoder<float>
{
    public override SingleKeys Keys { get; } = KeysOf(ensemble);

    /// <summary>The bound is the largest key that does not go right, that is of the largest x &lt; threshold.</summary>
    public override (int Slot, int Bound) Encode(int split)
    {
        // The smallest float32 that is not below the threshold divides float32 values as the threshold does.
        var threshold = (float)ensemble.Thresholds[split];
        if (threshold < ensemble.Thresholds[split]) threshold = MathF.BitIncrement(threshold);
        return (Keys.SlotOf(ensemble.Features[split], ensemble.DefaultLeft[split]), SingleKeys.KeyOf(threshold) - 1);
    }

    private static SingleKeys KeysOf(TreeEnsemble ensemble)
    {
        var (toRight, toLeft) = (false, false);
        for (var node = 0; node < ensemble.NodeCount; node++)
        {
            if (ensemble.IsLeaf(node)) continue;
            if (ensemble.DefaultLeft[node]) toLeft = true;
            else toRight = true;
        }
        return new SingleKeys(ensemble.UsedFeatures(), ensemble.FeatureCount, toRight, toLeft);
    }
}
