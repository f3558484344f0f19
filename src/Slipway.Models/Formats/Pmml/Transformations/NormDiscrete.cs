using Slipway.Models.Formats.Pmml.Predicates;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Transformations;

namespace Slipway.Models.Formats.Pmml.Transformations;

/// <summary>The element <c>NormDiscrete</c>: 1 when the field has the value, else 0 (PMML 4.4.1, Transformations: Normalization).</summary>
internal sealed record NormDiscrete(Place Place, string Field, string Value, double MapMissingTo) : Expression(Place)
{
    public static NormDiscrete Read(ElementReader e)
    {
        if (e.Attribute("method") is { } method and not "indicator") throw e.Place.Unsupported($"method=\"{method}\"");
        return new NormDiscrete(e.Place, e.Require("field"), e.Require("value"), e.Number("mapMissingTo", Cell.Missing));
    }

    public override RowExpression Bind(Scope scope)
    {
        var field = scope.Resolve(Field, Place);
        return new IndicatorExpression(field.Value, PredicateConstant.Parse(Value, field, scope, Place), MapMissingTo);
    }
}
