using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;

namespace Slipway.Models.Formats.Pmml.Models.TimeSeries;

/// <summary>The element <c>TimeSeries</c>: values, in the order of their index or time.</summary>
internal static class TimeSeriesElement
{
    /// <returns>Null for a series that is not the original one.</returns>
    public static ImmutableArray<double>? ReadOriginal(ElementReader e)
    {
        if ((e.Attribute("usage") ?? "original") != "original") return null;
        var values = new List<(double Order, double Value)>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "TimeValue") values.Add((e.Number("index") ?? e.Number("time") ?? values.Count, e.RequireNumber("value")));
        }
        return [.. values.OrderBy(v => v.Order).Select(v => v.Value)];
    }
}

/// <summary>What every method of a time series model may have.</summary>
internal static class SeriesElements
{
    public static readonly Choices<Rows.TimeSeries.SeriesTransformation> Transformations = new(
        ("none", Rows.TimeSeries.SeriesTransformation.None), ("logarithmic", Rows.TimeSeries.SeriesTransformation.Logarithmic),
        ("squareroot", Rows.TimeSeries.SeriesTransformation.SquareRoot));

    /// <summary>The numbers of the only array in the current element.</summary>
    public static double[] ReadArray(ElementReader e)
    {
        double[]? numbers = null;
        var place = e.Place;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name is "Array" or "REAL-SparseArray" or "INT-SparseArray") numbers = [.. ArrayElement.ReadNumbers(e)];
        }
        return numbers ?? throw place.Fault("it has no Array");
    }

    public static MatrixElement ReadMatrix(ElementReader e)
    {
        MatrixElement? matrix = null;
        var place = e.Place;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Matrix") matrix = MatrixElement.Read(e);
        }
        return matrix ?? throw place.Fault("it has no Matrix");
    }
}
