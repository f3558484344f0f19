using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Transformations;

namespace Slipway.Models.Formats.Pmml.Transformations;

/// <summary>
/// The element <c>Lag</c>: a value that a field had some records ago, or what is made of its values since (PMML 4.4.1, Transformations: Lag). The records are
/// the rows of a batch, or those that a scorer was given, in their order.
/// </summary>
internal sealed record Lag(Place Place, string Field, int Count, LagAggregate Aggregate, ImmutableArray<string> Blocks) : Expression(Place)
{
    private const int MaxCount = 1 << 16;

    private static readonly Choices<LagAggregate> Aggregates = new(
        ("none", LagAggregate.None), ("avg", LagAggregate.Average), ("max", LagAggregate.Maximum), ("median", LagAggregate.Median), ("min", LagAggregate.Minimum),
        ("product", LagAggregate.Product), ("sum", LagAggregate.Sum), ("stddev", LagAggregate.StandardDeviation));

    public static Lag Read(ElementReader e)
    {
        var lag = new Lag(e.Place, e.Require("field"), e.Integer("n") ?? 1, e.Choice("aggregate", Aggregates, LagAggregate.None), []);
        if (lag.Count is < 1 or > MaxCount) throw e.Fault($"n=\"{lag.Count}\" is outside 1…{MaxCount}");
        var blocks = ImmutableArray.CreateBuilder<string>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "BlockIndicator") blocks.Add(e.Require("field"));
        }
        return lag with { Blocks = blocks.DrainToImmutable() };
    }

    public override RowExpression Bind(Scope scope)
    {
        if (scope.VariesWithinRow) throw Place.Fault("a function's parameter has no value in the records before");
        var field = Resolve(Field, scope);
        if (Aggregate != LagAggregate.None && !field.Type.IsNumeric) throw Place.Fault($"the field '{Field}' is {Casting.WithArticle(field.Type)}, and only numbers can be aggregated");
        var blocks = new RowExpression[Blocks.Length];
        for (var i = 0; i < blocks.Length; i++) blocks[i] = Resolve(Blocks[i], scope);
        var type = Aggregate is LagAggregate.Average or LagAggregate.Median or LagAggregate.StandardDeviation ? CellType.Float64 : field.Type;
        return new LagExpression(new RowHistory(field, Count, blocks, scope.Program), Aggregate, type);
    }

    /// <summary>A history takes a record's values before anything else is known of the record.</summary>
    private RowExpression Resolve(string name, Scope scope)
    {
        var field = scope.Resolve(name, Place);
        if (field.Reads != default) throw Place.Unsupported($"the history of '{name}', which is made of {(field.Reads.OnResults ? "results" : "aggregates")},");
        return field.Value;
    }
}
