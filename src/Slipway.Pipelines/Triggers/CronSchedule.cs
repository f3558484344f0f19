using System.Diagnostics.CodeAnalysis;

namespace Slipway.Pipelines.Triggers;

/// <summary>
/// Five fields as in crontab(5): minute, hour, day of month, month, day of week (0 and 7 are Sunday). Each is <c>*</c>, a value,
/// a range <c>a-b</c>, a range with a step <c>a-b/n</c> or <c>*/n</c>, or a list of these; months and weekdays also by English three-letter name.
/// <para>
/// When neither day field begins with <c>*</c>, a day that matches either of them counts (Vixie cron's rule); otherwise it must match both.
/// </para>
/// <para>
/// Summer time: a schedule whose hour field does not begin with <c>*</c> fires once, at the end of the gap, for times that the clock
/// skips, and only in the first of two repeated hours. One whose hour field begins with <c>*</c> follows elapsed time: nothing is made up for a
/// skipped hour and a repeated hour fires again.
/// </para>
/// </summary>
public sealed record CronSchedule : IParsable<CronSchedule>
{
    /// <summary>Leap days of one weekday are at most 40 years apart (across 2100), so a longer search finds nothing more.</summary>
    private const int SearchDays = 41 * 366;

    private static readonly string[] MonthNames = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] DayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    private readonly string _text;
    private readonly CronField _minute, _hour, _day, _month, _weekday;

    private CronSchedule(string text, CronField minute, CronField hour, CronField day, CronField month, CronField weekday)
    {
        _text = text;
        _minute = minute;
        _hour = hour;
        _day = day;
        _month = month;
        _weekday = weekday with { Bits = (weekday.Bits | weekday.Bits >> 7) & 0x7F };
    }

    /// <exception cref="FormatException">The text is not a schedule, or one that never fires (<c>0 0 30 2 *</c>).</exception>
    public static CronSchedule Parse(string s, IFormatProvider? provider = null)
    {
        var fields = s.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5)
        {
            throw new FormatException($"'{s}' has {fields.Length} fields; a schedule has five: minute hour day-of-month month day-of-week, for example \"0 6 * * 1-5\"");
        }
        var schedule = new CronSchedule(
            string.Join(' ', fields),
            CronField.Parse(fields[0], "minute", 0, 59, []),
            CronField.Parse(fields[1], "hour", 0, 23, []),
            CronField.Parse(fields[2], "day of month", 1, 31, []),
            CronField.Parse(fields[3], "month", 1, 12, MonthNames),
            CronField.Parse(fields[4], "day of week", 0, 7, DayNames));
        if (schedule.NextWall(new DateTime(2000, 1, 1)) is null) throw new FormatException($"'{s}' never fires: no such day exists");
        return schedule;
    }

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out CronSchedule result)
    {
        result = null;
        if (s is null) return false;
        try
        {
            result = Parse(s, provider);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>The first firing strictly after <paramref name="after"/> by the clocks of <paramref name="zone"/>; null past the end of the calendar.</summary>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        var wall = DateTime.SpecifyKind(TimeZoneInfo.ConvertTime(after, zone).DateTime, DateTimeKind.Unspecified);
        var repeating = zone.IsAmbiguousTime(wall);
        var secondPass = repeating && zone.GetUtcOffset(after) == zone.GetAmbiguousTimeOffsets(wall).Min();

        if (secondPass && !_hour.Starred) wall = EndOfRepeat(wall, zone).AddTicks(-1);
        var next = NextWall(wall);
        if (_hour.Starred && repeating && !secondPass && !(next < EndOfRepeat(wall, zone)))
        {
            var again = NextWall(StartOfRepeat(wall, zone).AddTicks(-1));
            if (again < EndOfRepeat(wall, zone)) return At(again.Value, zone, secondPass: true);
        }
        while (next is { } skipped && zone.IsInvalidTime(skipped))
        {
            var end = EndOfGap(skipped, zone);
            if (!_hour.Starred) return At(end, zone, secondPass: false);
            next = NextWall(end.AddTicks(-1));
        }
        return next is { } found ? At(found, zone, secondPass && zone.IsAmbiguousTime(found)) : null;
    }

    public bool Equals(CronSchedule? other) => other?._text == _text;

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => _text;

    /// <summary>The first matching minute on the wall clock strictly after <paramref name="after"/>.</summary>
    private DateTime? NextWall(DateTime after)
    {
        if (after > DateTime.MaxValue.AddDays(-2)) return null;
        var from = after.AddTicks(TimeSpan.TicksPerMinute - (after.Ticks % TimeSpan.TicksPerMinute));
        var day = from.Date;
        for (var i = 0; i < SearchDays; i++)
        {
            if (MatchesDay(day) && TimeOn(day, i == 0 ? from.TimeOfDay : TimeSpan.Zero) is { } found) return found;
            if (day.Date == DateTime.MaxValue.Date) return null;
            day = day.AddDays(1);
        }
        return null;
    }

    private bool MatchesDay(DateTime day)
    {
        if (!_month.Allows(day.Month)) return false;
        var (ofMonth, ofWeek) = (_day.Allows(day.Day), _weekday.Allows((int)day.DayOfWeek));
        return _day.Starred || _weekday.Starred ? ofMonth && ofWeek : ofMonth || ofWeek;
    }

    private DateTime? TimeOn(DateTime day, TimeSpan from)
    {
        var hour = _hour.AtLeast(from.Hours);
        if (hour == from.Hours)
        {
            var minute = _minute.AtLeast(from.Minutes);
            if (minute >= 0) return day.AddMinutes((hour * 60) + minute);
            hour = _hour.AtLeast(hour + 1);
        }
        return hour < 0 ? null : day.AddMinutes((hour * 60) + _minute.AtLeast(0));
    }

    private static DateTimeOffset At(DateTime wall, TimeZoneInfo zone, bool secondPass)
    {
        var offset = !zone.IsAmbiguousTime(wall) ? zone.GetUtcOffset(wall)
            : secondPass ? zone.GetAmbiguousTimeOffsets(wall).Min()
            : zone.GetAmbiguousTimeOffsets(wall).Max();
        return new DateTimeOffset(wall, offset);
    }

    private static DateTime EndOfGap(DateTime wall, TimeZoneInfo zone)
    {
        wall = wall.AddTicks(-(wall.Ticks % TimeSpan.TicksPerMinute));
        while (zone.IsInvalidTime(wall)) wall = wall.AddMinutes(1);
        return wall;
    }

    private static DateTime EndOfRepeat(DateTime wall, TimeZoneInfo zone)
    {
        wall = wall.AddTicks(-(wall.Ticks % TimeSpan.TicksPerMinute));
        while (zone.IsAmbiguousTime(wall)) wall = wall.AddMinutes(1);
        return wall;
    }

    private static DateTime StartOfRepeat(DateTime wall, TimeZoneInfo zone)
    {
        wall = wall.AddTicks(-(wall.Ticks % TimeSpan.TicksPerMinute));
        while (zone.IsAmbiguousTime(wall.AddMinutes(-1))) wall = wall.AddMinutes(-1);
        return wall;
    }
}
