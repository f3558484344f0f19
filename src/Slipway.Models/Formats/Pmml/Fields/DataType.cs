using System.Globalization;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Fields;

/// <summary>The standard's data types, as formats of cells.</summary>
internal static class DataType
{
    private static readonly CellFormat[] Plain =
    [
        CellFormat.Text, CellFormat.Integer, CellFormat.Float64,
        new(CellType.Float32, "float"), new(CellType.Boolean, "boolean"), new(CellType.Date, "date"), new(CellType.Time, "time"), new(CellType.DateTime, "dateTime"),
        new(CellType.Integer, "timeSeconds", 0) { CountsSeconds = true },
    ];

    /// <exception cref="Core.ModelException">The standard has no such type.</exception>
    public static CellFormat Parse(string name, Place place)
    {
        foreach (var format in Plain)
        {
            if (format.Name == name) return format;
        }
        if (TryCount(name, "dateDaysSince[", out var days)) return new CellFormat(CellType.Integer, name, days);
        if (TryCount(name, "dateTimeSecondsSince[", out var seconds)) return new CellFormat(CellType.Integer, name, seconds) { CountsSeconds = true };
        throw place.Fault($"dataType=\"{name}\" is unknown");
    }

    public static CellFormat? TryRead(ElementReader e) => e.Attribute("dataType") is { } name ? Parse(name, e.Place) : null;

    public static CellFormat Of(CellType type)
    {
        foreach (var format in Plain)
        {
            if (format.Type == type) return format;
        }
        throw new ArgumentOutOfRangeException(nameof(type));
    }

    /// <summary>Year 0 stands for 0000-01-01 of the proleptic Gregorian calendar, 719528 days before 1970-01-01.</summary>
    private static bool TryCount(string name, string prefix, out int origin)
    {
        origin = 0;
        if (!name.StartsWith(prefix, StringComparison.Ordinal) || !name.EndsWith(']')) return false;
        if (!int.TryParse(name.AsSpan(prefix.Length, name.Length - prefix.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var year) || year > 9999) return false;
        origin = year == 0 ? -719528 : new DateOnly(year, 1, 1).DayNumber - new DateOnly(1970, 1, 1).DayNumber;
        return true;
    }
}

internal enum OpType : byte
{
    Categorical,
    Ordinal,
    Continuous,
}

internal static class OpTypes
{
    private static readonly Choices<OpType> Choices = new(
        ("categorical", OpType.Categorical), ("ordinal", OpType.Ordinal), ("continuous", OpType.Continuous));

    public static OpType? TryRead(ElementReader e) => e.Attribute("optype") is null ? null : e.RequireChoice("optype", Choices);

    public static OpType Of(CellType type) => type is CellType.Text or CellType.Boolean ? OpType.Categorical : OpType.Continuous;
}
