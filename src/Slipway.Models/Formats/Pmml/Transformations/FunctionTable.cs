using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Functions;

namespace Slipway.Models.Formats.Pmml.Transformations;

/// <summary>
/// The functions that the file defines. Each is compiled once for every combination of argument types; those that look for terms in texts for every
/// call, so that the terms are known and one reading of a text serves all of them.
/// </summary>
internal sealed class FunctionTable
{
    /// <summary>Steps that one expression may take for a row: functions that call functions twice each would double it at every level.</summary>
    private const long MaxWork = 10_000_000;

    /// <summary>Calls that are compiled for themselves; those behind share.</summary>
    private const int MaxInlined = 500_000;

    private readonly Dictionary<string, DefineFunction> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, string Types), Compiled> _compiled = [];
    private readonly HashSet<string> _binding = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _indexesText = new(StringComparer.Ordinal);
    private long _work;
    private int _inlined;

    /// <summary>The texts of the document in which terms are looked for.</summary>
    public TermIndexes Texts { get; } = new();

    public void Define(DefineFunction function) => _definitions[function.Name] = function;

    /// <summary>Counts what evaluating an expression once costs.</summary>
    /// <exception cref="Core.ModelException">It is more than any real model needs.</exception>
    public void CountWork(long steps, Place place)
    {
        _work += steps;
        if (_work > MaxWork) throw place.Fault($"the functions call each other so often that one value would take more than {MaxWork} steps");
    }

    /// <summary>Whether a function of the file looks for a term in a text, itself or through others.</summary>
    public bool IndexesText(string name)
    {
        if (_indexesText.TryGetValue(name, out var known)) return known;
        _indexesText[name] = false; // for functions that call themselves, which binding refuses
        return _indexesText[name] = _definitions.TryGetValue(name, out var definition) && definition.Body.IndexesText(this);
    }

    /// <returns>Null when the file does not define the function.</returns>
    /// <exception cref="Core.ModelException">The arguments do not fit, or the function calls itself.</exception>
    public RowExpression? TryBind(string name, RowExpression[] arguments, Scope scope, Place place)
    {
        if (!_definitions.TryGetValue(name, out var definition)) return null;
        if (arguments.Length != definition.Parameters.Length) throw place.Fault($"the function '{name}' takes {definition.Parameters.Length} arguments, {arguments.Length} given");
        var types = new CellType[arguments.Length];
        for (var i = 0; i < types.Length; i++)
        {
            types[i] = definition.Parameters[i].Format?.Type ?? arguments[i].Type;
            arguments[i] = Casting.Cast(arguments[i], types[i], scope.Symbols);
        }
        if (!scope.VariesWithinRow && _inlined < MaxInlined && IndexesText(name)) return Inline(definition, arguments, scope.Program);
        var key = (name, string.Join(',', types));
        if (!_compiled.TryGetValue(key, out var compiled)) _compiled[key] = compiled = Compile(definition, types, scope.Program);
        CountWork(compiled.Work + 1, place);
        return new CallExpression(compiled.Body, compiled.FirstSlot, arguments);
    }

    private RowExpression Inline(DefineFunction definition, RowExpression[] arguments, ProgramBuilder program)
    {
        _inlined++;
        var values = new RowExpression[arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = arguments[i] is ConstantExpression or SlotExpression or DerivedExpression ? arguments[i] : new DerivedExpression(program.PendingSlot(), arguments[i]);
        }
        return BindBody(definition, new Scope(program, null, this), values);
    }

    private Compiled Compile(DefineFunction definition, CellType[] types, ProgramBuilder program)
    {
        var outer = _work;
        _work = 0;
        var first = program.Slots(types.Length);
        var values = new RowExpression[types.Length];
        for (var i = 0; i < types.Length; i++) values[i] = new SlotExpression(types[i], first + i);
        var body = BindBody(definition, new Scope(program, null, this) { VariesWithinRow = true }, values);
        var compiled = new Compiled(body, first, _work);
        _work = outer;
        return compiled;
    }

    private RowExpression BindBody(DefineFunction definition, Scope scope, RowExpression[] arguments)
    {
        if (!_binding.Add(definition.Name)) throw definition.Place.Fault($"the function '{definition.Name}' calls itself");
        for (var i = 0; i < arguments.Length; i++)
        {
            var parameter = definition.Parameters[i];
            var format = parameter.Format ?? DataType.Of(arguments[i].Type);
            scope.Declare(new BoundField(parameter.Name, arguments[i], parameter.OpType ?? OpTypes.Of(arguments[i].Type), format, []));
        }
        var body = definition.Format is { } result ? definition.Body.BindAs(result, scope) : definition.Body.Bind(scope);
        _binding.Remove(definition.Name);
        return body;
    }

    private sealed record Compiled(RowExpression Body, int FirstSlot, long Work);

    /// <summary>Puts the arguments into the function's slots: safe, because a function never runs inside itself.</summary>
    private sealed class CallExpression(RowExpression body, int firstSlot, RowExpression[] arguments) : RowExpression(body.Type)
    {
        public override double Evaluate(in Row row)
        {
            Span<double> cells = stackalloc double[8];
            if (arguments.Length > cells.Length) cells = new double[arguments.Length];
            for (var i = 0; i < arguments.Length; i++) cells[i] = arguments[i].Evaluate(row);
            cells[..arguments.Length].CopyTo(row.Cells[firstSlot..]);
            return body.Evaluate(row);
        }
    }
}
