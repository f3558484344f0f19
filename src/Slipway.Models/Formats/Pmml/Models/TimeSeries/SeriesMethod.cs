using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows.TimeSeries;

namespace Slipway.Models.Formats.Pmml.Models.TimeSeries;

/// <summary>A method by which a time series model forecasts.</summary>
internal abstract record SeriesMethod(Place Place, SeriesTransformation Transformation)
{
    /// <exception cref="Core.ModelException">Its parts do not fit together, or something is not supported.</exception>
    public abstract Forecaster Bind(OriginalSeries series);

    /// <returns>Null when the current element is not a method.</returns>
    public static SeriesMethod? TryRead(ElementReader e) => e.Name switch
    {
        "ARIMA" => ArimaElement.Read(e),
        "ExponentialSmoothing" => ExponentialSmoothingElement.Read(e),
        "GARCH" => GarchElement.Read(e),
        "StateSpaceModel" => StateSpaceElement.Read(e),
        "SeasonalTrendDecomposition" or "SpectralAnalysis" => new UndefinedMethod(e.Place, SeriesTransformation.None),
        _ => null,
    };
}

/// <summary>A method that the standard names and leaves to later versions: its schema gives the element no content, so no file can say how to forecast by it.</summary>
internal sealed record UndefinedMethod(Place Place, SeriesTransformation Transformation) : SeriesMethod(Place, Transformation)
{
    public override Forecaster Bind(OriginalSeries series) =>
        throw Place.Unsupported($"bestFit=\"{Place.Element}\", an element to which PMML gives neither content nor formulas (it leaves them to later versions),");
}
