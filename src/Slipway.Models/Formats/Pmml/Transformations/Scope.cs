using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Transformations;

/// <summary>A field as expressions, predicates and models see it.</summary>
/// <param name="Value">Its value in a row.</param>
/// <param name="Categories">The values it may take, in the file's order, as cells; empty when the file lists none.</param>
internal sealed record BoundField(string Name, RowExpression Value, OpType OpType, CellFormat Format, ImmutableArray<double> Categories)
{
    public CellType Type => Value.Type;

    /// <summary>What beyond the record itself the value is made of.</summary>
    public Dependence Reads { get; init; }

    /// <summary>Where the value comes from when it is a multiset; else null.</summary>
    public CollectedSet? Set { get; init; }
}

/// <summary>What a value is made of beyond the record that has it.</summary>
/// <param name="OnResults">Results of a model, which must have scored the record.</param>
/// <param name="Levels">Aggregates of all records: 1, aggregates of those: 2, and so on.</param>
internal readonly record struct Dependence(bool OnResults, int Levels)
{
    public static Dependence Results => new(true, 0);

    public static Dependence operator |(Dependence one, Dependence other) => new(one.OnResults || other.OnResults, Math.Max(one.Levels, other.Levels));
}

/// <summary>
/// The names that may be used at one place of the file: the fields that are declared there, then those around. Derived fields are bound when
/// they are first used, so that unused ones cost nothing.
/// </summary>
internal sealed class Scope(ProgramBuilder program, Scope? parent, FunctionTable functions)
{
    private readonly Reading _reading = parent?._reading ?? new Reading();
    private readonly Dictionary<string, Entry> _fields = new(StringComparer.Ordinal);

    public ProgramBuilder Program { get; } = program;

    public SymbolTable Symbols => Program.Symbols;

    public FunctionTable Functions { get; } = functions;

    /// <summary>A field may have several values while one row is scored: it is a parameter of a function that is called several times.</summary>
    public bool VariesWithinRow { get; init; }

    public Scope Nested() => new(Program, this, Functions);

    public void Declare(BoundField field) => _fields[field.Name] = new Entry { Field = field };

    /// <summary>Declares a field that is made when it is first used.</summary>
    public void DeclareUnlessKnown(string name, Func<BoundField> make) => _fields.TryAdd(name, new Entry { Make = make });

    public void Declare(DerivedField field) => _fields[field.Name] = new Entry { Derived = field };

    /// <exception cref="Core.ModelException">There is no such field here, or it is derived from itself.</exception>
    public BoundField Resolve(string name, Place place) =>
        TryResolve(name) ?? throw place.Fault($"the field '{name}' is not declared where it is used{Suggest(name)}");

    /// <returns>Null when there is no such field here.</returns>
    public BoundField? TryResolve(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Parent)
        {
            if (!scope._fields.TryGetValue(name, out var entry)) continue;
            var field = entry.Field ?? scope.Bind(entry);
            _reading.Now |= field.Reads;
            return field;
        }
        return null;
    }

    /// <summary>What is being bound depends on this.</summary>
    public void Depend(Dependence on) => _reading.Now |= on;

    private Scope? Parent { get; } = parent;

    private BoundField Bind(Entry entry)
    {
        if (entry.Make is { } make) return entry.Field = make();
        var derived = entry.Derived!;
        if (entry.Binding) throw derived.Place.Fault($"the field '{derived.Name}' is derived from itself");
        entry.Binding = true;
        var around = _reading.Now;
        _reading.Now = default;
        entry.Field = derived.Bind(this) with { Reads = _reading.Now };
        _reading.Now |= around;
        return entry.Field;
    }

    private string Suggest(string name)
    {
        var known = new List<string>();
        for (var scope = this; scope is not null; scope = scope.Parent) known.AddRange(scope._fields.Keys);
        return Core.Specs.Suggestion.Nearest(name, known) is { } near ? $"; did you mean '{near}'?" : "";
    }

    /// <summary>What the field that is being bound was seen to depend on so far.</summary>
    private sealed class Reading
    {
        public Dependence Now;
    }

    private sealed class Entry
    {
        public BoundField? Field;
        public DerivedField? Derived;
        public Func<BoundField>? Make;
        public bool Binding;
    }
}
