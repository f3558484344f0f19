using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;

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
