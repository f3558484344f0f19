using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Slipway.Models.Rows.Regressions;

/// <summary>A number for each category of a field; other categories and a missing value count 0. Categories that are small whole numbers (symbols, codes) are looked up by index.</summary>
internal readonly struct CategoricalTerm
{
    private const int MaxSpan = 1 << 16;

    private readonly Operand _value;
    private readonly double[] _dense;
    private readonly int _first;
    private readonly CellMap? _others;

    /// <param name="coefficients">The first of several for a category counts.</param>
    public CategoricalTerm(RowExpression value, ImmutableArray<KeyValuePair<double, double>> coefficients)
    {
        _value = new Operand(value);
        _dense = [];
        if (coefficients.IsEmpty) return;
        var (min, max) = (coefficients.Min(c => c.Key), coefficients.Max(c => c.Key));
        if (!coefficients.All(c => Math.Truncate(c.Key) == c.Key) || min < int.MinValue || max >= int.MaxValue || max - min >= MaxSpan)
        {
            _others = new CellMap(coefficients);
            return;
        }
        _first = (int)min;
        _dense = new double[(int)(max - min) + 1];
        for (var i = coefficients.Length - 1; i >= 0; i--) _dense[(int)coefficients[i].Key - _first] = coefficients[i].Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Evaluate(in Row row)
    {
        var cell = _value.Evaluate(row);
        var index = double.ConvertToIntegerNative<int>(cell) - _first;
        if ((uint)index < (uint)_dense.Length && index + _first == cell) return _dense[index];
        return _others is null || Cell.IsMissing(cell) ? 0 : _others.Find(cell, 0);
    }
}
