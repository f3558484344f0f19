using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Functions;

namespace Slipway.Models.Formats.Pmml.Transformations;

/// <summary>A parameter of a function that the file defines; without a data type it takes its argument's.</summary>
internal sealed record ParameterField(string Name, CellFormat? Format, OpType? OpType);

/// <summary>The element <c>DefineFunction</c>.</summary>
internal sealed record DefineFunction(Place Place, string Name, CellFormat? Format, ImmutableArray<ParameterField> Parameters, Expression Body)
{
    public static DefineFunction Read(ElementReader e)
    {
        var (place, name, format) = (e.Place, e.Require("name"), DataType.TryRead(e));
        var parameters = ImmutableArray.CreateBuilder<ParameterField>();
        Expression? body = null;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "ParameterField") parameters.Add(new ParameterField(e.Require("name"), DataType.TryRead(e), OpTypes.TryRead(e)));
            else body = Expression.TryRead(e) ?? body;
        }
        return new DefineFunction(place, name, format, parameters.DrainToImmutable(), body ?? throw place.Fault("it has no expression"));
    }
}

/// <summary>The functions that the file defines. Each is compiled once for every combination of argument types.</summary>
internal sealed class FunctionTable
{
    /// <summary>Steps that one expression may take for a row: functions that call functions twice each would double it at every level.</summary>
    private const long MaxWork = 10_000_000;

    private readonly Dictionary<string, DefineFunction> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, string Types), Compiled> _compiled = [];
    private readonly HashSet<string> _binding = new(StringComparer.Ordinal);
    private long _work;

    public void Define(DefineFunction function) => _definitions[function.Name] = function;

    /// <summary>Counts what evaluating an expression once costs.</summary>
    /// <exception cref="Core.ModelException">It is more than any real model needs.</exception>
    public void CountWork(long steps, Place place)
    {
        _work += steps;
        if (_work > MaxWork) throw place.Fault($"the functions call each other so often that one value would take more than {MaxWork} steps");
    }

    /// <returns>Null when the file does not define the function.</returns>
    /// <exception cref="Core.ModelException">The arguments do not fit, or the function calls itself.</exception>
    public RowExpression? TryBind(string name, RowExpression[] arguments, ProgramBuilder program, Place place)
    {
        if (!_definitions.TryGetValue(name, out var definition)) return null;
        if (arguments.Length != definition.Parameters.Length) throw place.Fault($"the function '{name}' takes {definition.Parameters.Length} arguments, {arguments.Length} given");
        var types = new CellType[arguments.Length];
        for (var i = 0; i < types.Length; i++)
        {
            types[i] = definition.Parameters[i].Format?.Type ?? arguments[i].Type;
            arguments[i] = Casting.Cast(arguments[i], types[i], program.Symbols);
        }
        var key = (name, string.Join(',', types));
        if (!_compiled.TryGetValue(key, out var compiled)) _compiled[key] = compiled = Compile(definition, types, program);
        CountWork(compiled.Work + 1, place);
        return new CallExpression(compiled.Body, compiled.FirstSlot, arguments);
    }

    private Compiled Compile(DefineFunction definition, CellType[] types, ProgramBuilder program)
    {
        if (!_binding.Add(definition.Name)) throw definition.Place.Fault($"the function '{definition.Name}' calls itself");
        var outer = _work;
        _work = 0;
        var scope = new Scope(program, null, this);
        var first = program.Slots(types.Length);
        for (var i = 0; i < types.Length; i++)
        {
            var parameter = definition.Parameters[i];
            var format = parameter.Format ?? DataType.Of(types[i]);
            scope.Declare(new BoundField(parameter.Name, new SlotExpression(types[i], first + i), parameter.OpType ?? OpTypes.Of(types[i]), format, []));
        }
        var body = definition.Format is { } result ? definition.Body.BindAs(result, scope) : definition.Body.Bind(scope);
        var compiled = new Compiled(body, first, _work);
        _work = outer;
        _binding.Remove(definition.Name);
        return compiled;
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
