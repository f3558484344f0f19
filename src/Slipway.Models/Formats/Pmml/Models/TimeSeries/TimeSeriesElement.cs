using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;

namespace Slipway.Models.Formats.Pmml.Models.TimeSeries;

/// <summary>The series that was modelled, oldest value first; empty when the file does not hold it.</summary>
/// <param name="Times">When the values were, as far as the file says; else their index.</param>
internal sealed record OriginalSeries(ImmutableArray<double> Values, ImmutableArray<double> Indices, ImmutableArray<double> Times)
{
    public static readonly OriginalSeries None = new([], [], []);

    /// <returns>The value of a time, or else of an index; -1 when there is none.</returns>
    public int Find(double start) => Times.IndexOf(start) is >= 0 and var time ? time : Indices.IndexOf(start);
}

/// <summary>The element <c>TimeSeries</c>: values, in the order of their index or time.</summary>
internal static class TimeSeriesElement
{
    /// <returns>Null for a series that is not the original one.</returns>
    public static OriginalSeries? ReadOriginal(ElementReader e)
    {
        if ((e.Attribute("usage") ?? "original") != "original") return null;
        var values = new List<(double Index, double Time, double Value)>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name != "TimeValue") continue;
            var (index, time) = (e.Number("index"), e.Number("time"));
            var order = index ?? time ?? values.Count;
            values.Add((order, time ?? order, e.RequireNumber("value")));
        }
        values = [.. values.OrderBy(v => v.Index)];
        return new OriginalSeries([.. values.Select(v => v.Value)], [.. values.Select(v => v.Index)], [.. values.Select(v => v.Time)]);
    }
}

/// <summary>What every method of a time series model may have.</summary>
internal static class SeriesElements
{
    public static readonly Choices<Rows.TimeSeries.SeriesTransformation> Transformations = new(
        ("none", Rows.TimeSeries.SeriesTransformation.None), ("logarithmic", Rows.TimeSeries.SeriesTransformation.Logarithmic),
        ("squareroot", Rows.TimeSeries.SeriesTransformation.SquareRoot));

    /// <summary>A series is looked at once for every lag.</summary>
    /// <exception cref="Core.ModelException">That would take too long.</exception>
    public static void RequireFeasible(Place place, int values, long lags)
    {
        const long most = 1_000_000_000;
        if (values * lags > most) throw place.Unsupported($"a series of {values} values with {lags} lags and outliers, which would take too long,");
    }

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

    /// <summary>The elements <c>MA</c>, <c>ResidualSquareCoefficients</c>, <c>VarianceCoefficients</c>: coefficients, that of the last value first, and what they are applied to.</summary>
    /// <returns>The last values, oldest first; null when the file does not hold them.</returns>
    public static (double[] Coefficients, double[]? Past) ReadMovingAverage(ElementReader e)
    {
        double[] coefficients = [];
        double[]? past = null;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "MACoefficients") coefficients = ReadArray(e);
            else if (e.Name is "Residuals" or "PastVariances") past = ReadArray(e);
        }
        return (coefficients, past);
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
