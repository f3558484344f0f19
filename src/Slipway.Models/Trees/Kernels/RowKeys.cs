using System.Runtime.Intrinsics;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// Turns feature values into integers that compare as the floats do, with NaN already sent its way, so that one integer comparison decides a split:
/// <c>key &gt; bound</c> goes right. Each used feature has two slots: in the first NaN is larger than every bound (default right), in the second smaller
/// (default left). Slot 0 is smaller than every bound: leaves point there and so stay where they are.
/// </summary>
internal sealed class RowKeys
{
    /// <summary>Rows whose keys are computed together: <c>keys[slot × RowsPerBlock + row]</c>.</summary>
    public const int RowsPerBlock = 64;

    public const int BlockShift = 6;

    /// <summary>Of the keys of a block, in bytes: vectors that cross cache lines cost twice.</summary>
    public const int Alignment = 64;

    /// <summary>The features in use, ascending; null when all are.</summary>
    private readonly int[]? _used;
    private readonly Dictionary<int, int> _slotOf = [];
    private readonly int _count;

    public RowKeys(TreeEnsemble ensemble)
    {
        var used = new SortedSet<int>();
        foreach (var feature in ensemble.Features)
        {
            if (feature >= 0) used.Add(feature);
        }
        _count = used.Count;
        foreach (var feature in used) _slotOf.Add(feature, 1 + _slotOf.Count);
        _used = _count == ensemble.FeatureCount ? null : [.. used];
    }

    /// <summary>Slots of a row.</summary>
    public int Slots => 1 + (2 * _count);

    public int SlotOf(int feature, bool defaultLeft) => _slotOf[feature] + (defaultLeft ? _count : 0);

    /// <summary>The largest key that does not go right at <paramref name="threshold"/>, that is for which x &lt; threshold.</summary>
    public static int BoundOf(double threshold)
    {
        var nearest = (float)threshold;
        return KeyOf(nearest < threshold ? MathF.BitIncrement(nearest) : nearest) - 1;
    }

    /// <param name="row">All features of one row.</param>
    /// <param name="keys">Room for <see cref="Slots"/>.</param>
    public unsafe void Write(ReadOnlySpan<float> row, int* keys)
    {
        keys[0] = int.MinValue;
        var toRight = keys + 1;
        var toLeft = toRight + _count;
        if (_used is { } used)
        {
            for (var i = 0; i < used.Length; i++) toRight[i] = BitConverter.SingleToInt32Bits(row[used[i]]);
        }
        fixed (float* all = row)
        {
            var values = _used is null ? all : (float*)toRight;
            var done = 0;
            for (; done <= _count - Vector256<float>.Count; done += Vector256<float>.Count)
            {
                var value = Vector256.Load(values + done);
                var key = KeyOf(value);
                var present = Vector256.Equals(value, value).AsInt32();
                Vector256.ConditionalSelect(present, key, Vector256<int>.AllBitsSet >>> 1).Store(toRight + done);
                Vector256.ConditionalSelect(present, key, Vector256.Create(int.MinValue)).Store(toLeft + done);
            }
            for (; done < _count; done++)
            {
                var value = values[done];
                var key = KeyOf(value);
                toRight[done] = float.IsNaN(value) ? int.MaxValue : key;
                toLeft[done] = float.IsNaN(value) ? int.MinValue : key;
            }
        }
    }

    /// <param name="rows">Row-major; at most <see cref="RowsPerBlock"/> rows.</param>
    /// <param name="scratch">Room for <see cref="Slots"/>.</param>
    /// <param name="keys">Room for <see cref="Slots"/> × <see cref="RowsPerBlock"/>; columns beyond the last row are left as they are.</param>
    public unsafe void WriteBlock(ReadOnlySpan<float> rows, int rowLength, int* scratch, int* keys)
    {
        Vector256<int> lowest = Vector256.Create(int.MinValue);
        for (var r = 0; r < RowsPerBlock; r += Vector256<int>.Count) lowest.Store(keys + r);
        var column = keys;
        for (var from = 0; from < rows.Length; from += rowLength, column++)
        {
            Write(rows.Slice(from, rowLength), scratch);
            for (var slot = 1; slot < Slots; slot++) column[slot << BlockShift] = scratch[slot];
        }
    }

    /// <summary>Order-preserving; both zeros give 0. Adding 0 makes -0 into +0.</summary>
    private static int KeyOf(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value + 0f);
        return bits ^ ((bits >> 31) & int.MaxValue);
    }

    private static Vector256<int> KeyOf(Vector256<float> value)
    {
        var bits = (value + Vector256<float>.Zero).AsInt32();
        return bits ^ ((bits >> 31) & Vector256.Create(int.MaxValue));
    }
}
