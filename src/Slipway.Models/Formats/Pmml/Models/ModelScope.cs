using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Models;

/// <summary>A compiled model with its targets and outputs.</summary>
/// <param name="Model">Targets are applied to its results.</param>
/// <param name="Targets">One for each of the model's results.</param>
/// <param name="Outputs">The output fields, in the file's order; their values may be asked for once the model has scored the row.</param>
/// <param name="Nested">The models whose outputs are also this one's: those of a chain or selection.</param>
internal sealed record BoundModel(
    ModelElement Element, RowModel Model, ImmutableArray<BoundTarget> Targets, ImmutableArray<BoundField> Outputs, ImmutableArray<BoundModel> Nested)
{
    public ModelResult Result => Model.Result;

    public BoundTarget Target => Targets[0];

    /// <summary>Result fields of the models inside its nodes: those of the node that a row reaches.</summary>
    public ImmutableArray<BoundField> Delivered { get; init; } = [];
}

/// <summary>A model of models whose outputs are also its own.</summary>
internal interface INestingModel
{
    ImmutableArray<BoundModel> Answering { get; }
}

/// <summary>What a model element sees while it is bound: its fields, its targets, the program it becomes part of.</summary>
internal sealed class ModelScope
{
    private readonly IReadOnlyDictionary<string, DataField> _dictionary;
    private readonly Dictionary<string, BoundField> _actualTargets = new(StringComparer.Ordinal);
    private SharedSlots? _shared;
    private DeliveredFields? _delivered;

    private ModelScope(ModelHeader header, Scope fields, IReadOnlyDictionary<string, DataField> dictionary, BoundTarget? inherited, ModelScope? around)
    {
        Header = header;
        Fields = fields;
        _dictionary = dictionary;
        Targets = BindTargets(inherited);
        NeedsEntityIds = around is { NeedsEntityIds: true } || header.Output.Any(o => o.Feature == OutputFeature.EntityId);
    }

    public ModelHeader Header { get; }

    public Scope Fields { get; }

    public ProgramBuilder Program => Fields.Program;

    public Place Place => Header.Place;

    /// <summary>An output of the model, or of one around it, asks for the entity that decided.</summary>
    public bool NeedsEntityIds { get; }

    /// <summary>What the model predicts; at least one.</summary>
    public ImmutableArray<BoundTarget> Targets { get; set; }

    public BoundTarget Target => Targets[0];

    /// <summary>The fields of the mining schema with the usage <c>group</c>, <c>order</c>, … , or active ones.</summary>
    public IEnumerable<BoundField> FieldsOf(UsageType usage) =>
        Header.MiningSchema.Where(f => f.Usage == usage).Select(f => Fields.Resolve(f.Name, f.Place));

    /// <summary>The model at the top: its mining schema says which fields rows bring.</summary>
    /// <param name="derived">The transformation dictionary's.</param>
    public static BoundModel BindTop(
        ModelElement element, ProgramBuilder program, FunctionTable functions, IReadOnlyDictionary<string, DataField> dictionary, IEnumerable<DerivedField> derived)
    {
        var fields = new Scope(program, null, functions);
        foreach (var field in element.Header.MiningSchema)
        {
            if (field.Usage == UsageType.Target) continue;
            if (dictionary.TryGetValue(field.Name, out var data)) fields.Declare(InputBinder.Bind(data, field, program));
        }
        foreach (var field in derived) fields.Declare(field);
        foreach (var data in dictionary.Values)
        {
            if (element.Header.MiningSchema.All(f => f.Name != data.Name)) fields.DeclareUnlessKnown(data.Name, () => InputBinder.Bind(data, null, program));
        }
        return new ModelScope(element.Header, Local(element.Header, fields), dictionary, null, null).Bind(element);
    }

    /// <summary>A model inside this one: it sees this one's fields, through its own mining schema.</summary>
    public BoundModel BindChild(ModelElement element) => BindChild(element, Fields, inheritTarget: true);

    /// <summary>A model inside a node of this one, a tree: it predicts what the tree does, for the rows that reach the node.</summary>
    public BoundModel BindNode(ModelElement element)
    {
        if (element.Header.Function != Header.Function) throw element.Header.Place.Fault("its functionName is not that of the tree around, of which it predicts the target");
        var bound = BindChild(element, Fields, inheritTarget: true, delivered: _delivered ??= new DeliveredFields(Program));
        return _delivered.Deliver(bound);
    }

    /// <param name="around">What the model sees through its mining schema.</param>
    /// <param name="inheritTarget">A model of the same function that names no target predicts this one's.</param>
    /// <param name="shared">Where the model may leave its result, to be read before its siblings are scored; null when it has to keep it.</param>
    /// <param name="delivered">Where models inside nodes leave their result fields; null when the model is in none.</param>
    public BoundModel BindChild(ModelElement element, Scope around, bool inheritTarget, SharedSlots? shared = null, DeliveredFields? delivered = null)
    {
        var fields = around.Nested();
        foreach (var field in element.Header.MiningSchema)
        {
            if (field.Usage != UsageType.Target && !field.HasNoTreatment && around.TryResolve(field.Name) is { } outer) fields.Declare(InputBinder.Rebind(outer, field, Program));
        }
        var inherited = inheritTarget && element.Header.Function == Header.Function ? Target with { Name = null, Treatment = null } : null;
        return new ModelScope(element.Header, Local(element.Header, fields), _dictionary, inherited, this) { _shared = shared, _delivered = delivered }.Bind(element);
    }

    /// <summary>The cell of one of the target's categories.</summary>
    /// <exception cref="Core.ModelException">The text is not of the target's type.</exception>
    public double Category(string text, Place place, BoundTarget? target = null)
    {
        target ??= Target;
        var cell = Program.Parse(text, target.Format);
        return Cell.IsInvalid(cell) ? throw place.Fault($"the category '{text}' is not of type {target.Format.Name}, as the target '{target.Name}' is") : cell;
    }

    /// <summary>Neighbouring slots for a result.</summary>
    /// <returns>The first.</returns>
    public int ResultSlots(int count) => _shared?.Take(count) ?? Program.Slots(count);

    /// <summary>Slots for a number.</summary>
    public ModelResult NumberResult(BoundTarget? target = null)
    {
        var format = (target ?? Target).Format;
        var type = format.Type is CellType.Float32 or CellType.Date or CellType.DateTime or CellType.Time ? format.Type : CellType.Float64;
        return new ModelResult { Predicted = Program.Slot(), Type = type };
    }

    /// <summary>Slots for a category and the probabilities of all.</summary>
    /// <param name="categories">As cells of the target's type (see <see cref="Category"/>).</param>
    public ModelResult CategoryResult(ImmutableArray<double> categories, BoundTarget? target = null) => new()
    {
        Predicted = Program.Slot(),
        Type = (target ?? Target).Format.Type,
        Categories = categories,
        Probabilities = Program.Slots(categories.Length),
    };

    /// <summary>The target's actual value, which rows may bring: for residuals.</summary>
    public BoundField ActualTarget(BoundTarget target, Place place)
    {
        if (target.Name is null || !_dictionary.TryGetValue(target.Name, out var data)) throw place.Fault("the target is not a field of the data dictionary, so no row can bring its actual value");
        if (!_actualTargets.TryGetValue(target.Name, out var actual)) _actualTargets[target.Name] = actual = InputBinder.Bind(data, null, Program);
        return actual;
    }

    private BoundModel Bind(ModelElement element)
    {
        if (!Header.IsScorable) throw Place.Fault("isScorable=\"false\": the producer says that this model cannot be scored");
        var raw = element.Bind(this);
        var model = raw;
        for (var i = 0; i < model.Results.Length; i++)
        {
            if (Targets[i].Treatment is { } treatment) model = TargetedModel.Bind(model, i, treatment, this);
        }
        return new BoundModel(element, model, Targets, OutputBinder.Bind(this, model, raw as IOutputSource), (raw as INestingModel)?.Answering ?? []) { Delivered = _delivered?.All ?? [] };
    }

    private static Scope Local(ModelHeader header, Scope fields)
    {
        if (header.LocalTransformations.IsEmpty) return fields;
        var local = fields.Nested();
        foreach (var field in header.LocalTransformations) local.Declare(field);
        return local;
    }

    private ImmutableArray<BoundTarget> BindTargets(BoundTarget? inherited)
    {
        var targets = ImmutableArray.CreateBuilder<BoundTarget>();
        foreach (var field in Header.MiningSchema)
        {
            if (field.Usage == UsageType.Target) targets.Add(BindTarget(field.Name));
        }
        if (targets.Count == 0) targets.Add(inherited is null || Header.Targets.Length > 0 ? BindTarget(null) : inherited);
        return targets.DrainToImmutable();
    }

    private BoundTarget BindTarget(string? name)
    {
        var treatment = Header.Targets.FirstOrDefault(t => t.Field is null || t.Field == name) ?? (name is null ? Header.Targets.FirstOrDefault() : null);
        var data = name is null ? null : _dictionary.GetValueOrDefault(name);
        var isNumber = Header.Function is MiningFunction.Regression or MiningFunction.TimeSeries;
        var format = data?.Format ?? (isNumber ? CellFormat.Float64 : CellFormat.Text);
        var opType = treatment?.OpType ?? data?.OpType ?? (isNumber ? OpType.Continuous : OpType.Categorical);
        if (treatment is { Cast: not IntegerCast.None }) format = CellFormat.Integer;
        var categories = ImmutableArray.CreateBuilder<double>();
        var displays = ImmutableDictionary.CreateBuilder<double, double>();
        foreach (var value in data?.Values ?? [])
        {
            if (value.Property != ValueProperty.Valid) continue;
            var cell = Category(value.Value, data!.Place, format, name);
            categories.Add(cell);
            if (value.Display is not null) displays[cell] = Program.Symbols.Intern(value.Display);
        }
        foreach (var value in treatment?.Values ?? [])
        {
            if (value is { Value: { } text, Display: { } display }) displays[Category(text, value.Place, format, name)] = Program.Symbols.Intern(display);
        }
        return new BoundTarget(name, format, opType, categories.DrainToImmutable(), displays.ToImmutable(), treatment);
    }

    private double Category(string text, Place place, CellFormat format, string? name)
    {
        var cell = Program.Parse(text, format);
        return Cell.IsInvalid(cell) ? throw place.Fault($"'{text}' is not of type {format.Name}, as the target '{name}' is") : cell;
    }
}
