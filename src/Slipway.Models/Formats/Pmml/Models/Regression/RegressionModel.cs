using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Regressions;

namespace Slipway.Models.Formats.Pmml.Models.Regression;

/// <summary>The element <c>RegressionModel</c>: linear, polynomial and logistic regressions (PMML 4.4.1, Regression).</summary>
internal sealed class RegressionModel(ModelHeader header, Normalization normalization, ImmutableArray<RegressionTable> tables) : ModelElement(header)
{
    private static readonly Choices<Normalization> Normalizations = new(
        ("none", Normalization.None), ("simplemax", Normalization.SimpleMax), ("softmax", Normalization.SoftMax), ("logit", Normalization.Logit),
        ("probit", Normalization.Probit), ("cloglog", Normalization.CLogLog), ("exp", Normalization.Exp), ("loglog", Normalization.LogLog), ("cauchit", Normalization.Cauchit));

    public static RegressionModel Read(ElementReader e)
    {
        var header = new ModelHeader(e);
        var normalization = e.Choice("normalizationMethod", Normalizations, Normalization.None);
        var tables = ImmutableArray.CreateBuilder<RegressionTable>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (!header.TryRead(e) && e.Name == "RegressionTable") tables.Add(RegressionTable.Read(e));
        }
        if (tables.Count == 0) throw header.Place.Fault("it has no RegressionTable");
        return new RegressionModel(header, normalization, tables.DrainToImmutable());
    }

    public override RowModel Bind(ModelScope scope)
    {
        if (Header.Function == MiningFunction.Regression)
        {
            return new NumericRegression(scope.NumberResult(), tables[0].Bind(scope.Fields), normalization, Header.IsFloat);
        }
        var categories = ImmutableArray.CreateBuilder<double>();
        foreach (var table in tables)
        {
            categories.Add(scope.Category(table.TargetCategory ?? throw table.Place.Fault("a classification needs the attribute 'targetCategory'"), table.Place));
        }
        if (tables.Length == 1)
        {
            foreach (var category in scope.Target.Categories)
            {
                if (!categories.Contains(category)) categories.Add(category);
            }
            if (categories.Count != 2) throw Header.Place.Fault($"one RegressionTable decides between two categories, the target has {categories.Count}");
        }
        var result = scope.CategoryResult(categories.ToImmutable());
        return new CategoryRegression(result, [.. tables.Select(t => t.Bind(scope.Fields))], normalization, scope.Target.OpType == OpType.Ordinal, Header.IsFloat);
    }
}
