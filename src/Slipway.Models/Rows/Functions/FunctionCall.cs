using Slipway.Core;

namespace Slipway.Models.Rows.Functions;

/// <summary>A function's arguments while they are bound: each is taken as what the function needs, or is a fault that names it.</summary>
internal readonly ref struct FunctionCall(string name, ReadOnlySpan<RowExpression> arguments, SymbolTable symbols)
{
    private readonly ReadOnlySpan<RowExpression> _arguments = arguments;

    public int Count => _arguments.Length;

    public SymbolTable Symbols => symbols;

    public RowExpression this[int index] => _arguments[index];

    /// <summary>The argument as a number of its own type; booleans are the integers 0 and 1, constant texts are parsed.</summary>
    public RowExpression Number(int index)
    {
        var argument = _arguments[index];
        if (argument.Type.IsNumeric) return argument;
        if (IsMissing(argument)) return new ConstantExpression(CellType.Integer, Cell.Missing);
        if (argument.Type == CellType.Boolean) return Cast(index, CellType.Integer);
        if (argument is ConstantExpression { Type: CellType.Text } text)
        {
            return Cast(index, Casting.TryParse(symbols[(int)text.Cell], CellType.Integer, out _) ? CellType.Integer : CellType.Float64);
        }
        throw Takes("a number", index);
    }

    /// <summary>All arguments as numbers, and the narrowest type that holds them all.</summary>
    public (RowExpression[] Numbers, CellType Type) Numbers()
    {
        var numbers = new RowExpression[Count];
        var type = CellType.Integer;
        for (var i = 0; i < Count; i++)
        {
            numbers[i] = Number(i);
            type = Widest(type, numbers[i].Type);
        }
        return (numbers, type);
    }

    public RowExpression Integer(int index)
    {
        var argument = Number(index);
        return argument.Type == CellType.Integer ? argument : Cast(index, CellType.Integer);
    }

    /// <summary>The argument as a truth; numbers may be 0 or 1, constant texts <c>true</c> or <c>false</c>.</summary>
    public RowExpression Boolean(int index)
    {
        var argument = _arguments[index];
        var isText = argument.Type == CellType.Text && argument is not ConstantExpression;
        if (isText || argument.Type.IsTemporal) throw Takes("a boolean", index);
        return Cast(index, CellType.Boolean);
    }

    /// <summary>The argument as text; other types are written as text.</summary>
    public RowExpression Text(int index) => Cast(index, CellType.Text);

    /// <summary>The argument as a date; of a moment its date, of a text the date it says.</summary>
    public RowExpression Temporal(int index, CellType type)
    {
        var argument = _arguments[index];
        if (!argument.Type.IsTemporal && argument.Type != CellType.Text) throw Takes(Casting.WithArticle(type), index);
        return Cast(index, type);
    }

    public RowExpression Cast(int index, CellType type)
    {
        try
        {
            return Casting.Cast(_arguments[index], type, symbols);
        }
        catch (ModelException exception)
        {
            throw Fault($"argument {index + 1}: {exception.Message}");
        }
    }

    /// <summary>The constant of a text argument; null when it is another for each row.</summary>
    public string? ConstantText(int index) =>
        Text(index) is ConstantExpression text && !Rows.Cell.HasNoValue(text.Cell) ? symbols[(int)text.Cell] : null;

    public ModelException Fault(string problem) => new($"function '{name}': {problem}");

    private ModelException Takes(string what, int index) =>
        Fault($"argument {index + 1} must be {what}, it is {Casting.WithArticle(_arguments[index].Type)}");

    /// <summary>Whether the argument is the constant that is missing: it fits every type.</summary>
    public static bool IsMissing(RowExpression argument) => argument is ConstantExpression constant && Rows.Cell.IsMissing(constant.Cell);

    public static CellType Widest(CellType one, CellType other) =>
        one == CellType.Float64 || other == CellType.Float64 ? CellType.Float64
        : one == CellType.Float32 || other == CellType.Float32 ? CellType.Float32
        : CellType.Integer;
}
