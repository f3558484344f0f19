using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Tables;

namespace Slipway.Models.Formats.Pmml.Transformations;

/// <summary>
/// The element <c>Aggregate</c>: what is made of the values that a field has in all the records with the same value of the group field, or in all records
/// (PMML 4.4.1, Transformations: Aggregation). The records are the rows of a batch; a record that is scored alone is its own group.
/// </summary>
internal sealed record Aggregate(Place Place, string Field, AggregateFunction Function, string? GroupField) : Expression(Place)
{
    /// <summary>Each level reads all records once more.</summary>
    private const int MaxLevels = 100;

    private static readonly Choices<AggregateFunction> Functions = new(
        ("count", AggregateFunction.Count), ("sum", AggregateFunction.Sum), ("average", AggregateFunction.Average),
        ("min", AggregateFunction.Minimum), ("max", AggregateFunction.Maximum), ("multiset", AggregateFunction.Multiset));

    public static Aggregate Read(ElementReader e)
    {
        if (e.Attribute("sqlWhere") is not null) throw e.Place.Unsupported("the attribute 'sqlWhere', a condition in the SQL of some database,");
        return new Aggregate(e.Place, e.Require("field"), e.RequireChoice("function", Functions), e.Attribute("groupField"));
    }

    public override RowExpression Bind(Scope scope)
    {
        if (scope.VariesWithinRow) throw Place.Fault("a function's parameter has no value in other records");
        var (field, group) = (Resolve(Field, scope), GroupField is null ? null : Resolve(GroupField, scope));
        var type = TypeOf(field);
        var level = (field.Reads | (group?.Reads ?? default)).Levels;
        if (level == MaxLevels) throw Place.Fault($"aggregates of aggregates are more than {MaxLevels} levels deep");
        var slot = scope.Program.Slot();
        scope.Program.Add(new RecordAggregate(field.Value, field.Format, group?.Value, Function, slot, level));
        scope.Depend(new Dependence(false, level + 1));
        return Function == AggregateFunction.Multiset ? new MultisetExpression(slot) : new SlotExpression(type, slot);
    }

    /// <summary>For a model of sets of items: where a set comes from.</summary>
    /// <returns>Null unless the value is a multiset.</returns>
    public CollectedSet? SetOf(Scope scope) =>
        Function == AggregateFunction.Multiset ? new CollectedSet(Resolve(Field, scope), GroupField is null ? null : Resolve(GroupField, scope)) : null;

    private BoundField Resolve(string name, Scope scope)
    {
        var field = scope.Resolve(name, Place);
        if (field.Reads.OnResults) throw Place.Unsupported($"an aggregate of '{name}', a result, which no record has before all are scored,");
        return field;
    }

    private CellType TypeOf(BoundField field)
    {
        switch (Function)
        {
            case AggregateFunction.Count:
                return CellType.Integer;
            case AggregateFunction.Multiset:
                return CellType.Text;
            case AggregateFunction.Minimum or AggregateFunction.Maximum:
                return field.Type.IsNumeric || field.Type.IsTemporal ? field.Type : throw Misfit(field, "only numbers, dates and times have a smallest and a largest");
            default:
                if (!field.Type.IsNumeric) throw Misfit(field, "only numbers have a sum");
                return Function == AggregateFunction.Sum && field.Type == CellType.Integer ? CellType.Integer : CellType.Float64;
        }
    }

    private Core.ModelException Misfit(BoundField field, string why) => Place.Fault($"the field '{Field}' is {Casting.WithArticle(field.Type)}, and {why}");
}

/// <summary>The values of a field in the records of a group.</summary>
/// <param name="Group">Null when all records are one group.</param>
internal sealed record CollectedSet(BoundField Member, BoundField? Group);
