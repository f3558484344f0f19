using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Slipway.Core;

namespace Slipway.Pipelines.Steps;

/// <summary>A value from a spec, in the form that a column of a given type compares with or stores.</summary>
/// <param name="Number">For columns of numbers, and 0 or 1 for booleans.</param>
/// <param name="Integer">The exact value for columns of integers.</param>
/// <param name="Text">UTF-8, for columns of text.</param>
internal readonly record struct Literal(double Number, Int128 Integer, byte[] Text)
{
    /// <summary>Reads a YAML scalar (text, <see cref="long"/>, <see cref="double"/>, <see cref="bool"/>) as a value of <paramref name="type"/>; a number or boolean may stand for text, nothing else is converted.</summary>
    public static bool TryRead(object value, ElementType type, out Literal literal, [NotNullWhen(false)] out string? why)
    {
        literal = (value, type) switch
        {
            (_, ElementType.Bytes) => new Literal(0, 0, Encoding.UTF8.GetBytes(Show(value))),
            (bool truth, ElementType.Bool) => new Literal(truth ? 1 : 0, 0, []),
            (_, ElementType.Bool or ElementType.BFloat16) => default,
            (long number, _) when type.IsFloat || InRange(number, type) => new Literal(number, number, []),
            (double number, _) when type.IsFloat && double.IsFinite(number) => new Literal(number, 0, []),
            (double number, _) when !type.IsFloat && double.IsInteger(number) && Math.Abs(number) < 1e19 && InRange((Int128)number, type) => new Literal(number, (Int128)number, []),
            _ => default,
        };
        why = literal.Text is null ? $"{Show(value)} is not a value of a {type.ProtocolName} column; {Expected(type)}" : null;
        return why is null;
    }

    /// <summary>The scalar as text: numbers in the shortest form that reads back as the same value.</summary>
    public static string Show(object value) => value switch
    {
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => (string)value,
    };

    private static bool InRange(Int128 number, ElementType type) => Range(type) is var (least, most) && number >= least && number <= most;

    private static string Expected(ElementType type) => type switch
    {
        ElementType.Bytes => "write a text",
        ElementType.Bool => "write true or false",
        ElementType.BFloat16 => "cast the column to number first",
        _ when type.IsFloat => "write a number",
        _ => $"write a whole number from {Range(type).Least} to {Range(type).Most}, or cast the column to number first",
    };

    private static (Int128 Least, Int128 Most) Range(ElementType type) => type switch
    {
        ElementType.UInt8 => (0, byte.MaxValue),
        ElementType.UInt16 => (0, ushort.MaxValue),
        ElementType.UInt32 => (0, uint.MaxValue),
        ElementType.UInt64 => (0, ulong.MaxValue),
        ElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        ElementType.Int16 => (short.MinValue, short.MaxValue),
        ElementType.Int32 => (int.MinValue, int.MaxValue),
        _ => (long.MinValue, long.MaxValue),
    };
}
