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
        if (Header.Function == MiningFunction.Regression) return BindNumber(scope);
        if (normalization == Normalization.Exp) throw Header.Place.Fault("normalizationMethod=\"exp\" gives no probabilities; it is for regressions");
        var predictors = tables.Select(t => t.Bind(scope.Fields)).ToImmutableArray();
        var result = scope.CategoryResult(BindCategories(scope));
        var (link, shape) = Shape(scope.Target.OpType == OpType.Ordinal, predictors, result.Categories.Length);
        return new CategoryRegression(result, predictors, link, shape, Header.IsFloat);
    }

    private NumericRegression BindNumber(ModelScope scope)
    {
        if (tables.Length != 1) throw Header.Place.Fault($"a regression has one RegressionTable; {tables.Length} are there");
        if (normalization == Normalization.SimpleMax) throw Header.Place.Fault("normalizationMethod=\"simplemax\" is for classifications");
        return new NumericRegression(scope.NumberResult(), tables[0].Bind(scope.Fields), normalization, Header.IsFloat);
    }

    /// <summary>Those of the tables; a single table decides between its own category and the target's other one.</summary>
    private ImmutableArray<double> BindCategories(ModelScope scope)
    {
        var categories = ImmutableArray.CreateBuilder<double>();
        foreach (var table in tables)
        {
            var category = scope.Category(table.TargetCategory ?? throw table.Place.Fault("a classification needs the attribute 'targetCategory'"), table.Place);
            if (categories.Contains(category)) throw table.Place.Fault($"targetCategory=\"{table.TargetCategory}\" has a RegressionTable already");
            categories.Add(category);
        }
        if (tables.Length == 1)
        {
            foreach (var category in scope.Target.Categories)
            {
                if (!categories.Contains(category)) categories.Add(category);
            }
            if (categories.Count != 2) throw Header.Place.Fault($"one RegressionTable decides between two categories, the target has {categories.Count}");
        }
        return categories.DrainToImmutable();
    }

    /// <summary>
    /// A softmax against a category whose sum is always 0 is a logistic regression; so is the softmax of a single table, which older files have.
    /// </summary>
    private (Normalization Link, CategoryShape Shape) Shape(bool isOrdinal, ImmutableArray<LinearPredictor> predictors, int categories)
    {
        if (normalization is Normalization.SoftMax or Normalization.SimpleMax)
        {
            if (isOrdinal && categories > 2) throw Header.Place.Fault("softmax and simplemax are not for ordinal targets");
            if (normalization == Normalization.SimpleMax || categories > 2) return (normalization, CategoryShape.Nominal);
            return predictors.Length == 1 || predictors[1].IsZero ? (Normalization.Logit, CategoryShape.Binary) : (normalization, CategoryShape.Nominal);
        }
        return (normalization, categories == 2 ? CategoryShape.Binary : isOrdinal ? CategoryShape.Ordinal : CategoryShape.Nominal);
    }
}
