using System.Collections.Concurrent;
using System.Reflection;
using Slipway.Core.Specs.Yaml;

namespace Slipway.Core.Specs.Shapes;

/// <summary>A mapping whose keys are the parameters of a record's primary constructor.</summary>
internal sealed class RecordShape : SpecShape
{
    private static readonly ConcurrentDictionary<Type, RecordShape> Known = new();

    private readonly Lazy<Layout> _layout;

    private RecordShape(Type type)
    {
        Type = type;
        _layout = new Lazy<Layout>(() => new Layout(type));
    }

    public Type Type { get; }

    public IReadOnlyList<SpecField> Fields => _layout.Value.Fields;

    /// <summary>The field that a scalar or list in place of the mapping is for.</summary>
    public SpecField? Body => _layout.Value.Body is var body and >= 0 ? Fields[body] : null;

    /// <summary>The whole YAML value is the body; the record has no keys.</summary>
    public bool IsBodyOnly => Body is not null && Fields.Count == 1;

    public SpecField? Inline => _layout.Value.Inline is var inline and >= 0 ? Fields[inline] : null;

    /// <summary>Its bare name will do in YAML: nothing in it must be given.</summary>
    public bool IsBareAllowed => Fields.All(f => !f.IsRequired);

    public static RecordShape Of(Type type) => Known.GetOrAdd(type, static t => new RecordShape(t));

    public override bool AcceptsNull => Body?.Shape.AcceptsNull == true;

    public override string Expected(ComponentCatalog catalog) => IsBodyOnly ? Body!.Shape.Expected(catalog) : "a mapping";

    /// <summary>As a component's body, which may be absent or empty when nothing in it must be given.</summary>
    public object? ReadBody(SpecNode? body, Place place, SpecPath path, SpecReading reading)
    {
        if (body is not null && !(body.IsNull && !AcceptsNull)) return Read(body, path, reading);
        if (!IsBodyOnly) return ReadFields(new MappingNode([], place), path, reading);
        return Body!.IsRequired ? reading.Fail(path, place, $"is empty; expected {Expected(reading.Catalog)}") : Construct([Body.Default], ScalarNode.Empty(place), path, reading);
    }

    protected override object? ReadValue(SpecNode node, SpecPath path, SpecReading reading)
    {
        if (IsBodyOnly || (Body is not null && node is not MappingNode)) return ReadShorthand(node, path, reading);
        if (node is ScalarNode { Text: var name } && Inline is { Inline: { } component } && component.Knows(name, reading))
        {
            return ReadFields(new MappingNode([new MappingEntry(name, node.Place, ScalarNode.Empty(node.Place))], node.Place), path, reading);
        }
        return node is MappingNode mapping ? ReadFields(mapping, path, reading) : WrongKind(node, path, reading);
    }

    private object? ReadShorthand(SpecNode node, SpecPath path, SpecReading reading)
    {
        var values = new object?[Fields.Count];
        var sound = true;
        for (var i = 0; i < values.Length; i++)
        {
            var field = Fields[i];
            if (field.IsBody) values[i] = field.Shape.Read(node, path, reading);
            else if (!field.IsRequired) values[i] = field.Default;
            else values[i] = Missing(field, node.Place, path, reading);
            sound &= !ReferenceEquals(values[i], SpecReading.Failed);
        }
        return sound ? Construct(values, node, path, reading) : SpecReading.Failed;
    }

    private object? ReadFields(MappingNode mapping, SpecPath path, SpecReading reading)
    {
        var values = new object?[Fields.Count];
        var given = new bool[values.Length];
        var meant = new HashSet<string>(StringComparer.Ordinal);
        var sound = true;
        foreach (var (key, place, node) in mapping.Entries)
        {
            if (reading.Problems.IsFull) return SpecReading.Failed;
            var here = path.Key(key);
            if (_layout.Value.Keys.TryGetValue(key, out var i))
            {
                values[i] = Fields[i].Shape.Read(node, here, reading);
            }
            else if (Inline is { Inline: { } component } && component.Knows(key, reading))
            {
                i = _layout.Value.Inline;
                values[i] = given[i] ? reading.Fail(here, place, $"one of {string.Join(", ", reading.Catalog.Of(component.BaseType).Keys)} may be named here, not two") : component.ReadBody(key, node, place, here, reading);
            }
            else
            {
                reading.Fail(here, place, $"unknown; {Unknown(key, reading, meant)}");
                sound = false;
                continue;
            }
            given[i] = true;
            sound &= !ReferenceEquals(values[i], SpecReading.Failed);
        }
        for (var i = 0; i < values.Length; i++)
        {
            if (given[i]) continue;
            values[i] = Fields[i].Default;
            if (!Fields[i].IsRequired) continue;
            sound = false;
            if (!IsMeant(Fields[i], meant, reading)) Missing(Fields[i], mapping.Place, path, reading);
        }
        return sound ? Construct(values, mapping, path, reading) : SpecReading.Failed;
    }

    private string Unknown(string key, SpecReading reading, HashSet<string> meant)
    {
        IReadOnlyCollection<string> allowed = Inline is { Inline: { } component }
            ? [.. _layout.Value.Keys.Keys, .. reading.Catalog.Of(component.BaseType).Keys]
            : _layout.Value.Keys.Keys;
        if (Suggestion.Nearest(key, allowed) is { } near) meant.Add(near);
        return Wording.InsteadOf(key, allowed);
    }

    /// <summary>A misspelt key was reported as unknown; that the right one is absent is the same mistake.</summary>
    private static bool IsMeant(SpecField field, HashSet<string> meant, SpecReading reading) =>
        field.Inline is { } component ? meant.Any(key => component.Knows(key, reading)) : meant.Contains(field.Name);

    private static object Missing(SpecField field, Place place, SpecPath path, SpecReading reading) => field.Inline is { } component
        ? reading.Fail(path, place, $"missing: {component.Expected(reading.Catalog)}")
        : reading.Fail(path.Key(field.Name), place, $"missing; expected {field.Shape.Expected(reading.Catalog)}");

    /// <summary>A record may check its own values: what it throws is a problem of the file, at the field it names.</summary>
    private object Construct(object?[] values, SpecNode node, SpecPath path, SpecReading reading)
    {
        try
        {
            return _layout.Value.Constructor.Invoke(values.AsSpan());
        }
        catch (SpecException e)
        {
            foreach (var problem in e.Problems) Refuse(problem.Path, problem.Message);
        }
        catch (ArgumentException e)
        {
            Refuse(IsBodyOnly || e.ParamName is null ? "" : Wording.Kebab(e.ParamName), e.Message.Split(" (Parameter '")[0]);
        }
        catch (Exception e) when (e is FormatException or OverflowException or SlipwayException)
        {
            Refuse("", e.Message);
        }
        return SpecReading.Failed;

        void Refuse(string field, string message)
        {
            var place = NearestNode.Of(node, field).Place;
            reading.Problems.Add(new SpecProblem(SpecPath.Join(path.ToString(), field), place.Line, place.Column, Wording.Shorten(message, 300)));
        }
    }

    private sealed class Layout
    {
        public Layout(Type type)
        {
            var constructor = type.GetConstructors().MaxBy(c => c.GetParameters().Length)
                ?? throw new NotSupportedException($"{type.Name} has no public constructor, so no spec can be read into it");
            Constructor = ConstructorInvoker.Create(constructor);
            Fields = [.. constructor.GetParameters().Select(p => new SpecField(p))];
            Body = Array.FindIndex(Fields, f => f.IsBody);
            Inline = Array.FindIndex(Fields, f => f.Inline is not null);
            for (var i = 0; i < Fields.Length; i++)
            {
                if (Fields[i].Inline is null) Keys.Add(Fields[i].Name, i);
            }
        }

        public ConstructorInvoker Constructor { get; }

        public SpecField[] Fields { get; }

        public OrderedDictionary<string, int> Keys { get; } = new(StringComparer.Ordinal);

        public int Body { get; }

        public int Inline { get; }
    }
}
