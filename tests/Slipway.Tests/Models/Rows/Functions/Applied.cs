using Slipway.Models.Rows;
using Slipway.Models.Rows.Functions;

namespace Slipway.Tests.Models.Rows.Functions;

/// <summary>Applies one built-in function to a row of .NET values, each the value of a field, or a constant when wrapped in <see cref="Constant"/>.</summary>
internal static class Applied
{
    public static readonly object Invalid = "(invalid)";

    /// <summary>A constant argument.</summary>
    public sealed record Constant(object? Value);

    /// <summary>A field of a type without a value.</summary>
    public sealed record Missing(CellType Type);

    public static object C(object? value) => new Constant(value);

    /// <returns>The result as the .NET value of its type; null when missing, <see cref="Invalid"/> when invalid.</returns>
    public static object? Apply(string name, params object?[] values)
    {
        var symbols = new SymbolTable();
        symbols.Intern("known to the model");
        var expression = Bind(name, symbols, values);
        return Evaluate(expression, symbols, values);
    }

    public static CellType TypeOf(string name, params object?[] values) => Bind(name, new SymbolTable(), values).Type;

    public static RowExpression Bind(string name, SymbolTable symbols, params object?[] values)
    {
        var arguments = new RowExpression[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            arguments[i] = values[i] is Constant constant
                ? new ConstantExpression(TypeOf(constant.Value), constant.Value is string text ? symbols.Intern(text) : CellOf(constant.Value))
                : new SlotExpression(TypeOf(values[i]), i);
        }
        return BuiltInFunctions.Bind(name, arguments, symbols);
    }

    public static object? Evaluate(RowExpression expression, SymbolTable symbols, params object?[] values)
    {
        var texts = new RowTexts(symbols);
        var cells = new double[values.Length];
        for (var i = 0; i < values.Length; i++) cells[i] = values[i] is string text ? texts.Intern(text.AsSpan()) : CellOf(values[i]);
        return ValueOf(expression.Evaluate(new Row(cells, texts)), expression.Type, texts);
    }

    private static CellType TypeOf(object? value) => value switch
    {
        null => CellType.Text,
        Missing missing => missing.Type,
        string => CellType.Text,
        int or long => CellType.Integer,
        float => CellType.Float32,
        double => CellType.Float64,
        bool => CellType.Boolean,
        DateOnly => CellType.Date,
        TimeOnly => CellType.Time,
        DateTime => CellType.DateTime,
        _ => throw new ArgumentException($"{value} has no cell"),
    };

    private static double CellOf(object? value) => value switch
    {
        null or Missing or Constant => Cell.Missing,
        bool truth => Cell.Of(truth),
        DateOnly date => date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber,
        TimeOnly time => time.ToTimeSpan().TotalSeconds,
        DateTime moment => (moment - DateTime.UnixEpoch).TotalSeconds,
        _ => Convert.ToDouble(value),
    };

    private static object? ValueOf(double cell, CellType type, RowTexts texts)
    {
        if (Cell.IsMissing(cell)) return null;
        if (Cell.IsInvalid(cell)) return Invalid;
        return type switch
        {
            CellType.Text => texts[cell],
            CellType.Integer => (int)cell,
            CellType.Float32 => (float)cell,
            CellType.Float64 => cell,
            CellType.Boolean => cell == Cell.True,
            CellType.Date => DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays((int)cell),
            CellType.Time => TimeOnly.FromTimeSpan(TimeSpan.FromSeconds(cell)),
            _ => DateTime.UnixEpoch.AddSeconds(cell),
        };
    }
}
