namespace Slipway.Models.Rows.Functions;

/// <summary>Dates and moments as counts of days and seconds. Fractions of seconds are cut off.</summary>
internal static class DateFunctions
{
    private const int LargestYear = 9_999_999;

    /// <summary>Days from the first of January of the year to the date.</summary>
    public static RowExpression DaysSinceYear(FunctionCall call) =>
        new SinceYearExpression(Moment(call, 0), call.Integer(1), IsoCalendar.SecondsPerDay);

    /// <summary>Seconds from the start of the year to the moment.</summary>
    public static RowExpression SecondsSinceYear(FunctionCall call) => new SinceYearExpression(Moment(call, 0), call.Integer(1), secondsPerUnit: 1);

    public static RowExpression SecondsSinceMidnight(FunctionCall call)
    {
        if (call[0].Type == CellType.Date) throw call.Fault("argument 1 must be a time or a dateTime, it is a date");
        return new SinceMidnightExpression(call[0].Type == CellType.Text ? TextMoment(call, 0) : call.Temporal(0, CellType.Time));
    }

    /// <summary>An argument as seconds since 1970-01-01T00:00:00: a date is its midnight, a time is on that day, a text is any of them.</summary>
    public static RowExpression Moment(FunctionCall call, int index) => call[index].Type switch
    {
        CellType.Time => call[index],
        CellType.Text => TextMoment(call, index),
        _ => call.Temporal(index, CellType.DateTime),
    };

    private static RowExpression TextMoment(FunctionCall call, int index)
    {
        if (FunctionCall.IsMissing(call[index])) return new ConstantExpression(CellType.DateTime, Cell.Missing);
        if (call.ConstantText(index) is not { } text) return new TextMomentExpression(call.Text(index));
        return TryParse(text, out var cell)
            ? new ConstantExpression(CellType.DateTime, cell)
            : throw call.Fault($"argument {index + 1}: '{text}' is neither a date nor a dateTime nor a time in ISO 8601");
    }

    private static bool TryParse(ReadOnlySpan<char> text, out double cell)
    {
        if (TemporalText.TryParseDate(text, out var day))
        {
            cell = day * IsoCalendar.SecondsPerDay;
            return true;
        }
        return TemporalText.TryParseDateTime(text, out cell) || TemporalText.TryParseTime(text, out cell);
    }

    private sealed class TextMomentExpression(RowExpression text) : RowExpression(CellType.DateTime)
    {
        public override double Evaluate(in Row row)
        {
            var cell = text.Evaluate(row);
            if (Cell.HasNoValue(cell)) return cell;
            return TryParse(row.Texts[cell], out var moment) ? moment : Cell.Invalid;
        }
    }

    private sealed class SinceYearExpression(RowExpression moment, RowExpression year, int secondsPerUnit) : RowExpression(CellType.Integer)
    {
        public override double Evaluate(in Row row)
        {
            var seconds = moment.Evaluate(row);
            var since = year.Evaluate(row);
            if (Cell.HasNoValue(seconds)) return seconds;
            if (Cell.HasNoValue(since)) return since;
            if (Math.Abs(since) > LargestYear) return Cell.Invalid;
            var start = (double)IsoCalendar.DayOf((long)since, 1, 1) * IsoCalendar.SecondsPerDay;
            return secondsPerUnit == 1 ? Math.Truncate(seconds - start) : Math.Floor((seconds - start) / secondsPerUnit);
        }
    }

    private sealed class SinceMidnightExpression(RowExpression moment) : RowExpression(CellType.Integer)
    {
        public override double Evaluate(in Row row)
        {
            var seconds = moment.Evaluate(row);
            if (Cell.HasNoValue(seconds)) return seconds;
            return Math.Floor(seconds - Math.Floor(seconds / IsoCalendar.SecondsPerDay) * IsoCalendar.SecondsPerDay);
        }
    }
}
