using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Slipway.Core.Specs;

/// <summary>A share from 0 to 1, written with its sign: <c>10%</c>, <c>0.5%</c>, <c>100%</c>.</summary>
[Summary("A share from 0% to 100%; fractions allowed.")]
public readonly record struct Percent(double Share) : IParsable<Percent>
{
    public const string Pattern = @"^0*(100(\.0+)?|\d{1,2}(\.\d+)?)%$";

    public static Percent Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var percent) ? percent : throw new FormatException($"'{s}' is not a percentage from 0% to 100%; write for example 10%");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Percent result)
    {
        result = default;
        if (s is null || s.Length < 2 || s[^1] != '%' || !char.IsAsciiDigit(s[0]) || !char.IsAsciiDigit(s[^2])) return false;
        if (!double.TryParse(s.AsSpan(0, s.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > 100) return false;
        result = new Percent(number / 100);
        return true;
    }

    public override string ToString() => (Share * 100).ToString(CultureInfo.InvariantCulture) + "%";
}
