using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Core.Specs;

namespace Slipway.Pipelines.Steps;

[Summary("Either mean and std, or min and max: what the lab computed on the training data.")]
public sealed record Scaling(
    [Summary("Subtracted first.")] double? Mean = null,
    [Summary("Then divided by this; more than zero.")] double? Std = null,
    [Summary("Becomes 0.")] double? Min = null,
    [Summary("Becomes 1; more than min.")] double? Max = null)
{
    /// <summary>What is subtracted first.</summary>
    internal double Offset { get; } = (Mean, Std, Min, Max) switch
    {
        ({ } mean, { } std, null, null) when double.IsFinite(mean) && std > 0 && double.IsFinite(std) => mean,
        (null, null, { } min, { } max) when max > min && double.IsFinite(max - min) => min,
        (_, <= 0, _, _) => throw new FormatException("std must be more than zero"),
        (_, _, { } min, { } max) when max <= min => throw new FormatException("max must be more than min"),
        _ => throw new FormatException("give mean and std, or min and max, as finite numbers"),
    };

    /// <summary>Then divided by this.</summary>
    internal double Divisor => Std ?? Max!.Value - Min!.Value;
}

[Component("scale")]
[Summary("Computes (x - mean) / std, or (x - min) / (max - min), in 64-bit floating point; the column becomes a number. Missing values stay missing.")]
[Example("prepare: [ { scale: { temp: { mean: 20.4, std: 7.8 }, hum: { min: 0, max: 100 } } } ]")]
public sealed record Scale([Body, Summary("For each column its scaling.")] OrderedDictionary<string, Scaling> Columns) : StepSpec
{
    public override IStep Bind(TableSchema input)
    {
        var binder = new StepBinder(input);
        var scalings = ImmutableArray.CreateBuilder<Linear>();
        if (Columns.Count == 0) binder.Problem("", "name at least one column");
        foreach (var (name, scaling) in Columns)
        {
            binder.Numbers(name, name);
            scalings.Add(new Linear(name, scaling.Offset, scaling.Divisor));
        }
        binder.ThrowIfAny();
        return new Step(scalings.ToImmutable(), StepBinder.With(input, Columns.Keys.Select(name => new ColumnSpec(name, ElementType.Float64))));
    }

    private readonly record struct Linear(string Column, double Offset, double Divisor);

    private sealed class Step(ImmutableArray<Linear> scalings, TableSchema output) : IStep
    {
        public TableSchema Output => output;

        public void Apply(Batch rows, RowFaults faults)
        {
            foreach (var scaling in scalings)
            {
                var scaled = rows[scaling.Column].ConvertTo(ElementType.Float64);
                foreach (ref var value in scaled.Values<double>()) value = (value - scaling.Offset) / scaling.Divisor;
                rows.Set(scaled);
            }
        }
    }
}
