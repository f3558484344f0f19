using System.Collections.Immutable;

namespace Slipway.Models.Rows;

/// <summary>A number for some cells: an array over small whole numbers (symbols, codes), a hash for the rest.</summary>
internal sealed class CellMap
{
    private const int MaxSpan = 1 << 16;

    private readonly int _first;
    private readonly double[] _dense = [];
    private readonly Dictionary<double, double>? _others;

    /// <summary>The first of several entries for a cell counts.</summary>
    public CellMap(ImmutableArray<KeyValuePair<double, double>> entries)
    {
        if (entries.IsEmpty) return;
        var (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
        var whole = true;
        foreach (var (cell, _) in entries)
        {
            (min, max) = (Math.Min(min, cell), Math.Max(max, cell));
            whole &= Math.Truncate(cell) == cell;
        }
        if (whole && min >= int.MinValue && max < int.MaxValue && max - min < MaxSpan)
        {
            _first = (int)min;
            _dense = new double[(int)(max - min) + 1];
            _dense.AsSpan().Fill(Cell.Missing);
            foreach (var (cell, value) in entries)
            {
                if (Cell.IsMissing(_dense[(int)cell - _first])) _dense[(int)cell - _first] = value;
            }
            return;
        }
        _others = [];
        foreach (var (cell, value) in entries) _others.TryAdd(cell, value);
    }

    public double Find(double cell, double otherwise)
    {
        if (_others is not null) return _others.GetValueOrDefault(cell, otherwise);
        var index = double.ConvertToIntegerNative<int>(cell) - _first;
        if ((uint)index >= (uint)_dense.Length || index + _first != cell) return otherwise;
        var found = _dense[index];
        return Cell.IsMissing(found) ? otherwise : found;
    }
}
