using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Slipway.Core.Specs;

/// <summary>A length of time as people write it: <c>250ms</c>, <c>30s</c>, <c>5m</c>, <c>1h</c>, <c>90d</c>, <c>2w</c>; fractions allowed.</summary>
[Summary("A length of time: 250ms, 30s, 5m, 1h, 90d, 2w; fractions allowed.")]
public readonly record struct Duration(TimeSpan Value) : IParsable<Duration>
{
    public const string Pattern = @"^\d+(\.\d+)?(ms|s|m|h|d|w)$";

    public static implicit operator TimeSpan(Duration duration) => duration.Value;

    public static Duration Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var duration) ? duration : throw new FormatException($"'{s}' is not a duration; write for example 250ms, 30s, 5m, 1h, 90d");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Duration result)
    {
        result = default;
        if (string.IsNullOrEmpty(s)) return false;
        var unit = s.AsSpan().TrimStart("0123456789.");
        if (unit.Length == s.Length || !char.IsAsciiDigit(s[0]) || !char.IsAsciiDigit(s[^(unit.Length + 1)])) return false;
        if (!decimal.TryParse(s.AsSpan(0, s.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
        var ticks = unit switch
        {
            "ms" => TimeSpan.TicksPerMillisecond,
            "s" => TimeSpan.TicksPerSecond,
            "m" => TimeSpan.TicksPerMinute,
            "h" => TimeSpan.TicksPerHour,
            "d" => TimeSpan.TicksPerDay,
            "w" => 7 * TimeSpan.TicksPerDay,
            _ => 0L,
        };
        if (ticks == 0 || number > long.MaxValue / ticks) return false;
        result = new Duration(TimeSpan.FromTicks((long)(number * ticks)));
        return true;
    }

    public override string ToString()
    {
        foreach (var (suffix, ticks) in new[] { ("w", 7 * TimeSpan.TicksPerDay), ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond) })
        {
            if (Value.Ticks != 0 && Value.Ticks % ticks == 0) return (Value.Ticks / ticks).ToString(CultureInfo.InvariantCulture) + suffix;
        }
        return ((decimal)Value.Ticks / TimeSpan.TicksPerMillisecond).ToString(CultureInfo.InvariantCulture) + "ms";
    }
}
