using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Predicates;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Regressions;

namespace Slipway.Models.Formats.Pmml.Models.Regression;

internal readonly record struct NumericPredictor(Place Place, string Field, double Exponent, double Coefficient);

internal readonly record struct CategoricalPredictor(Place Place, string Field, string Value, double Coefficient);

internal readonly record struct PredictorTerm(Place Place, ImmutableArray<FieldRef> Fields, double Coefficient);

/// <summary>The element <c>RegressionTable</c>: a sum of weighted predictors.</summary>
internal sealed record RegressionTable(
    Place Place, double Intercept, string? TargetCategory, List<NumericPredictor> Numeric, List<CategoricalPredictor> Categorical, List<PredictorTerm> Terms)
{
    public static RegressionTable Read(ElementReader e)
    {
        var table = new RegressionTable(e.Place, e.Number("intercept", 0), e.Attribute("targetCategory"), [], [], []);
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            switch (e.Name)
            {
                case "NumericPredictor":
                    table.Numeric.Add(new NumericPredictor(e.Place, e.Require("name"), e.Number("exponent", 1), e.RequireNumber("coefficient")));
                    break;
                case "CategoricalPredictor":
                    table.Categorical.Add(new CategoricalPredictor(e.Place, e.Require("name"), e.Require("value"), e.RequireNumber("coefficient")));
                    break;
                case "PredictorTerm":
                    table.Terms.Add(ReadTerm(e));
                    break;
            }
        }
        return table;
    }

    public LinearPredictor Bind(Scope scope)
    {
        var numeric = ImmutableArray.CreateBuilder<NumericTerm>();
        foreach (var predictor in Numeric) numeric.Add(new NumericTerm(Number(scope.Resolve(predictor.Field, predictor.Place).Value, predictor.Field, predictor.Place), predictor.Exponent, predictor.Coefficient));
        var categorical = ImmutableArray.CreateBuilder<CategoricalTerm>();
        foreach (var group in Categorical.GroupBy(p => p.Field, StringComparer.Ordinal))
        {
            var field = scope.Resolve(group.Key, group.First().Place);
            categorical.Add(new CategoricalTerm(field.Value, [.. group.Select(p => KeyValuePair.Create(PredicateConstant.Parse(p.Value, field, scope, p.Place), p.Coefficient))]));
        }
        var terms = ImmutableArray.CreateBuilder<ProductTerm>();
        foreach (var term in Terms) terms.Add(new ProductTerm([.. term.Fields.Select(f => Number(f.Bind(scope), f.Field, f.Place))], term.Coefficient));
        return new LinearPredictor(Intercept, numeric.DrainToImmutable(), categorical.DrainToImmutable(), terms.DrainToImmutable());
    }

    private static RowExpression Number(RowExpression value, string field, Place place) =>
        value.Type == CellType.Text ? throw place.Fault($"the field '{field}' is text, which cannot be multiplied") : value;

    private static PredictorTerm ReadTerm(ElementReader e)
    {
        var (place, coefficient) = (e.Place, e.RequireNumber("coefficient"));
        var fields = ImmutableArray.CreateBuilder<FieldRef>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "FieldRef") fields.Add(FieldRef.Read(e));
        }
        return new PredictorTerm(place, fields.DrainToImmutable(), coefficient);
    }
}
