using System.Globalization;
using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Numbers to texts and back, as Cast wants them: shortest decimal texts that read back the same, NaN, INF and -INF.</summary>
internal static class NumberTexts
{
    public static string Write<T>(T value) where T : unmanaged, INumber<T>
    {
        if (!T.IsFinite(value)) return T.IsNaN(value) ? "NaN" : T.IsNegative(value) ? "-INF" : "INF";
        return value.ToString(null, CultureInfo.InvariantCulture);
    }

    /// <exception cref="RecordException">The text is no number.</exception>
    public static T Read<T>(string text) where T : unmanaged, INumber<T>
    {
        var trimmed = text.AsSpan().Trim();
        if (T.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return value;
        if (Special(trimmed) is { } special) return T.CreateTruncating(special);
        if (double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)) return T.CreateTruncating(real);
        throw new RecordException($"'{text}' is no number");
    }

    private static double? Special(ReadOnlySpan<char> text)
    {
        var negative = text.StartsWith('-');
        var rest = negative || text.StartsWith('+') ? text[1..] : text;
        if (rest.Equals("inf", StringComparison.OrdinalIgnoreCase) || rest.Equals("infinity", StringComparison.OrdinalIgnoreCase)) return negative ? double.NegativeInfinity : double.PositiveInfinity;
        return rest.Equals("nan", StringComparison.OrdinalIgnoreCase) ? double.NaN : null;
    }
}
