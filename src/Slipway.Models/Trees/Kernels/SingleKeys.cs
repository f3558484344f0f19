using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// Numeric float32 features as integers that compare as the floats do, for <see cref="OrderNodes"/>. Each used feature has two slots: in the first NaN is
/// larger than every bound (default right), in the second smaller (default left). Slot 0 is smaller than every bound.
/// </summary>
internal sealed class SingleKeys : RowKeys<float>
{
    /// <summary>Some features are in use: these, ascending; null when all are.</summary>
    private readonly int[]? _used;
    private readonly int _count;

    /// <param name="used">Ascending.</param>
    /// <param name="features">Values of a row.</param>
    public SingleKeys(int[] used, int features)
    {
        _count = used.Length;
        _used = _count == features ? null : used;
    }

    public override int Slots => 1 + (2 * _count);

    public override unsafe void Write(ReadOnlySpan<float> row, int* keys)
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

    private static Vector256<int> KeyOf(Vector256<float> value)
    {
        var bits = (value + Vector256<float>.Zero).AsInt32();
        return bits ^ ((bits >> 31) & Vector256.Create(int.MaxValue));
    }
}

/// <summary>Numeric splits on float32 features.</summary>
internal sealed class SingleSplits : SplitEncoder<float>
{
    private readonly TreeEnsemble _ensemble;
    private readonly Dictionary<int, int> _slotOf = [];

    public SingleSplits(TreeEnsemble ensemble)
    {
        _ensemble = ensemble;
        var used = ensemble.UsedFeatures();
        foreach (var feature in used) _slotOf.Add(feature, 1 + _slotOf.Count);
        Keys = new SingleKeys(used, ensemble.FeatureCount);
    }

    public override SingleKeys Keys { get; }

    /// <summary>The bound is the largest key that does not go right, that is of the largest x &lt; threshold.</summary>
    public override (int Slot, int Bound) Encode(int node)
    {
        var slot = _slotOf[_ensemble.Features[node]] + (_ensemble.DefaultLeft[node] ? _slotOf.Count : 0);
        // The smallest float32 that is not below the threshold divides float32 values as the threshold does.
        var threshold = (float)_ensemble.Thresholds[node];
        if (threshold < _ensemble.Thresholds[node]) threshold = MathF.BitIncrement(threshold);
        return (slot, SingleKeys.KeyOf(threshold) - 1);
    }
}
