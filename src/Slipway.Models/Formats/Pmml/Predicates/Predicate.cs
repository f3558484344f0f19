using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Predicates;

/// <summary>A condition as the file says it (PMML 4.4.1, TreeModel: PREDICATE).</summary>
internal abstract record Predicate(Place Place)
{
    public abstract RowPredicate Bind(Scope scope);

    /// <returns>Null when the current element is not a predicate.</returns>
    public static Predicate? TryRead(ElementReader e) => e.Name switch
    {
        "True" => new Always(e.Place, true),
        "False" => new Always(e.Place, false),
        "SimplePredicate" => SimplePredicate.Read(e),
        "SimpleSetPredicate" => SimpleSetPredicate.Read(e),
        "CompoundPredicate" => CompoundPredicateElement.Read(e),
        _ => null,
    };
}

internal sealed record Always(Place Place, bool Value) : Predicate(Place)
{
    public override RowPredicate Bind(Scope scope) => Value ? ConstantPredicate.True : ConstantPredicate.False;
}

internal enum SimpleOperator : byte
{
    Equal,
    NotEqual,
    LessThan,
    LessOrEqual,
    GreaterThan,
    GreaterOrEqual,
    IsMissing,
    IsNotMissing,
}

internal sealed record SimplePredicate(Place Place, string Field, SimpleOperator Operator, string? Value) : Predicate(Place)
{
    private static readonly Choices<SimpleOperator> Operators = new(
        ("equal", SimpleOperator.Equal), ("notEqual", SimpleOperator.NotEqual), ("lessThan", SimpleOperator.LessThan), ("lessOrEqual", SimpleOperator.LessOrEqual),
        ("greaterThan", SimpleOperator.GreaterThan), ("greaterOrEqual", SimpleOperator.GreaterOrEqual), ("isMissing", SimpleOperator.IsMissing), ("isNotMissing", SimpleOperator.IsNotMissing));

    public static SimplePredicate Read(ElementReader e)
    {
        var simple = new SimplePredicate(e.Place, e.Require("field"), e.RequireChoice("operator", Operators), e.Attribute("value"));
        if (simple.Value is null && simple.Operator < SimpleOperator.IsMissing) throw e.Fault($"operator=\"{e.Attribute("operator")}\" needs a value");
        return simple;
    }

    public override RowPredicate Bind(Scope scope)
    {
        var field = scope.Resolve(Field, Place);
        if (Operator >= SimpleOperator.IsMissing) return new MissingPredicate(field.Value, Operator == SimpleOperator.IsMissing);
        var constant = PredicateConstant.Parse(Value!, field, scope, Place);
        if (field.OpType != OpType.Ordinal && field.Type != CellType.Text) return new ComparePredicate(field.Value, (Comparison)Operator, constant);
        return Operator <= SimpleOperator.NotEqual
            ? new ComparePredicate(field.Value, (Comparison)Operator, constant)
            : field.Type == CellType.Text || !field.Categories.IsEmpty
                ? new OrderPredicate(field.Value, (Comparison)Operator, constant, field.OpType == OpType.Ordinal ? field.Categories : [])
                : new ComparePredicate(field.Value, (Comparison)Operator, constant);
    }
}

internal sealed record SimpleSetPredicate(Place Place, string Field, bool IsIn, ImmutableArray<string> Values) : Predicate(Place)
{
    private static readonly Choices<bool> Operators = new(("isIn", true), ("isNotIn", false));

    public static SimpleSetPredicate Read(ElementReader e)
    {
        var (place, field, isIn) = (e.Place, e.Require("field"), e.RequireChoice("booleanOperator", Operators));
        ImmutableArray<string> values = [];
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Array") values = ArrayElement.ReadTexts(e);
        }
        return new SimpleSetPredicate(place, field, isIn, values);
    }

    public override RowPredicate Bind(Scope scope)
    {
        var field = scope.Resolve(Field, Place);
        return new SetPredicate(field.Value, [.. Values.Select(v => PredicateConstant.Parse(v, field, scope, Place))], IsIn);
    }
}

internal sealed record CompoundPredicateElement(Place Place, Junction Junction, ImmutableArray<Predicate> Parts) : Predicate(Place)
{
    private static readonly Choices<Junction> Junctions = new(("and", Junction.And), ("or", Junction.Or), ("xor", Junction.Xor), ("surrogate", Junction.Surrogate));

    public static CompoundPredicateElement Read(ElementReader e)
    {
        var (place, junction) = (e.Place, e.RequireChoice("booleanOperator", Junctions));
        var parts = ImmutableArray.CreateBuilder<Predicate>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (TryRead(e) is { } part) parts.Add(part);
        }
        if (parts.Count == 0) throw place.Fault("it has no predicates");
        return new CompoundPredicateElement(place, junction, parts.DrainToImmutable());
    }

    public override RowPredicate Bind(Scope scope) => new CompoundPredicate(Junction, [.. Parts.Select(p => p.Bind(scope))]);
}

/// <summary>The value in a predicate, as a cell of the field's type; a number that an integer or boolean field cannot hold is compared as a number.</summary>
internal static class PredicateConstant
{
    public static double Parse(string text, BoundField field, Scope scope, Place place)
    {
        var cell = scope.Program.Parse(text, field.Format);
        if (Cell.IsInvalid(cell) && (field.Type.IsNumeric || field.Type == CellType.Boolean)) cell = CellFormat.Float64.Parse(text);
        return Cell.IsInvalid(cell) ? throw place.Fault($"'{text}' cannot be compared with the field '{field.Name}' of type {field.Format.Name}") : cell;
    }
}
