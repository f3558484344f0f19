using System.Numerics;

namespace Slipway.Models.Rows.Transformations;

/// <summary>A value for each of many keys of one or more cells: open addressing, no allocation to look up.</summary>
internal sealed class CellTable
{
    /// <summary>Another in every process, so that no file can be made to collide.</summary>
    private static readonly ulong Seed = (ulong)HashCode.Combine(2) << 32 | (uint)HashCode.Combine(3) | 1;

    private readonly int _width;
    private readonly double[] _keys;
    private readonly double[] _values;

    /// <summary>One more than the number of the entry; 0 when the place is free.</summary>
    private readonly int[] _places;

    /// <param name="width">Cells in a key.</param>
    /// <param name="capacity">The most entries there will be.</param>
    public CellTable(int width, int capacity)
    {
        _width = width;
        _keys = new double[checked(width * capacity)];
        _values = new double[capacity];
        _places = new int[BitOperations.RoundUpToPowerOf2((uint)capacity * 2 + 2)];
    }

    public int Count { get; private set; }

    /// <returns>False when the key is there already, with the value that is returned.</returns>
    public bool TryAdd(ReadOnlySpan<double> key, double value, out double present)
    {
        ref var place = ref _places[Place(key)];
        if (place > 0)
        {
            present = _values[place - 1];
            return false;
        }
        key.CopyTo(_keys.AsSpan(Count * _width));
        present = _values[Count] = value;
        place = ++Count;
        return true;
    }

    /// <returns>False when the key is not there.</returns>
    public bool TryFind(ReadOnlySpan<double> key, out double value)
    {
        var place = _places[Place(key)];
        value = place > 0 ? _values[place - 1] : 0;
        return place > 0;
    }

    private int Place(ReadOnlySpan<double> key)
    {
        var hash = Seed;
        foreach (var cell in key) hash = Mix(hash ^ BitConverter.DoubleToUInt64Bits(cell + 0.0)); // −0 is 0
        var mask = _places.Length - 1;
        for (var at = (int)(hash >> 32) & mask; ; at = (at + 1) & mask)
        {
            if (_places[at] == 0 || key.SequenceEqual(_keys.AsSpan((_places[at] - 1) * _width, _width))) return at;
        }
    }

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, 0x9E3779B97F4A7C15UL, out var low);
        return high ^ low ^ BitOperations.RotateLeft(value, 17);
    }
}

/// <summary>What a table has for a value.</summary>
/// <param name="otherwise">For a value that is not in the table.</param>
/// <param name="missing">For a missing value.</param>
internal sealed class LookupExpression(RowExpression key, CellTable table, CellType type, double otherwise, double missing) : RowExpression(type)
{
    public override double Evaluate(in Row row)
    {
        var cell = key.Evaluate(row);
        if (Cell.IsMissing(cell)) return missing;
        return table.TryFind(new ReadOnlySpan<double>(in cell), out var value) ? value : otherwise;
    }
}

/// <summary>What a table has for several values together.</summary>
/// <param name="scratch">The first of as many slots as there are keys, for this alone.</param>
/// <inheritdoc cref="LookupExpression"/>
internal sealed class CombinedLookupExpression(RowExpression[] keys, int scratch, CellTable table, CellType type, double otherwise, double missing) : RowExpression(type)
{
    public override double Evaluate(in Row row)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            var cell = keys[i].Evaluate(row);
            if (Cell.IsMissing(cell)) return missing;
            row[scratch + i] = cell;
        }
        return table.TryFind(row.Cells.Slice(scratch, keys.Length), out var value) ? value : otherwise;
    }
}
