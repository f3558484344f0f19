using System.Globalization;

namespace Slipway.Models.Rows;

/// <summary>
/// Dates, times and moments as ISO 8601 and XML Schema write them, to and from cells. A zone shifts a time or a moment to UTC; on a date
/// it changes nothing. A moment may have a space for its <c>T</c>, a time may leave out its seconds, and 24:00:00 is the end of the day.
/// </summary>
internal static class TemporalText
{
    /// <summary>The most characters that any of the texts has.</summary>
    public const int MaximumLength = 48;

    private const int MaximumYearDigits = 9;
    private const int FractionDigits = 6;

    /// <param name="cell">Days since 1970-01-01.</param>
    public static bool TryParseDate(ReadOnlySpan<char> text, out double cell)
    {
        var rest = text.Trim();
        var parsed = TakeDate(ref rest, out var day) & TakeZone(ref rest, out _) && rest.IsEmpty;
        cell = day;
        return parsed;
    }

    /// <param name="cell">Seconds since midnight.</param>
    public static bool TryParseTime(ReadOnlySpan<char> text, out double cell)
    {
        var rest = text.Trim();
        cell = 0;
        if (!TakeTime(ref rest, out var seconds) || !TakeZone(ref rest, out var offset) || !rest.IsEmpty) return false;
        cell = seconds - offset;
        if (cell < 0) cell += IsoCalendar.SecondsPerDay;
        if (cell >= IsoCalendar.SecondsPerDay) cell -= IsoCalendar.SecondsPerDay;
        return true;
    }

    /// <param name="cell">Seconds since 1970-01-01T00:00:00.</param>
    public static bool TryParseDateTime(ReadOnlySpan<char> text, out double cell)
    {
        var rest = text.Trim();
        cell = 0;
        if (!TakeDate(ref rest, out var day) || !Take(ref rest, 'T', ' ')) return false;
        if (!TakeTime(ref rest, out var seconds) || !TakeZone(ref rest, out var offset) || !rest.IsEmpty) return false;
        cell = (double)day * IsoCalendar.SecondsPerDay + seconds - offset;
        return true;
    }

    public static string FormatDate(double cell) => Format(cell, CellType.Date);

    public static string FormatTime(double cell) => Format(cell, CellType.Time);

    public static string FormatDateTime(double cell) => Format(cell, CellType.DateTime);

    /// <summary>Writes a cell of a temporal type; there must be room for <see cref="MaximumLength"/>.</summary>
    /// <returns>How many characters were written; 0 when the number is no date that the calendar can count.</returns>
    public static int Write(double cell, CellType type, Span<char> to)
    {
        if (type == CellType.Time) return cell is >= 0 and <= IsoCalendar.SecondsPerDay ? WriteTime(cell, to) : 0;
        var day = type == CellType.Date ? cell : Math.Floor(cell / IsoCalendar.SecondsPerDay);
        if (!(Math.Abs(day) < 300e9)) return 0;
        var length = WriteDate((long)day, to);
        if (type == CellType.Date) return length;
        var seconds = Math.Round(cell - day * IsoCalendar.SecondsPerDay, FractionDigits);
        if (seconds >= IsoCalendar.SecondsPerDay)
        {
            length = WriteDate((long)day + 1, to);
            seconds = 0;
        }
        to[length++] = 'T';
        return length + WriteTime(seconds, to[length..]);
    }

    private static string Format(double cell, CellType type)
    {
        Span<char> text = stackalloc char[MaximumLength];
        return text[..Write(cell, type, text)].ToString();
    }

    private static int WriteDate(long day, Span<char> to)
    {
        var (year, month, dayOfMonth) = IsoCalendar.DateOf(day);
        to.TryWrite(CultureInfo.InvariantCulture, $"{year:0000}-{month:00}-{dayOfMonth:00}", out var length);
        return length;
    }

    private static int WriteTime(double seconds, Span<char> to)
    {
        var microseconds = (long)Math.Round(seconds * 1e6);
        var whole = microseconds / 1_000_000;
        to.TryWrite(CultureInfo.InvariantCulture, $"{whole / 3600:00}:{whole / 60 % 60:00}:{whole % 60:00}", out var length);
        var fraction = microseconds % 1_000_000;
        if (fraction == 0) return length;
        to[length..].TryWrite(CultureInfo.InvariantCulture, $".{fraction:000000}", out var digits);
        return to[..(length + digits)].TrimEnd('0').Length;
    }

    private static bool TakeDate(ref ReadOnlySpan<char> rest, out long day)
    {
        day = 0;
        var negative = Take(ref rest, '-', '-');
        var digits = 0;
        while (digits < rest.Length && char.IsAsciiDigit(rest[digits])) digits++;
        if (digits is < 4 or > MaximumYearDigits) return false;
        var year = 0L;
        foreach (var digit in rest[..digits]) year = year * 10 + (digit - '0');
        if (negative) year = -year;
        rest = rest[digits..];
        if (!Take(ref rest, '-', '-') || !TakeTwoDigits(ref rest, 12, out var month) || month == 0) return false;
        if (!Take(ref rest, '-', '-') || !TakeTwoDigits(ref rest, IsoCalendar.DaysInMonth(year, month), out var dayOfMonth) || dayOfMonth == 0) return false;
        day = IsoCalendar.DayOf(year, month, dayOfMonth);
        return true;
    }

    private static bool TakeTime(ref ReadOnlySpan<char> rest, out double seconds)
    {
        seconds = 0;
        if (!TakeTwoDigits(ref rest, 24, out var hour) || !Take(ref rest, ':', ':') || !TakeTwoDigits(ref rest, 59, out var minute)) return false;
        seconds = hour * 3600 + minute * 60;
        if (Take(ref rest, ':', ':'))
        {
            if (!TakeTwoDigits(ref rest, 59, out var second)) return false;
            seconds += second;
            if (Take(ref rest, '.', ',') && !TakeFraction(ref rest, ref seconds)) return false;
        }
        return hour < 24 || seconds == IsoCalendar.SecondsPerDay;
    }

    private static bool TakeFraction(ref ReadOnlySpan<char> rest, ref double seconds)
    {
        var digits = 0;
        double value = 0, scale = 1;
        for (; digits < rest.Length && char.IsAsciiDigit(rest[digits]); digits++)
        {
            if (digits >= 15) continue;
            value = value * 10 + (rest[digits] - '0');
            scale *= 10;
        }
        seconds += value / scale;
        rest = rest[digits..];
        return digits > 0;
    }

    /// <param name="offset">Seconds east of UTC; 0 when there is no zone.</param>
    private static bool TakeZone(ref ReadOnlySpan<char> rest, out int offset)
    {
        offset = 0;
        if (rest.IsEmpty || Take(ref rest, 'Z', 'z')) return true;
        var west = rest[0] == '-';
        if (!Take(ref rest, '+', '-') || !TakeTwoDigits(ref rest, 14, out var hours)) return false;
        if (!Take(ref rest, ':', ':') || !TakeTwoDigits(ref rest, 59, out var minutes)) return false;
        offset = (hours * 3600 + minutes * 60) * (west ? -1 : 1);
        return hours < 14 || minutes == 0;
    }

    private static bool TakeTwoDigits(ref ReadOnlySpan<char> rest, int maximum, out int value)
    {
        value = 0;
        if (rest.Length < 2 || !char.IsAsciiDigit(rest[0]) || !char.IsAsciiDigit(rest[1])) return false;
        value = (rest[0] - '0') * 10 + (rest[1] - '0');
        rest = rest[2..];
        return value <= maximum;
    }

    private static bool Take(ref ReadOnlySpan<char> rest, char one, char other)
    {
        if (rest.IsEmpty || (rest[0] != one && rest[0] != other)) return false;
        rest = rest[1..];
        return true;
    }
}
