using System.Globalization;
using Slipway.Core;

namespace Slipway.Models.Rows;

/// <summary>
/// Values taken as values of another type. What cannot be taken becomes <see cref="Cell.Invalid"/> per row, and a
/// <see cref="ModelException"/> before the first row when it is a constant or the types have nothing in common. Missing stays missing.
/// </summary>
internal static class Casting
{
    /// <summary>
    /// Numbers become wider as they are, narrower by rounding to float32, integers only when they are whole. Numbers and booleans meet
    /// at 0 and 1. Texts are parsed; everything has a text (see <see cref="ValueText"/>). A moment has a date and a time, a date is a
    /// moment at midnight.
    /// </summary>
    /// <exception cref="ModelException">There is no such value.</exception>
    public static RowExpression Cast(RowExpression value, CellType to, SymbolTable symbols)
    {
        var from = value.Type;
        if (from == to) return value;
        if (!Exists(from, to)) throw new ModelException($"{WithArticle(from)} cannot be taken as {WithArticle(to)}");
        if (value is ConstantExpression constant) return CastConstant(constant, to, symbols);
        if (from == CellType.Text) return new ParsedExpression(value, to);
        if (to == CellType.Text) return new TextOfExpression(value);
        if (!KeepsCell(from, to)) return new ConvertedExpression(value, to);
        return value is SlotExpression slot ? new SlotExpression(to, slot.Slot) : new RetypedExpression(value, to);
    }

    /// <summary>A text as a value of a type other than text, by the type's own rules: decimals for float32 are rounded once.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, CellType type, out double cell)
    {
        switch (type)
        {
            case CellType.Date:
                return TemporalText.TryParseDate(text, out cell);
            case CellType.Time:
                return TemporalText.TryParseTime(text, out cell);
            case CellType.DateTime:
                return TemporalText.TryParseDateTime(text, out cell);
            case CellType.Float32 when float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var single):
                cell = single;
                return true;
            default:
                return (NumberText.TryParse(text, out cell) || TryParseFlag(text.Trim(), out cell))
                    && !Cell.IsInvalid(cell = Convert(cell, CellType.Float64, type));
        }
    }

    /// <summary>A cell of one type as a cell of another; neither is text.</summary>
    public static double Convert(double cell, CellType from, CellType to)
    {
        if (Cell.HasNoValue(cell)) return cell;
        switch (to)
        {
            case CellType.Integer when from != CellType.Boolean:
                return Integers.Of(cell);
            case CellType.Float32:
                return (float)cell;
            case CellType.Boolean:
                return cell is 0 or 1 ? cell : Cell.Invalid;
            case CellType.Date when from == CellType.DateTime:
                return Math.Floor(cell / IsoCalendar.SecondsPerDay);
            case CellType.Time when from == CellType.DateTime:
                return cell - Math.Floor(cell / IsoCalendar.SecondsPerDay) * IsoCalendar.SecondsPerDay;
            case CellType.DateTime when from == CellType.Date:
                return cell * IsoCalendar.SecondsPerDay;
            default:
                return cell;
        }
    }

    /// <summary>The type's name as models write it, with its article: <c>an integer</c>.</summary>
    public static string WithArticle(CellType type) => type switch
    {
        CellType.Text => "a string",
        CellType.Integer => "an integer",
        CellType.Float32 => "a float",
        CellType.Float64 => "a double",
        CellType.Boolean => "a boolean",
        CellType.Date => "a date",
        CellType.Time => "a time",
        _ => "a dateTime",
    };

    /// <summary>Whether the same cell means the same value of the other type.</summary>
    private static bool KeepsCell(CellType from, CellType to) => (from, to) is
        (CellType.Boolean or CellType.Integer or CellType.Float32, CellType.Float64) or
        (CellType.Boolean, CellType.Integer or CellType.Float32);

    private static bool Exists(CellType from, CellType to)
    {
        if (from == CellType.Text || to == CellType.Text) return true;
        if (from.IsTemporal || to.IsTemporal)
        {
            return (from, to) is (CellType.DateTime, CellType.Date or CellType.Time) or (CellType.Date, CellType.DateTime);
        }
        return true;
    }

    private static ConstantExpression CastConstant(ConstantExpression constant, CellType to, SymbolTable symbols)
    {
        var cell = constant.Cell;
        if (Cell.HasNoValue(cell)) return new ConstantExpression(to, cell);
        if (constant.Type == CellType.Text)
        {
            var text = symbols[(int)cell];
            return TryParse(text, to, out cell) ? new ConstantExpression(to, cell) : throw new ModelException($"'{text}' is not {WithArticle(to)}");
        }
        Span<char> written = stackalloc char[ValueText.MaximumLength];
        if (to == CellType.Text)
        {
            var length = ValueText.Write(cell, constant.Type, written);
            return new ConstantExpression(to, symbols.Intern(written[..length].ToString()));
        }
        var converted = Convert(cell, constant.Type, to);
        if (!Cell.IsInvalid(converted)) return new ConstantExpression(to, converted);
        throw new ModelException($"{written[..ValueText.Write(cell, constant.Type, written)]} is not {WithArticle(to)}");
    }

    private static bool TryParseFlag(ReadOnlySpan<char> text, out double cell)
    {
        cell = Cell.Of(text.Equals("true", StringComparison.OrdinalIgnoreCase));
        return cell == Cell.True || text.Equals("false", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The same cell under another type.</summary>
    private sealed class RetypedExpression(RowExpression value, CellType type) : RowExpression(type)
    {
        public override double Evaluate(in Row row) => value.Evaluate(row);
    }

    private sealed class ConvertedExpression(RowExpression value, CellType type) : RowExpression(type)
    {
        public override double Evaluate(in Row row) => Convert(value.Evaluate(row), value.Type, Type);
    }

    private sealed class ParsedExpression(RowExpression value, CellType type) : RowExpression(type)
    {
        public override double Evaluate(in Row row)
        {
            var cell = value.Evaluate(row);
            if (Cell.HasNoValue(cell)) return cell;
            return TryParse(row.Texts[cell], Type, out var parsed) ? parsed : Cell.Invalid;
        }
    }

    private sealed class TextOfExpression(RowExpression value) : RowExpression(CellType.Text)
    {
        public override double Evaluate(in Row row)
        {
            var cell = value.Evaluate(row);
            if (Cell.HasNoValue(cell)) return cell;
            Span<char> text = stackalloc char[ValueText.MaximumLength];
            var length = ValueText.Write(cell, value.Type, text);
            return length > 0 ? row.Texts.Intern(text[..length]) : Cell.Invalid;
        }
    }
}
