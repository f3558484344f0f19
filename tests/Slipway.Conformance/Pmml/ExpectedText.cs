using System.Globalization;

namespace Slipway.Conformance.Pmml;

/// <summary>Expected texts, read as the type of the value that they are compared with.</summary>
internal static class ExpectedText
{
    public static bool TryBoolean(string text, out bool value)
    {
        value = text is "1" or "1.0";
        return value || text is "0" or "0.0" || bool.TryParse(text, out value);
    }

    /// <summary>Integers, also when they are written with a fraction of zero.</summary>
    public static bool TryInteger(string text, out long value)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)) return true;
        if (!TryDouble(text, out var number) || !double.IsInteger(number) || Math.Abs(number) > 1L << 53) return false;
        value = (long)number;
        return true;
    }

    public static bool TryDouble(string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    public static bool TrySingle(string text, out float value) => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
