using System.Collections.Concurrent;
using Slipway.Core;

namespace Slipway.Models.Rows.Functions;

/// <summary>Something compiled from a text argument: once when it is a constant, else once for every text that rows bring, up to a number.</summary>
/// <typeparam name="T">What the text is compiled to.</typeparam>
internal sealed class CompiledArgument<T> where T : class
{
    private const int MaximumKept = 256;

    private readonly RowExpression _text;
    private readonly Func<string, T> _compile;
    private readonly ConcurrentDictionary<string, T?> _kept = new(StringComparer.Ordinal);

    /// <exception cref="ModelException">The constant cannot be compiled.</exception>
    public CompiledArgument(FunctionCall call, int index, Func<string, T> compile)
    {
        _text = call.Text(index);
        _compile = compile;
        if (call.ConstantText(index) is not { } constant) return;
        try
        {
            Constant = compile(constant);
        }
        catch (ModelException exception)
        {
            throw call.Fault(exception.Message);
        }
    }

    /// <summary>Null when the text is another for each row.</summary>
    public T? Constant { get; }

    /// <returns>The reason why there is none, as a cell, or 0.</returns>
    public double TryGet(in Row row, out T? compiled)
    {
        compiled = Constant;
        if (compiled is not null) return 0;
        var cell = _text.Evaluate(row);
        if (Cell.HasNoValue(cell)) return cell;
        var text = row.Texts[cell];
        if (!_kept.TryGetValue(text, out compiled))
        {
            compiled = CompileOrNull(text);
            if (_kept.Count < MaximumKept) _kept.TryAdd(text, compiled);
        }
        return compiled is null ? Cell.Invalid : 0;
    }

    private T? CompileOrNull(string text)
    {
        try
        {
            return _compile(text);
        }
        catch (ModelException)
        {
            return null;
        }
    }
}
