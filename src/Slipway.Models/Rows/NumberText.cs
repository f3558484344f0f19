using System.Globalization;

namespace Slipway.Models.Rows;

/// <summary>Numbers as models and their data write them: XML Schema's <c>INF</c> and <c>NaN</c>, spaces around.</summary>
internal static class NumberText
{
    public static bool TryParse(ReadOnlySpan<char> text, out double value)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)) return true;
        switch (text.Trim())
        {
            case "INF" or "+INF":
                value = double.PositiveInfinity;
                return true;
            case "-INF":
                value = double.NegativeInfinity;
                return true;
            default:
                return false;
        }
    }
}
