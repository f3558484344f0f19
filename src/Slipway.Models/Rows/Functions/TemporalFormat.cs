using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;

namespace Slipway.Models.Rows.Functions;

/// <summary>A strftime pattern, as C writes it in its own locale: English names, no time zone.</summary>
internal sealed class TemporalFormat
{
    private readonly ImmutableArray<Part> _parts;

    private TemporalFormat(ImmutableArray<Part> parts) => _parts = parts;

    /// <exception cref="ModelException">The pattern has a conversion that dates do not have.</exception>
    public static TemporalFormat Parse(string pattern)
    {
        var parts = ImmutableArray.CreateBuilder<Part>();
        for (var at = 0; at < pattern.Length; at++)
        {
            if (pattern[at] != '%')
            {
                parts.Add(new Part(pattern[at], IsLiteral: true));
                continue;
            }
            at++;
            if (at + 1 < pattern.Length && pattern[at] is 'E' or 'O') at++;
            if (at >= pattern.Length) throw new ModelException($"pattern '{pattern}' ends with a '%'");
            Add(parts, pattern[at], pattern);
        }
        return new TemporalFormat(parts.ToImmutable());
    }

    /// <param name="seconds">Since 1970-01-01T00:00:00.</param>
    /// <param name="buffer">What is written to.</param>
    public void Write(double seconds, ref TextBuffer buffer)
    {
        var day = Math.Floor(seconds / IsoCalendar.SecondsPerDay);
        var moment = new Moment((long)day, seconds - day * IsoCalendar.SecondsPerDay);
        foreach (var part in _parts)
        {
            if (part.IsLiteral) buffer.Append(part.Symbol);
            else moment.Write(part.Symbol, ref buffer);
        }
    }

    private static void Add(ImmutableArray<Part>.Builder parts, char symbol, string pattern)
    {
        var expanded = symbol switch
        {
            'D' or 'x' => "m/d/y",
            'F' => "Y-m-d",
            'R' => "H:M",
            'T' or 'X' => "H:M:S",
            'r' => "I:M:S p",
            'c' => "a b e H:M:S Y",
            _ => null,
        };
        if (expanded is not null)
        {
            foreach (var c in expanded) parts.Add(new Part(c, IsLiteral: !char.IsAsciiLetter(c)));
            return;
        }
        switch (symbol)
        {
            case '%':
                parts.Add(new Part('%', IsLiteral: true));
                return;
            case 'n':
                parts.Add(new Part('\n', IsLiteral: true));
                return;
            case 't':
                parts.Add(new Part('\t', IsLiteral: true));
                return;
        }
        if (!Moment.Symbols.Contains(symbol)) throw new ModelException($"pattern '{pattern}': dates have no conversion '%{symbol}'");
        parts.Add(new Part(symbol, IsLiteral: false));
    }

    private readonly record struct Part(char Symbol, bool IsLiteral);

    private readonly struct Moment
    {
        public const string Symbols = "aAbBhCdegGHIjklLmMNpPQsSuUVwWyYzZ";

        private readonly long _day;
        private readonly double _seconds;
        private readonly long _year;
        private readonly int _month;
        private readonly int _dayOfMonth;

        public Moment(long day, double seconds)
        {
            _day = day;
            _seconds = seconds;
            (_year, _month, _dayOfMonth) = IsoCalendar.DateOf(day);
        }

        private int Hour => (int)_seconds / 3600;

        private int HourOfTwelve => Hour % 12 == 0 ? 12 : Hour % 12;

        private int DayOfWeek => IsoCalendar.DayOfWeek(_day);

        private int DayOfIsoWeek => DayOfWeek == 0 ? 7 : DayOfWeek;

        private int DayOfYear => (int)(_day - IsoCalendar.DayOf(_year, 1, 1)) + 1;

        public void Write(char symbol, ref TextBuffer buffer)
        {
            var names = DateTimeFormatInfo.InvariantInfo;
            switch (symbol)
            {
                case 'a': buffer.Append(names.AbbreviatedDayNames[DayOfWeek]); break;
                case 'A': buffer.Append(names.DayNames[DayOfWeek]); break;
                case 'b' or 'h': buffer.Append(names.AbbreviatedMonthNames[_month - 1]); break;
                case 'B': buffer.Append(names.MonthNames[_month - 1]); break;
                case 'p': buffer.Append(Hour < 12 ? "AM" : "PM"); break;
                case 'P': buffer.Append(Hour < 12 ? "am" : "pm"); break;
                case 'z': buffer.Append("+0000"); break;
                case 'Z': buffer.Append("UTC"); break;
                case 'e': Append(_dayOfMonth, 2, ' ', ref buffer); break;
                case 'k': Append(Hour, 2, ' ', ref buffer); break;
                case 'l': Append(HourOfTwelve, 2, ' ', ref buffer); break;
                default:
                    var (number, digits) = Number(symbol);
                    Append(number, digits, '0', ref buffer);
                    break;
            }
        }

        private (long Number, int Digits) Number(char symbol) => symbol switch
        {
            'C' => ((long)Math.Floor(_year / 100.0), 2),
            'd' => (_dayOfMonth, 2),
            'g' => ((IsoWeek().Year % 100 + 100) % 100, 2),
            'G' => (IsoWeek().Year, 4),
            'H' => (Hour, 2),
            'I' => (HourOfTwelve, 2),
            'j' => (DayOfYear, 3),
            'L' => ((long)(_seconds % 1 * 1e3), 3),
            'm' => (_month, 2),
            'M' => ((int)_seconds / 60 % 60, 2),
            'N' => ((long)(_seconds % 1 * 1e9), 9),
            'Q' => ((long)Math.Floor((_day * (double)IsoCalendar.SecondsPerDay + _seconds) * 1e3), 1),
            's' => (_day * IsoCalendar.SecondsPerDay + (long)_seconds, 1),
            'S' => ((int)_seconds % 60, 2),
            'u' => (DayOfIsoWeek, 1),
            'U' => ((DayOfYear + 6 - DayOfWeek) / 7, 2),
            'V' => (IsoWeek().Week, 2),
            'w' => (DayOfWeek, 1),
            'W' => ((DayOfYear + 7 - DayOfIsoWeek) / 7, 2),
            'y' => ((_year % 100 + 100) % 100, 2),
            _ => (_year, 4),
        };

        /// <summary>ISO 8601: a week belongs to the year of its Thursday.</summary>
        private (long Year, int Week) IsoWeek()
        {
            var thursday = _day + 4 - DayOfIsoWeek;
            var year = IsoCalendar.DateOf(thursday).Year;
            return (year, (int)(thursday - IsoCalendar.DayOf(year, 1, 1)) / 7 + 1);
        }

        private static void Append(long number, int digits, char padding, ref TextBuffer buffer)
        {
            Span<char> text = stackalloc char[24];
            Math.Abs(number).TryFormat(text, out var length, provider: CultureInfo.InvariantCulture);
            if (number < 0) buffer.Append('-');
            buffer.Append(padding, digits - length);
            buffer.Append(text[..length]);
        }
    }
}
