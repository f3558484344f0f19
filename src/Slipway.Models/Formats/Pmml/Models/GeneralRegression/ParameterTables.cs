using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;

namespace Slipway.Models.Formats.Pmml.Models.GeneralRegression;

/// <summary>A factor or covariate of the model.</summary>
/// <param name="Categories">Those of the contrast matrix; empty when the field's own are meant.</param>
/// <param name="Contrasts">A row for each category, a column for each parameter of the factor; null for indicators.</param>
internal sealed record Predictor(Place Place, string Field, ImmutableArray<string> Categories, MatrixElement? Contrasts)
{
    public static Predictor Read(ElementReader e)
    {
        var (place, field) = (e.Place, e.Require("name"));
        ImmutableArray<string> categories = [];
        MatrixElement? contrasts = null;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Categories") categories = ReadCategories(e);
            else if (e.Name == "Matrix") contrasts = MatrixElement.Read(e);
        }
        return new Predictor(place, field, categories, contrasts);
    }

    private static ImmutableArray<string> ReadCategories(ElementReader e)
    {
        var categories = ImmutableArray.CreateBuilder<string>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Category") categories.Add(e.Require("value"));
        }
        return categories.DrainToImmutable();
    }
}

/// <summary>A predictor's part in a parameter: a category of a factor, or the exponent of a covariate.</summary>
/// <param name="TargetCategory">Null for all.</param>
internal sealed record PredictorCell(Place Place, string Value, string Predictor, string Parameter, string? TargetCategory)
{
    public static PredictorCell Read(ElementReader e) =>
        new(e.Place, e.Require("value"), e.Require("predictorName"), e.Require("parameterName"), e.Attribute("targetCategory"));
}

/// <summary>A parameter's estimate.</summary>
/// <param name="TargetCategory">Null for all.</param>
internal sealed record ParameterCell(Place Place, string Parameter, string? TargetCategory, double Beta)
{
    public static ParameterCell Read(ElementReader e) => new(e.Place, e.Require("parameterName"), e.Attribute("targetCategory"), e.RequireNumber("beta"));
}

/// <summary>The covariance of two estimates.</summary>
internal sealed record CovarianceCell(string Row, string Column, double Value)
{
    public static CovarianceCell Read(ElementReader e) => new(e.Require("pRow"), e.Require("pCol"), e.RequireNumber("value"));
}

/// <summary>The cumulative hazard of the baseline, of all rows or of a stratum.</summary>
/// <param name="Stratum">Null for all rows.</param>
internal sealed record BaselineTable(Place Place, string? Stratum, double? MaxTime, List<(double Time, double Hazard)> Cells)
{
    /// <summary>A table for each stratum, or one for all.</summary>
    public static ImmutableArray<BaselineTable> ReadAll(ElementReader e)
    {
        var all = new BaselineTable(e.Place, null, e.Number("maxTime"), []);
        var strata = ImmutableArray.CreateBuilder<BaselineTable>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "BaselineStratum") strata.Add(ReadStratum(e));
            else if (e.Name == "BaselineCell") all.Cells.Add((e.RequireNumber("time"), e.RequireNumber("cumHazard")));
        }
        if (all.Cells.Count > 0) strata.Add(all);
        return strata.DrainToImmutable();
    }

    private static BaselineTable ReadStratum(ElementReader e)
    {
        var table = new BaselineTable(e.Place, e.Require("value"), e.Number("maxTime"), []);
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "BaselineCell") table.Cells.Add((e.RequireNumber("time"), e.RequireNumber("cumHazard")));
        }
        if (table.Cells.Count == 0) throw table.Place.Fault("it has no BaselineCell");
        return table;
    }
}
