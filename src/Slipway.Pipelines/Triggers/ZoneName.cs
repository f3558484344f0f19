using System.Diagnostics.CodeAnalysis;

namespace Slipway.Pipelines.Triggers;

/// <summary>A time zone by its IANA name (<c>Europe/Berlin</c>) that this machine knows.</summary>
public sealed record ZoneName(TimeZoneInfo Zone) : IParsable<ZoneName>
{
    /// <exception cref="FormatException">This machine knows no such zone.</exception>
    public static ZoneName Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var zone)
            ? zone
            : throw new FormatException($"this machine knows no time zone '{s}'; write an IANA name such as Europe/Berlin (the list comes with the system's tzdata)");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out ZoneName result)
    {
        result = s is not null && TimeZoneInfo.TryFindSystemTimeZoneById(s, out var zone) ? new ZoneName(zone) : null;
        return result is not null;
    }

    public override string ToString() => Zone.Id;
}
