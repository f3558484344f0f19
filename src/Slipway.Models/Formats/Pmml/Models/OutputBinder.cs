using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Functions;

namespace Slipway.Models.Formats.Pmml.Models;

/// <summary>A model that can say more about its result than slots: it is asked first.</summary>
internal interface IOutputSource
{
    /// <returns>Null when the model has nothing special to say for this output.</returns>
    RowExpression? TryBind(OutputField field, ModelScope scope);
}

/// <summary>Output fields as expressions over a model's results (PMML 4.4.1, Output).</summary>
internal static class OutputBinder
{
    /// <param name="source">The model before its targets are applied.</param>
    public static ImmutableArray<BoundField> Bind(ModelScope scope, RowModel model, IOutputSource? source)
    {
        var fields = scope.Fields.Nested();
        var outputs = ImmutableArray.CreateBuilder<BoundField>();
        foreach (var field in scope.Header.Output)
        {
            var value = Value(field, scope, fields, model, source);
            var format = field.IsMultiValued ? DataType.Of(value.Type) : field.Format ?? DataType.Of(value.Type);
            value = Cast(value, format.Type, field, scope);
            if (value is not (SlotExpression or DerivedExpression or ConstantExpression)) value = new DerivedExpression(scope.Program.PendingSlot(), value);
            var bound = new BoundField(field.Name, value, field.OpType ?? OpTypes.Of(format.Type), format, []) { Reads = Dependence.Results };
            fields.Declare(bound);
            outputs.Add(bound);
        }
        return outputs.DrainToImmutable();
    }

    private static RowExpression Cast(RowExpression value, CellType type, OutputField field, ModelScope scope)
    {
        var cast = Casting.Cast(value, type, scope.Program.Symbols);
        var fits = ReferenceEquals(cast, value) || cast is ConstantExpression or SlotExpression || type == CellType.Text;
        return fits ? cast : new FittingExpression(field.Name, value, cast);
    }

    private static RowExpression Value(OutputField field, ModelScope scope, Scope fields, RowModel model, IOutputSource? source)
    {
        if (field.Feature is OutputFeature.TransformedValue or OutputFeature.Decision && field.Definition is { } definition) return field.Format is { } format ? definition.BindAs(format, fields) : definition.Bind(fields);
        if (source?.TryBind(field, scope) is { } special) return special;
        if (field.SegmentId is not null) throw field.Place.Fault($"the model has no segment '{field.SegmentId}'");
        return OfResult(field, scope, ResultOf(field, scope, model, out var target), target);
    }

    /// <summary>An output that a result's slots answer.</summary>
    public static RowExpression OfResult(OutputField field, ModelScope scope, ModelResult result, BoundTarget target)
    {
        switch (field.Feature)
        {
            case OutputFeature.PredictedValue:
                return new SlotExpression(result.Type, result.Predicted);
            case OutputFeature.PredictedDisplayValue:
                return new DisplayExpression(new SlotExpression(result.Type, result.Predicted), target.Displays, target.Format);
            case OutputFeature.Probability:
                return OfCategory(field, scope, result, target, result.Probabilities);
            case OutputFeature.Confidence:
                return OfCategory(field, scope, result, target, result.Confidences >= 0 ? result.Confidences : result.Probabilities);
            case OutputFeature.Affinity or OutputFeature.ClusterAffinity or OutputFeature.EntityAffinity:
                if (field.Value is null && result.RankCount > 0) return Ranked(field, result.RankedAffinities, result.RankCount, CellType.Float64);
                return OfCategory(field, scope, result, target, result.Affinities);
            case OutputFeature.EntityId or OutputFeature.ClusterId:
                if (result.RankCount > 0) return Ranked(field, result.RankedEntityIds, result.RankCount, CellType.Text);
                return result.EntityId >= 0 ? new SlotExpression(CellType.Text, result.EntityId) : new SlotExpression(result.Type, result.Predicted);
            case OutputFeature.ReasonCode:
                return Ranked(field, result.ReasonCodes, result.ReasonCodeCount, CellType.Text);
            case OutputFeature.Residual:
                return Residual(field, scope, result, target);
            case OutputFeature.StandardError when result.StandardError >= 0:
                return new SlotExpression(CellType.Float64, result.StandardError);
            case OutputFeature.StandardDeviation when result.StandardDeviation >= 0:
                return new SlotExpression(CellType.Float64, result.StandardDeviation);
            case OutputFeature.Warning:
                return new ConstantExpression(CellType.Text, Cell.Missing);
            case OutputFeature.Report:
                throw field.Place.Unsupported("the feature 'report', a vendor's trace of the arithmetic that the standard does not have,");
            default:
                throw field.Place.Unsupported($"the feature {field.Feature} of this model");
        }
    }

    private static ModelResult ResultOf(OutputField field, ModelScope scope, RowModel model, out BoundTarget target)
    {
        for (var i = 0; i < model.Results.Length; i++)
        {
            target = scope.Targets[i];
            if (field.TargetField is null || target.Name == field.TargetField) return model.Results[i];
        }
        throw field.Place.Fault($"targetField=\"{field.TargetField}\" is not a target of the model");
    }

    private static RowExpression OfCategory(OutputField field, ModelScope scope, ModelResult result, BoundTarget target, int first)
    {
        if (first < 0) throw field.Place.Fault($"the model has no {field.Feature.ToString().ToLowerInvariant()}");
        if (field.Value is null) return new WinnersExpression(result, first);
        var category = scope.Category(field.Value, field.Place, target);
        var index = result.Categories.IndexOf(category);
        return index >= 0 ? new SlotExpression(CellType.Float64, first + index) : new ConstantExpression(CellType.Float64, Cell.Missing);
    }

    private static RowExpression Ranked(OutputField field, int first, int count, CellType type)
    {
        if (first < 0) throw field.Place.Fault($"the model has no {field.Feature}");
        if (field.Rank < 1) throw field.Place.Fault($"rank=\"{field.Rank}\": ranks count from 1");
        return field.Rank <= count ? new SlotExpression(type, first + field.Rank - 1) : new ConstantExpression(type, Cell.Missing);
    }

    private static RowExpression Residual(OutputField field, ModelScope scope, ModelResult result, BoundTarget target)
    {
        var actual = scope.ActualTarget(target, field.Place).Value;
        if (result.Categories.IsEmpty) return new ResidualExpression(actual, result.Predicted);
        return new CategoryResidualExpression(actual, field.Value is null ? Cell.Missing : scope.Category(field.Value, field.Place, target), result);
    }

    /// <summary>A value as one of the output's type, where a row may have one that is none.</summary>
    private sealed class FittingExpression(string output, RowExpression value, RowExpression cast) : RowExpression(cast.Type)
    {
        public override double Evaluate(in Row row)
        {
            var cell = cast.Evaluate(row);
            return Cell.IsInvalid(cell) ? throw Misfit(row) : cell;
        }

        private RecordException Misfit(in Row row) =>
            new($"output '{output}': {DataType.Of(value.Type).Print(value.Evaluate(row), row.Texts)} is not {Casting.WithArticle(Type)}");
    }

    /// <summary>The winning category's number.</summary>
    private sealed class WinnersExpression(ModelResult result, int first) : RowExpression(CellType.Float64)
    {
        public override double Evaluate(in Row row)
        {
            var index = result.Categories.IndexOf(row[result.Predicted]);
            return index >= 0 ? row[first + index] : Cell.Missing;
        }
    }

    private sealed class DisplayExpression(RowExpression value, ImmutableDictionary<double, double> displays, CellFormat format) : RowExpression(CellType.Text)
    {
        public override double Evaluate(in Row row)
        {
            var cell = value.Evaluate(row);
            if (Cell.IsMissing(cell) || displays.TryGetValue(cell, out var display)) return Cell.IsMissing(cell) ? cell : displays[cell];
            return format.Type == CellType.Text ? cell : row.Texts.Intern(format.Print(cell, row.Texts));
        }
    }

    private sealed class ResidualExpression(RowExpression actual, int predicted) : RowExpression(CellType.Float64)
    {
        public override double Evaluate(in Row row)
        {
            var (expected, found) = (actual.Evaluate(row), row[predicted]);
            return Cell.IsMissing(expected) || Cell.IsMissing(found) ? Cell.Missing : expected - found;
        }
    }

    /// <summary>1 or 0 for whether the category is the actual one, less its probability.</summary>
    private sealed class CategoryResidualExpression(RowExpression actual, double category, ModelResult result) : RowExpression(CellType.Float64)
    {
        public override double Evaluate(in Row row)
        {
            var expected = actual.Evaluate(row);
            var of = Cell.IsMissing(category) ? row[result.Predicted] : category;
            var index = result.Categories.IndexOf(of);
            if (Cell.IsMissing(expected) || index < 0) return Cell.Missing;
            return (expected == of ? 1 : 0) - row[result.Probabilities + index];
        }
    }
}
