using System.Globalization;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>Values as numbers, and as Python prints them.</summary>
internal static class Labels
{
    public static double? NumberOf(Datum? datum) => datum switch
    {
        IntegerDatum integer => integer.Value,
        RealDatum real => real.Value,
        BooleanDatum boolean => boolean.Value ? 1 : 0,
        TextDatum { Value: "Infinity" } => double.PositiveInfinity,
        TextDatum { Value: "-Infinity" } => double.NegativeInfinity,
        TextDatum { Value: "NaN" } => double.NaN,
        _ => NumpyArray.ScalarOf(datum),
    };

    public static string? TextOf(Datum? datum) => datum switch
    {
        TextDatum text => text.Value,
        IntegerDatum integer => integer.Value.ToString(CultureInfo.InvariantCulture),
        RealDatum real => TextOf(real.Value),
        BooleanDatum boolean => boolean.Value ? "True" : "False",
        _ => NumberOf(datum) is { } number ? TextOf(number) : null,
    };

    /// <summary>With a fraction, as floats have in Python.</summary>
    public static string TextOf(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return double.IsFinite(value) && text.IndexOfAny(['.', 'E']) < 0 ? text + ".0" : text;
    }
}
