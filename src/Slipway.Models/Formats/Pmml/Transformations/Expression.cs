using Slipway.Core;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Transformations;

/// <summary>What the file says a value is made of (PMML 4.4.1, Transformations): read first, bound when it is known which fields there are.</summary>
internal abstract record Expression(Place Place)
{
    /// <exception cref="Core.ModelException">A field or function is unknown, or has the wrong type.</exception>
    public abstract RowExpression Bind(Scope scope);

    /// <summary>Binds to a value of a given type. An expression that chooses among texts of the file parses them now rather than for each row.</summary>
    /// <exception cref="Core.ModelException">The value cannot be taken as one of that type.</exception>
    public virtual RowExpression BindAs(CellFormat format, Scope scope)
    {
        var value = Bind(scope);
        return value.Type.IsTemporal && format.Origin is { } origin ? Count(value, format, origin, scope) : Cast(value, format.Type, scope);
    }

    /// <summary>Whether it looks for a term in a text, itself or through a function (see <see cref="FunctionTable"/>).</summary>
    public virtual bool IndexesText(FunctionTable functions) => false;

    /// <returns>Null when the current element is not an expression.</returns>
    public static Expression? TryRead(ElementReader e) => e.Name switch
    {
        "Aggregate" => Aggregate.Read(e),
        "Apply" => Apply.Read(e),
        "Constant" => Constant.Read(e),
        "Discretize" => Discretize.Read(e),
        "FieldRef" => FieldRef.Read(e),
        "Lag" => Lag.Read(e),
        "MapValues" => MapValues.Read(e),
        "NormContinuous" => NormContinuous.Read(e),
        "NormDiscrete" => NormDiscrete.Read(e),
        "TextIndex" => TextIndex.Read(e),
        _ => null,
    };

    /// <summary>Reads the one expression among the children of the current element.</summary>
    /// <exception cref="Core.ModelException">There is none.</exception>
    public static Expression ReadOnly(ElementReader e)
    {
        var place = e.Place;
        Expression? found = null;
        var depth = e.Depth;
        while (e.ReadChild(depth)) found = TryRead(e) ?? found;
        return found ?? throw place.Fault("it has no expression");
    }

    protected RowExpression Cast(RowExpression value, CellType type, Scope scope)
    {
        try
        {
            var cast = Casting.Cast(value, type, scope.Symbols);
            var fits = ReferenceEquals(cast, value) || cast is ConstantExpression or SlotExpression || (value.Type.IsNumeric && type is CellType.Float32 or CellType.Float64);
            return fits ? cast : new FittingExpression(Place, value, cast);
        }
        catch (ModelException e)
        {
            throw Place.Fault(e.Message);
        }
    }

    /// <summary>Dates and moments as days or seconds since another, times as seconds since midnight.</summary>
    private RowExpression Count(RowExpression value, CellFormat format, int origin, Scope scope)
    {
        if (!format.CountsSeconds) return new OffsetExpression(Cast(value, CellType.Date, scope), origin);
        if (value.Type == CellType.Time && origin == 0) return new OffsetExpression(value, 0);
        return new OffsetExpression(Cast(value, CellType.DateTime, scope), (double)origin * IsoCalendar.SecondsPerDay);
    }

    /// <summary>The value of a field as a number.</summary>
    protected RowExpression Number(string field, Scope scope)
    {
        var value = scope.Resolve(field, Place).Value;
        return value.Type.IsNumeric ? value : Cast(value, CellType.Float64, scope);
    }

    /// <summary>How far a value is from another.</summary>
    private sealed class OffsetExpression(RowExpression value, double origin) : RowExpression(CellType.Integer)
    {
        public override double Evaluate(in Row row)
        {
            var cell = value.Evaluate(row);
            return Cell.IsMissing(cell) ? cell : Math.Floor(cell - origin);
        }
    }

    /// <summary>A value taken as one of another type, where the record may have one that is none.</summary>
    private sealed class FittingExpression(Place place, RowExpression value, RowExpression cast) : RowExpression(cast.Type)
    {
        public override double Evaluate(in Row row)
        {
            var cell = cast.Evaluate(row);
            return Cell.IsInvalid(cell) ? throw Misfit(row) : cell;
        }

        private RecordException Misfit(in Row row) =>
            new($"{place}: '{DataType.Of(value.Type).Print(value.Evaluate(row), row.Texts)}' is not {Casting.WithArticle(Type)}");
    }
}
