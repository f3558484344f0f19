using System.Collections.Immutable;

namespace Slipway.Models.Rows.Scorecards;

/// <summary>
/// Finds the first attribute of a characteristic that holds without trying one after the other, when all of them look at one field only: what holds can change
/// only at the constants that they compare it with, so it is found out once for each constant and each gap between two of them.
/// </summary>
internal sealed class AttributeIndex
{
    /// <summary>Constants times attributes: more would take too long to find out.</summary>
    private const long MostTrials = 1_000_000;

    private readonly int _slot;
    private readonly double[] _constants;
    private readonly int[] _attributes;
    private readonly int _whenMissing;

    private AttributeIndex(int slot, double[] constants, Func<double, int> find)
    {
        (_slot, _constants) = (slot, constants);
        _whenMissing = find(Cell.Missing);
        _attributes = new int[(constants.Length * 2) + 1];
        for (var i = 0; i < constants.Length; i++)
        {
            _attributes[i * 2] = find(i == 0 ? double.NegativeInfinity : Between(constants[i - 1], constants[i]));
            _attributes[(i * 2) + 1] = find(constants[i]);
        }
        _attributes[^1] = find(double.PositiveInfinity);
    }

    /// <returns>Null when the attributes look at several fields, or in another way than by comparing with constants.</returns>
    public static AttributeIndex? TryMake(ImmutableArray<ScoreAttribute> attributes)
    {
        var (slot, constants) = (-1, new SortedSet<double>());
        foreach (var attribute in attributes)
        {
            if (!TryCollect(attribute.Predicate, ref slot, constants)) return null;
        }
        if (slot < 0 || constants.Any(c => !double.IsFinite(c)) || (long)constants.Count * attributes.Length > MostTrials) return null;
        var cells = new double[slot + 1];
        var texts = new RowTexts(new SymbolTable());
        return new AttributeIndex(slot, [.. constants], value =>
        {
            cells[slot] = value;
            var row = new Row(cells, texts);
            for (var i = 0; i < attributes.Length; i++)
            {
                if (attributes[i].Predicate.Evaluate(row) == Truth.True) return i;
            }
            return -1;
        });
    }

    /// <returns>-1 when none holds, -2 when they have to be tried: the value is no finite number, or not allowed.</returns>
    public int Find(in Row row)
    {
        var cell = row[_slot];
        if (!double.IsFinite(cell)) return Cell.IsMissing(cell) ? _whenMissing : -2;
        var (low, high) = (0, _constants.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_constants[middle] < cell) low = middle + 1;
            else high = middle;
        }
        return _attributes[(low * 2) + (low < _constants.Length && _constants[low] == cell ? 1 : 0)];
    }

    /// <summary>A number of the gap; neighbouring numbers have none, and then it does not matter what is found for it.</summary>
    private static double Between(double low, double high) => low + ((high - low) / 2) is var middle && double.IsFinite(middle) ? middle : 0;

    private static bool TryCollect(RowPredicate predicate, ref int slot, SortedSet<double> constants)
    {
        switch (predicate)
        {
            case ConstantPredicate:
                return true;
            case MissingPredicate missing:
                return IsOf(missing.Value, ref slot);
            case ComparePredicate compare:
                constants.Add(compare.Constant);
                return IsOf(compare.Value, ref slot);
            case SetPredicate set:
                foreach (var member in set.Members) constants.Add(member);
                return IsOf(set.Value, ref slot);
            case CompoundPredicate compound:
                foreach (var part in compound.Parts)
                {
                    if (!TryCollect(part, ref slot, constants)) return false;
                }
                return true;
            default:
                return false;
        }
    }

    private static bool IsOf(RowExpression value, ref int slot)
    {
        if (value is not SlotExpression expression || (slot >= 0 && slot != expression.Slot)) return false;
        slot = expression.Slot;
        return true;
    }
}
