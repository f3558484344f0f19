using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows.TimeSeries;

namespace Slipway.Models.Formats.Pmml.Models.TimeSeries;

/// <summary>A method by which a time series model forecasts.</summary>
internal abstract record SeriesMethod(Place Place, SeriesTransformation Transformation)
{
    /// <param name="history">The original series; empty when the file does not hold it.</param>
    /// <exception cref="Core.ModelException">Its parts do not fit together, or something is not supported.</exception>
    public abstract Forecaster Bind(ImmutableArray<double> history);

    /// <returns>Null when the current element is not a method.</returns>
    public static SeriesMethod? TryRead(ElementReader e) => e.Name switch
    {
        "ARIMA" => ArimaElement.Read(e),
        "ExponentialSmoothing" => ExponentialSmoothingElement.Read(e),
        "StateSpaceModel" => StateSpaceElement.Read(e),
        "GARCH" or "SeasonalTrendDecomposition" or "SpectralAnalysis" => new UnsupportedMethod(e.Place, SeriesTransformation.None),
        _ => null,
    };
}

/// <summary>A method that is not supported: for the decompositions the standard gives no formulas.</summary>
internal sealed record UnsupportedMethod(Place Place, SeriesTransformation Transformation) : SeriesMethod(Place, Transformation)
{
    public override Forecaster Bind(ImmutableArray<double> history) =>
        throw Place.Unsupported(Place.Element == "GARCH" ? "forecasting by GARCH" : $"forecasting by {Place.Element}, for which the standard defines no formulas,");
}
