using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Core.Specs.Yaml;

/// <summary>What a plain scalar means in YAML 1.2 (specification 1.2.2, section 10.3, the core schema): <c>yes</c>, <c>on</c> and <c>1:30</c> are text.</summary>
internal static partial class CoreSchema
{
    public static bool IsNull(string text) => text is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>A whole number beyond 64 bits becomes a <see cref="double"/>.</summary>
    public static object? Resolve(string text)
    {
        if (IsNull(text)) return null;
        if (text is "true" or "True" or "TRUE") return true;
        if (text is "false" or "False" or "FALSE") return false;
        if (Infinity().IsMatch(text)) return text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        if (text is ".nan" or ".NaN" or ".NAN") return double.NaN;
        if (Whole().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return whole;
        if (Octal().IsMatch(text)) return FromOctal(text) is { } octal ? octal : text;
        if (Hexadecimal().IsMatch(text)) return long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hexadecimal) ? hexadecimal : text;
        if (Number().IsMatch(text)) return double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return text;
    }

    private static long? FromOctal(string text)
    {
        var value = 0L;
        foreach (var digit in text.AsSpan(2))
        {
            if (value > long.MaxValue >> 3) return null;
            value = (value << 3) | (long)(digit - '0');
        }
        return value;
    }

    [GeneratedRegex(@"\A[-+]?[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"\A0o[0-7]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Octal();

    [GeneratedRegex(@"\A0x[0-9a-fA-F]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"\A[-+]?\.(inf|Inf|INF)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Infinity();
}
