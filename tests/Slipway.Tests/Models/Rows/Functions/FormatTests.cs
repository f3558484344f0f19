using Slipway.Core;
using Slipway.Models.Rows;
using Xunit;
using static Slipway.Tests.Models.Rows.Functions.Applied;

namespace Slipway.Tests.Models.Rows.Functions;

/// <summary>Expected values: the printf and strftime of glibc 2.36 in the C locale.</summary>
public sealed class FormatTests
{
    [Theory]
    [InlineData(2, "%3d", "  2")]
    [InlineData(2, "%-3d|", "2  |")]
    [InlineData(2, "%03d", "002")]
    [InlineData(-2, "%04d", "-002")]
    [InlineData(2, "%+d", "+2")]
    [InlineData(2, "% d", " 2")]
    [InlineData(7, "%.3d", "007")]
    [InlineData(7, "%6.3i", "   007")]
    [InlineData(7, "%06.3d", "   007")]
    [InlineData(7, "%ld units", "7 units")]
    [InlineData(255, "%x %%", "ff %")]
    [InlineData(255, "%X", "FF")]
    [InlineData(8, "%o", "10")]
    [InlineData(-1, "%x", "ffffffff")]
    [InlineData(1234567, "%,d", "1,234,567")]
    [InlineData(-123456, "%,d", "-123,456")]
    [InlineData(123, "%,d", "123")]
    [InlineData(-5, "%(d", "(5)")]
    [InlineData(2.0, "%d", "2")]
    [InlineData(3.14159, "%5.2f", " 3.14")]
    [InlineData(3.14159, "%f", "3.141590")]
    [InlineData(3.14159, "%.0f", "3")]
    [InlineData(3.14159, "%#.0f", "3.")]
    [InlineData(-3.14159, "%08.3f", "-003.142")]
    [InlineData(2.675, "%.2f", "2.67")]
    [InlineData(1234567.891, "%,.2f", "1,234,567.89")]
    [InlineData(1e22, "%.1f", "10000000000000000000000.0")]
    [InlineData(3, "%.1f", "3.0")]
    [InlineData(12345.678, "%e", "1.234568e+04")]
    [InlineData(0.00012, "%.2E", "1.20E-04")]
    [InlineData(1e-120, "%.0e", "1e-120")]
    [InlineData(0.0, "%e", "0.000000e+00")]
    [InlineData(0.0001, "%g", "0.0001")]
    [InlineData(0.00001, "%g", "1e-05")]
    [InlineData(100000.0, "%g", "100000")]
    [InlineData(1000000.0, "%g", "1e+06")]
    [InlineData(3.5, "%G", "3.5")]
    [InlineData(3.5, "%#g", "3.50000")]
    [InlineData(99999.95, "%.6g", "99999.9")]
    [InlineData(0.0, "%g", "0")]
    [InlineData(double.PositiveInfinity, "%5.1f", "  inf")]
    [InlineData(double.NegativeInfinity, "%05f", " -inf")]
    [InlineData(double.NaN, "%F", "NAN")]
    [InlineData(2.5, "%s!", "2.5!")]
    [InlineData(2, "%5s", "    2")]
    [InlineData(2, "a%%b%1$d", "a%b2")]
    public void FormatNumber_writes_what_printf_writes(object number, string pattern, string expected)
    {
        Assert.Equal(expected, Apply("formatNumber", number, C(pattern)));
        Assert.Equal(expected, Apply("formatNumber", number, pattern));
    }

    [Fact]
    public void FormatNumber_has_no_result_for_a_fraction_as_an_integer() => Assert.Equal(Invalid, Apply("formatNumber", 2.5, C("%d")));

    [Theory]
    [InlineData("no number")]
    [InlineData("%")]
    [InlineData("%q")]
    [InlineData("%d %d")]
    [InlineData("%1000000000d")]
    [InlineData("%.500f")]
    [InlineData("%99999999999999999999d")]
    public void FormatNumber_patterns_that_are_wrong_are_faults(string pattern)
    {
        Assert.Throws<ModelException>(() => Apply("formatNumber", 1, C(pattern)));
        Assert.Equal(Invalid, Apply("formatNumber", 1, pattern));
    }

    [Fact]
    public void FormatNumber_reads_back_as_the_number()
    {
        var random = new Random(41);
        for (var i = 0; i < 1_000; i++)
        {
            var number = (random.NextDouble() * 2 - 1) * Math.Pow(10, random.Next(-20, 20));
            var text = Assert.IsType<string>(Apply("formatNumber", number, C("%.17g")));
            Assert.Equal(number, double.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
            text = Assert.IsType<string>(Apply("formatNumber", number, C("%.16e")));
            Assert.Equal(number, double.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    [Theory]
    [InlineData("%m/%d/%y", "08/20/04")]
    [InlineData("%Y-%m-%d %H:%M:%S", "2004-08-20 15:04:09")]
    [InlineData("%A, %e %B %Y", "Friday, 20 August 2004")]
    [InlineData("%a %b %h", "Fri Aug Aug")]
    [InlineData("%j %U %W %V %G %g", "233 33 33 34 2004 04")]
    [InlineData("%u %w %C", "5 5 20")]
    [InlineData("%I %l %k %p %P", "03  3 15 PM pm")]
    [InlineData("%D %F %T %R", "08/20/04 2004-08-20 15:04:09 15:04")]
    [InlineData("%r", "03:04:09 PM")]
    [InlineData("%c", "Fri Aug 20 15:04:09 2004")]
    [InlineData("%x %X", "08/20/04 15:04:09")]
    [InlineData("%s", "1093014249")]
    [InlineData("100%%%n%t", "100%\n\t")]
    [InlineData("%Ey %Od", "04 20")]
    [InlineData("", "")]
    public void FormatDatetime_writes_what_strftime_writes(string pattern, string expected)
    {
        var moment = new DateTime(2004, 8, 20, 15, 4, 9);
        Assert.Equal(expected, Apply("formatDatetime", moment, C(pattern)));
        Assert.Equal(expected, Apply("formatDatetime", moment, pattern));
        Assert.Equal(expected, Apply("formatDatetime", "2004-08-20T15:04:09", C(pattern)));
    }

    [Fact]
    public void FormatDatetime_takes_dates_and_times()
    {
        Assert.Equal("08/20/04", Apply("formatDatetime", new DateOnly(2004, 8, 20), C("%m/%d/%y")));
        Assert.Equal("00:00", Apply("formatDatetime", new DateOnly(2004, 8, 20), C("%R")));
        Assert.Equal("15:04", Apply("formatDatetime", new TimeOnly(15, 4), C("%R")));
        Assert.Equal("2004", Apply("formatDatetime", C("2004-08-20"), C("%Y")));
        Assert.Equal("1960 05", Apply("formatDatetime", new DateOnly(1960, 1, 5), C("%Y %d")));
        Assert.Equal(Invalid, Apply("formatDatetime", "yesterday", C("%Y")));
    }

    [Fact]
    public void FormatDatetime_writes_fractions()
    {
        var moment = new DateTime(2004, 8, 20, 15, 4, 9).AddMilliseconds(250);
        Assert.Equal("250 250000000 1093014249250", Apply("formatDatetime", moment, C("%L %N %Q")));
    }

    [Theory]
    [InlineData("%")]
    [InlineData("%i")]
    [InlineData("%5Y")]
    public void FormatDatetime_patterns_that_are_wrong_are_faults(string pattern)
    {
        Assert.Throws<ModelException>(() => Apply("formatDatetime", new DateOnly(2004, 8, 20), C(pattern)));
        Assert.Equal(Invalid, Apply("formatDatetime", new DateOnly(2004, 8, 20), pattern));
    }

    [Fact]
    public void FormatDatetime_agrees_with_dotnet_on_weeks_and_days()
    {
        var day = new DateOnly(1999, 12, 20);
        for (var i = 0; i < 3_000; i++, day = day.AddDays(1))
        {
            var moment = day.ToDateTime(default);
            var expected = FormattableString.Invariant(
                $"{System.Globalization.ISOWeek.GetYear(moment)}-{System.Globalization.ISOWeek.GetWeekOfYear(moment):00} {day.DayOfYear:000} {(int)day.DayOfWeek} {day:yyyy-MM-dd}");
            Assert.Equal(expected, Apply("formatDatetime", day, C("%G-%V %j %w %F")));
        }
    }

    [Fact]
    public void Numbers_have_no_date_and_dates_no_number()
    {
        Assert.Throws<ModelException>(() => Apply("formatDatetime", 3, C("%Y")));
        Assert.Throws<ModelException>(() => Apply("formatNumber", new DateOnly(2004, 8, 20), C("%d")));
    }

    [Theory]
    [InlineData("formatNumber", CellType.Float64)]
    [InlineData("formatDatetime", CellType.DateTime)]
    public void Result_is_missing_when_an_argument_is(string name, CellType type)
    {
        Assert.Null(Apply(name, new Missing(type), C("%d")));
        Assert.Null(Apply(name, type == CellType.Float64 ? 1 : new DateOnly(2004, 8, 20), new Missing(CellType.Text)));
        Assert.Null(Apply(name, C(null), C("%d")));
    }
}
