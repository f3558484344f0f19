using System.Collections.Immutable;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Models;

/// <summary>The target that a model predicts.</summary>
/// <param name="Name">Null when the file does not name it.</param>
/// <param name="Categories">The values it may take, as cells; empty when the file lists none.</param>
/// <param name="Displays">What people call the categories, by cell, as symbols.</param>
internal sealed record BoundTarget(string? Name, CellFormat Format, Fields.OpType OpType, ImmutableArray<double> Categories, ImmutableDictionary<double, double> Displays, Target? Treatment)
{
    /// <summary>The column that a result of a target without a name goes to.</summary>
    public const string DefaultName = "_target";
}

internal static class TargetedModel
{
    /// <summary>Puts what the target says behind one of a model's results.</summary>
    public static RowModel Bind(RowModel model, int index, Target treatment, ModelScope scope)
    {
        var result = model.Results[index];
        if (result.Categories.IsEmpty) return new RescaledModel(model, result, treatment, scope.Header.IsFloat);
        if (result.Probabilities < 0 || treatment.Values.All(v => v.PriorProbability is null)) return model;
        var priors = new double[result.Categories.Length];
        priors.AsSpan().Fill(Cell.Missing);
        foreach (var value in treatment.Values)
        {
            var category = value.Value is null ? -1 : result.Categories.IndexOf(scope.Category(value.Value, value.Place, scope.Targets[index]));
            if (category >= 0 && value.PriorProbability is { } prior) priors[category] = prior;
        }
        var sum = priors.Where(p => !Cell.IsMissing(p)).Sum();
        return sum > 0 ? new PriorModel(model, result, [.. priors.Select(p => Cell.IsMissing(p) ? p : p / sum)]) : model;
    }
}

/// <summary>A model whose result is changed once it is there.</summary>
internal abstract class FinishedModel(RowModel model) : WrappedModel(model)
{
    public sealed override void Score(in Row row)
    {
        Model.Score(row);
        Finish(row);
    }

    public sealed override void ScoreBlock(in RowBlock block)
    {
        Model.ScoreBlock(block);
        for (var i = 0; i < block.Count; i++) Finish(block[i]);
    }

    protected abstract void Finish(in Row row);
}

/// <summary>A number with its target's limits and scale applied, in the order of the standard: min, max, factor, constant, cast (PMML 4.4.1, Targets).</summary>
internal sealed class RescaledModel : FinishedModel
{
    private readonly ModelResult _result;
    private readonly bool _isFloat;
    private readonly Target _target;
    private readonly double _min;
    private readonly double _max;
    private readonly double _default;

    public RescaledModel(RowModel model, ModelResult result, Target target, bool isFloat) : base(model)
    {
        _result = result;
        _target = target;
        _isFloat = isFloat;
        _min = target.Min ?? double.NegativeInfinity;
        _max = target.Max ?? double.PositiveInfinity;
        _default = target.Values.FirstOrDefault(v => v.Default is not null)?.Default ?? Cell.Missing;
    }

    protected override void Finish(in Row row)
    {
        ref var predicted = ref row[_result.Predicted];
        if (Cell.IsMissing(predicted)) predicted = _default;
        if (!Cell.IsMissing(predicted)) predicted = Rescale(predicted);
    }

    private double Rescale(double value)
    {
        if (value < _min) value = _min;
        else if (value > _max) value = _max;
        if (_isFloat)
        {
            var single = (float)value;
            if (_target.RescaleFactor != 1) single *= (float)_target.RescaleFactor;
            if (_target.RescaleConstant != 0) single += (float)_target.RescaleConstant;
            value = single;
        }
        else
        {
            value = (value * _target.RescaleFactor) + _target.RescaleConstant;
        }
        return _target.Cast switch
        {
            IntegerCast.Round => Round(value),
            IntegerCast.Ceiling => Math.Ceiling(value),
            IntegerCast.Floor => Math.Floor(value),
            _ => value,
        };
    }

    /// <summary>Halves go up. Adding a half to the value itself would round twice.</summary>
    private static double Round(double value)
    {
        var floor = Math.Floor(value);
        return value - floor >= 0.5 ? floor + 1 : floor;
    }
}

/// <summary>When a category cannot be predicted: the prior probabilities, which sum to 1, and the most probable category by them.</summary>
internal sealed class PriorModel(RowModel model, ModelResult result, ImmutableArray<double> priors) : FinishedModel(model)
{
    private readonly double _favourite = Favourite(result, priors);

    protected override void Finish(in Row row)
    {
        ref var predicted = ref row[result.Predicted];
        if (!Cell.IsMissing(predicted)) return;
        predicted = _favourite;
        priors.CopyTo(row.Cells[result.Probabilities..]);
    }

    private static double Favourite(ModelResult result, ImmutableArray<double> priors)
    {
        var best = -1;
        for (var i = 0; i < priors.Length; i++)
        {
            if (!Cell.IsMissing(priors[i]) && (best < 0 || priors[i] > priors[best])) best = i;
        }
        return best < 0 ? Cell.Missing : result.Categories[best];
    }
}
