using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Functions;
using Slipway.Models.Rows.TimeSeries;

namespace Slipway.Models.Formats.Pmml.Models.TimeSeries;

/// <summary>
/// The element <c>TimeSeriesModel</c> (PMML 4.4.1, Time Series). How many steps are forecast says the supplementary field, else the active one; a model with
/// neither gets the input <c>horizon</c>.
/// </summary>
internal sealed class TimeSeriesModel(ModelHeader header, string bestFit) : ModelElement(header)
{
    private const string HorizonName = "horizon";

    private readonly Dictionary<string, SeriesMethod> _methods = new(StringComparer.Ordinal);
    private OriginalSeries _series = OriginalSeries.None;

    public static TimeSeriesModel Read(ElementReader e)
    {
        var model = new TimeSeriesModel(new ModelHeader(e), e.Require("bestFit"));
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (model.Header.TryRead(e)) continue;
            var name = e.Name;
            if (name == "TimeSeries") model._series = TimeSeriesElement.ReadOriginal(e) ?? model._series;
            else if (SeriesMethod.TryRead(e) is { } method) model._methods[name] = method;
        }
        return model;
    }

    public override RowModel Bind(ModelScope scope)
    {
        if (Header.Targets.Length > 0) throw Header.Targets[0].Place.Unsupported("a target of a time series");
        if (!_methods.TryGetValue(bestFit, out var method)) throw Header.Place.Fault($"bestFit=\"{bestFit}\", but there is no such element; there are: {string.Join(", ", _methods.Keys)}");
        var forecaster = method.Bind(_series);
        var (name, horizon) = Horizon(scope);
        var spread = Header.Output.FirstOrDefault(o => o.Feature is OutputFeature.StandardError or OutputFeature.ConfidenceIntervalLower or OutputFeature.ConfidenceIntervalUpper);
        var spreads = spread is not null;
        if (spreads && !forecaster.HasVariance) throw spread!.Place.Unsupported($"the uncertainty of forecasts by this {bestFit}, which does not say its variance,");
        var result = scope.NumberResult() with { StandardError = spreads ? scope.Program.Slot() : -1 };
        return new Forecasts(result, horizon, name, new ForecastPath(forecaster, spreads), method.Transformation, spreads ? scope.Program.Slot() : -1);
    }

    private static (string Name, RowExpression Value) Horizon(ModelScope scope)
    {
        foreach (var usage in (ReadOnlySpan<UsageType>)[UsageType.Supplementary, UsageType.Active])
        {
            var fields = scope.FieldsOf(usage).Where(f => f.Type.IsNumeric).ToArray();
            var field = fields.Length == 1 ? fields[0] : Array.Find(fields, f => f.Name is HorizonName or "h");
            if (field is not null) return (field.Name, Casting.Cast(field.Value, CellType.Float64, scope.Program.Symbols));
        }
        var input = scope.Program.AddInput(new FieldTreatment(HorizonName, CellFormat.Integer), optional: true);
        return (HorizonName, new SlotExpression(CellType.Integer, input.Slot));
    }

    private sealed class Forecasts(ModelResult result, RowExpression horizon, string name, ForecastPath path, SeriesTransformation transformation, int mean)
        : ForecastModel(result, horizon, name, path, transformation, mean), IOutputSource
    {
        private readonly SeriesTransformation _transformation = transformation;
        private readonly int _mean = mean;

        public RowExpression? TryBind(OutputField field, ModelScope scope)
        {
            var sign = field.Feature switch
            {
                OutputFeature.ConfidenceIntervalLower => -1,
                OutputFeature.ConfidenceIntervalUpper => 1,
                _ => 0,
            };
            if (field.Feature == OutputFeature.StandardError && _transformation != SeriesTransformation.None) throw field.Place.Unsupported("the standard error of a transformed series");
            if (sign == 0) return null;
            if (!NumberText.TryParse(field.Value ?? "95", out double percent) || !(percent > 0 && percent < 100)) throw field.Place.Fault($"value=\"{field.Value}\" is not a percentage between 0 and 100");
            return new ForecastBound(_mean, Result.StandardError, sign * NormalDistribution.Quantile(0.5 + (percent / 200)), _transformation);
        }
    }
}
