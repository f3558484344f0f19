namespace Slipway.Models.Rows;

/// <summary>
/// The proleptic Gregorian calendar as ISO 8601 and XML Schema 1.1 have it: there is a year 0, and days are counted from 1970-01-01.
/// Source: E. G. Richards, "Mapping Time" (1998), the reckoning with years that begin in March.
/// </summary>
internal static class IsoCalendar
{
    public const int SecondsPerDay = 86_400;

    private const int DaysPerEra = 146_097;
    private const int DaysFromMarchOfYearZero = 719_468;

    public static long DayOf(long year, int month, int day)
    {
        var marchYear = month <= 2 ? year - 1 : year;
        var era = Math.DivRem(marchYear, 400, out var yearOfEra);
        if (yearOfEra < 0)
        {
            era--;
            yearOfEra += 400;
        }
        var dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        var dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * DaysPerEra + dayOfEra - DaysFromMarchOfYearZero;
    }

    public static (long Year, int Month, int Day) DateOf(long day)
    {
        var shifted = day + DaysFromMarchOfYearZero;
        var era = Math.DivRem(shifted, DaysPerEra, out var dayOfEra);
        if (dayOfEra < 0)
        {
            era--;
            dayOfEra += DaysPerEra;
        }
        var yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        var dayOfYear = (int)(dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100));
        var marchMonth = (5 * dayOfYear + 2) / 153;
        var month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1);
    }

    public static int DaysInMonth(long year, int month) => month switch
    {
        2 => IsLeap(year) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    public static bool IsLeap(long year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    /// <returns>0 for Sunday.</returns>
    public static int DayOfWeek(long day) => (int)(((day + 4) % 7 + 7) % 7);
}
