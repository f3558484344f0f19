using System.Buffers;
using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Data;

/// <summary>One column of a <see cref="TableBuilder"/>. Each append must be of the column's own type.</summary>
public sealed class ColumnBuilder
{
    private byte[] _data = [];
    private int _used;
    private int[] _ends = [];
    private ulong[] _missing = [];
    private bool _hasMissing;

    internal ColumnBuilder(ColumnSpec spec)
    {
        if (spec.Type is not (ElementType.Float64 or ElementType.Int64 or ElementType.Bool or ElementType.Bytes))
        {
            throw new ArgumentException($"column '{spec.Name}': tables are built of FP64, INT64, BOOL and BYTES columns, not {spec.Type.ProtocolName}", nameof(spec));
        }
        Spec = spec;
    }

    public ColumnSpec Spec { get; }

    public int Count { get; private set; }

    public void Append(double value)
    {
        Expect(ElementType.Float64);
        MemoryMarshal.Write(Grow(sizeof(double)), value);
        Count++;
    }

    public void Append(long value)
    {
        Expect(ElementType.Int64);
        MemoryMarshal.Write(Grow(sizeof(long)), value);
        Count++;
    }

    public void Append(bool value)
    {
        Expect(ElementType.Bool);
        Grow(1)[0] = value ? (byte)1 : (byte)0;
        Count++;
    }

    public void Append(ReadOnlySpan<byte> utf8)
    {
        Expect(ElementType.Bytes);
        utf8.CopyTo(Grow(utf8.Length));
        EndText();
    }

    public void AppendMissing()
    {
        var word = Count >> 6;
        if (word >= _missing.Length) Enlarge(ref _missing, word + 1, (Count + 63) >> 6);
        _missing[word] |= 1UL << (Count & 63);
        _hasMissing = true;
        if (Spec.Type == ElementType.Bytes)
        {
            EndText();
            return;
        }
        Grow(Spec.Type.Size).Clear();
        Count++;
    }

    /// <summary>Takes back everything appended after the first <paramref name="rows"/> elements.</summary>
    internal void Truncate(int rows)
    {
        if (Count <= rows) return;
        for (var i = rows; _hasMissing && i < Count; i++)
        {
            if (i >> 6 < _missing.Length) _missing[i >> 6] &= ~(1UL << (i & 63));
        }
        _used = Spec.Type == ElementType.Bytes ? (rows == 0 ? 0 : _ends[rows - 1]) : rows * Spec.Type.Size;
        Count = rows;
    }

    internal Tensor Build()
    {
        var tensor = Tensor.Uninitialized(Spec.Name, Spec.Type, Count);
        if (Spec.Type == ElementType.Bytes)
        {
            for (int i = 0, start = 0; i < Count; start = _ends[i++]) tensor.Append(_data.AsSpan(start, _ends[i] - start));
        }
        else
        {
            _data.AsSpan(0, _used).CopyTo(tensor.RawData);
        }
        for (var i = 0; _hasMissing && i < Count; i++)
        {
            if (i >> 6 < _missing.Length && (_missing[i >> 6] >> (i & 63) & 1) != 0) tensor.SetMissing(i);
        }
        return tensor;
    }

    /// <summary>Empties the column and keeps its buffers.</summary>
    internal void Clear()
    {
        if (_hasMissing) _missing.AsSpan().Clear();
        _hasMissing = false;
        _used = 0;
        Count = 0;
    }

    internal void Release()
    {
        Return(ref _data);
        Return(ref _ends);
        Return(ref _missing);
    }

    private void EndText()
    {
        if (Count >= _ends.Length) Enlarge(ref _ends, Count + 1, Count);
        _ends[Count++] = _used;
    }

    private Span<byte> Grow(int bytes)
    {
        if (bytes > _data.Length - _used)
        {
            var needed = (long)_used + bytes;
            if (needed > Array.MaxLength) throw new RecordException($"column '{Spec.Name}': {needed} bytes is more than one batch can hold; read fewer rows at a time");
            Enlarge(ref _data, (int)needed, _used);
        }
        var room = _data.AsSpan(_used, bytes);
        _used += bytes;
        return room;
    }

    private void Expect(ElementType type)
    {
        if (Spec.Type != type) throw new InvalidOperationException($"column '{Spec.Name}' is built of {Spec.Type.ProtocolName}, not {type.ProtocolName}");
    }

    private static void Enlarge<T>(ref T[] array, int needed, int used) where T : unmanaged
    {
        var larger = ArrayPool<T>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(Math.Max(needed, 64), array.Length * 2L)));
        array.AsSpan(0, Math.Min(used, array.Length)).CopyTo(larger);
        larger.AsSpan(Math.Min(used, array.Length)).Clear();
        Return(ref array);
        array = larger;
    }

    private static void Return<T>(ref T[] array)
    {
        if (array.Length > 0) ArrayPool<T>.Shared.Return(array);
        array = [];
    }
}
