using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Predicates;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Regressions;

namespace Slipway.Models.Formats.Pmml.Models.GeneralRegression;

/// <summary>Cox regressions: the predicted value is the cumulative hazard at the row's end time.</summary>
internal static class HazardsBinder
{
    public static RowModel Bind(GeneralRegressionModel model, ModelScope scope)
    {
        var place = scope.Place;
        if (scope.Header.Function != MiningFunction.Regression) throw place.Fault("modelType=\"CoxRegression\" has functionName=\"regression\"");
        var time = scope.Fields.Resolve(model.EndTimeVariable ?? throw place.Fault("modelType=\"CoxRegression\" needs the attribute 'endTimeVariable'"), place);
        if (time.Type == CellType.Text) throw place.Fault($"the end time '{time.Name}' is text, a number is needed");
        var design = new DesignBinder(model, scope);
        var estimates = design.Bind(null, model.Estimates);
        double reference = 0;
        foreach (var cell in model.Estimates) reference += cell.Beta * model.Parameters.GetValueOrDefault(cell.Parameter);
        var stratum = model.StrataVariable is { } name ? scope.Fields.Resolve(name, place) : null;
        var tables = model.Baselines.Where(t => t.Stratum is null == stratum is null).ToList();
        if (tables.Count == 0) throw place.Fault(stratum is null ? "the BaseCumHazardTables have no BaselineCell" : "the BaseCumHazardTables have no BaselineStratum");
        var strata = stratum is null ? [] : tables.Select((t, i) => KeyValuePair.Create(PredicateConstant.Parse(t.Stratum!, stratum, scope.Fields, t.Place), (double)i)).ToImmutableArray();
        return new ProportionalHazards(
            scope.NumberResult(), design.Build(), estimates, reference, time.Value, stratum?.Value, new CellMap(strata), [.. tables.Select(Bind)]);
    }

    private static BaselineHazard Bind(BaselineTable table)
    {
        var cells = table.Cells.OrderBy(c => c.Time).ToArray();
        return new BaselineHazard([.. cells.Select(c => c.Time)], [.. cells.Select(c => c.Hazard)], table.MaxTime ?? cells[^1].Time);
    }
}
