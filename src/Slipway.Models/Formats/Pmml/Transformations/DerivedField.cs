using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Functions;

namespace Slipway.Models.Formats.Pmml.Transformations;

/// <summary>The element <c>DerivedField</c>: a field made from others.</summary>
internal sealed record DerivedField(Place Place, string Name, OpType? OpType, CellFormat? Format, Expression Definition, ImmutableArray<FieldValue> Values)
{
    public static DerivedField Read(ElementReader e)
    {
        var place = e.Place;
        var (name, opType, format) = (e.Attribute("name") ?? "", OpTypes.TryRead(e), DataType.TryRead(e));
        var values = ImmutableArray.CreateBuilder<FieldValue>();
        Expression? definition = null;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Value") values.Add(FieldValue.Read(e));
            else definition = Expression.TryRead(e) ?? definition;
        }
        return new DerivedField(place, name, opType, format, definition ?? throw place.Fault("it has no expression"), values.DrainToImmutable());
    }

    /// <summary>Binds the definition; every value is computed at most once a row.</summary>
    public BoundField Bind(Scope scope)
    {
        var value = Format is null ? Definition.Bind(scope) : Definition.BindAs(Format, scope);
        var format = Format ?? DataType.Of(value.Type);
        if (value is not (SlotExpression or DerivedExpression or ConstantExpression)) value = new DerivedExpression(scope.Program.PendingSlot(), value);
        return new BoundField(Name, value, OpType ?? OpTypes.Of(format.Type), format, Categories(scope, format)) { Set = (Definition as Aggregate)?.SetOf(scope) };
    }

    /// <summary>Reads the fields in the current element, <c>LocalTransformations</c>.</summary>
    public static ImmutableArray<DerivedField> ReadAll(ElementReader e)
    {
        var fields = ImmutableArray.CreateBuilder<DerivedField>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name != "DerivedField") continue;
            var field = Read(e);
            if (!names.Add(field.Name)) throw field.Place.Fault($"the field '{field.Name}' is declared twice");
            fields.Add(field);
        }
        return fields.DrainToImmutable();
    }

    private ImmutableArray<double> Categories(Scope scope, CellFormat format)
    {
        var categories = ImmutableArray.CreateBuilder<double>();
        foreach (var value in Values)
        {
            if (value.Property == ValueProperty.Valid) categories.Add(scope.Program.Parse(value.Value, format));
        }
        if (categories.Count == 0 && Definition is FieldRef reference) return scope.Resolve(reference.Field, Place).Categories;
        return categories.DrainToImmutable();
    }
}
