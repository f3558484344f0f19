using System.Collections.Immutable;

namespace Slipway.Models.Rows;

internal enum Comparison : byte
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

internal sealed class ConstantPredicate(Truth value) : RowPredicate
{
    public static ConstantPredicate True { get; } = new(Truth.True);

    public static ConstantPredicate False { get; } = new(Truth.False);

    public static ConstantPredicate Unknown { get; } = new(Truth.Unknown);

    public Truth Value { get; } = value;

    public override Truth Evaluate(in Row row) => Value;
}

/// <summary>A value against a constant of its type; text by equality only.</summary>
internal sealed class ComparePredicate(RowExpression value, Comparison comparison, double constant) : RowPredicate
{
    public RowExpression Value { get; } = value;

    public Comparison Comparison { get; } = comparison;

    public double Constant { get; } = constant;

    public override Truth Evaluate(in Row row)
    {
        var cell = Value.Evaluate(row);
        if (Cell.IsMissing(cell)) return Truth.Unknown;
        return Of(Comparison switch
        {
            Comparison.Equal => cell == Constant,
            Comparison.NotEqual => cell != Constant,
            Comparison.Less => cell < Constant,
            Comparison.LessOrEqual => cell <= Constant,
            Comparison.Greater => cell > Constant,
            _ => cell >= Constant,
        });
    }

    private static Truth Of(bool value) => value ? Truth.True : Truth.False;
}

/// <summary>Compares the places of two values in a list: the order of an ordinal field. A value that is not in it is compared as a text or number.</summary>
internal sealed class OrderPredicate(RowExpression value, Comparison comparison, double constant, ImmutableArray<double> order) : RowPredicate
{
    public override Truth Evaluate(in Row row)
    {
        var cell = value.Evaluate(row);
        if (Cell.IsMissing(cell)) return Truth.Unknown;
        var (left, right) = (order.IndexOf(cell), order.IndexOf(constant));
        var sign = left >= 0 && right >= 0 ? left.CompareTo(right) : value.Type != CellType.Text ? cell.CompareTo(constant) : string.CompareOrdinal(row.Texts[cell], row.Texts[constant]);
        var holds = comparison switch
        {
            Comparison.Less => sign < 0,
            Comparison.LessOrEqual => sign <= 0,
            Comparison.Greater => sign > 0,
            _ => sign >= 0,
        };
        return holds ? Truth.True : Truth.False;
    }
}

internal sealed class MissingPredicate(RowExpression value, bool whenMissing) : RowPredicate
{
    public RowExpression Value { get; } = value;

    /// <summary>True for a missing value, or for one that is there.</summary>
    public bool WhenMissing { get; } = whenMissing;

    public override Truth Evaluate(in Row row) => Cell.IsMissing(Value.Evaluate(row)) == WhenMissing ? Truth.True : Truth.False;
}

internal sealed class SetPredicate(RowExpression value, ImmutableArray<double> members, bool isIn) : RowPredicate
{
    private readonly CellSet _set = SetOf(members);

    public RowExpression Value { get; } = value;

    public ImmutableArray<double> Members { get; } = members;

    /// <summary>True for members, or for everything else.</summary>
    public bool IsIn { get; } = isIn;

    public override Truth Evaluate(in Row row)
    {
        var cell = Value.Evaluate(row);
        if (Cell.IsMissing(cell)) return Truth.Unknown;
        return _set.Contains(cell) == IsIn ? Truth.True : Truth.False;
    }

    private static CellSet SetOf(ImmutableArray<double> members)
    {
        var set = new CellSet();
        foreach (var member in members) set.Add(member);
        return set;
    }
}

internal enum Junction : byte
{
    And,
    Or,
    Xor,

    /// <summary>The first that is known.</summary>
    Surrogate,
}

internal sealed class CompoundPredicate(Junction junction, ImmutableArray<RowPredicate> parts) : RowPredicate
{
    public Junction Junction { get; } = junction;

    public ImmutableArray<RowPredicate> Parts { get; } = parts;

    public override Truth Evaluate(in Row row) => Junction switch
    {
        Junction.And => Decide(row, Truth.False, Truth.True),
        Junction.Or => Decide(row, Truth.True, Truth.False),
        Junction.Xor => Odd(row),
        _ => FirstKnown(row),
    };

    /// <summary>One deciding part decides; else an unknown one leaves it unknown.</summary>
    private Truth Decide(in Row row, Truth deciding, Truth otherwise)
    {
        foreach (var part in Parts)
        {
            var truth = part.Evaluate(row);
            if (truth == deciding) return deciding;
            if (truth == Truth.Unknown) otherwise = Truth.Unknown;
        }
        return otherwise;
    }

    private Truth Odd(in Row row)
    {
        var odd = false;
        foreach (var part in Parts)
        {
            var truth = part.Evaluate(row);
            if (truth == Truth.Unknown) return Truth.Unknown;
            odd ^= truth == Truth.True;
        }
        return odd ? Truth.True : Truth.False;
    }

    private Truth FirstKnown(in Row row)
    {
        foreach (var part in Parts)
        {
            var truth = part.Evaluate(row);
            if (truth != Truth.Unknown) return truth;
        }
        return Truth.Unknown;
    }
}
