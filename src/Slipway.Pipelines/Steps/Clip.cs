using System.Collections.Immutable;
using System.Numerics;
using Slipway.Core;
using Slipway.Core.Specs;

namespace Slipway.Pipelines.Steps;

[Summary("Bounds, both included; one of them may be absent.")]
public sealed record ClipBounds([Summary("Smaller values become this.")] double? Min = null, [Summary("Larger values become this.")] double? Max = null)
{
    /// <exception cref="FormatException">Neither bound is given, or they are the wrong way round.</exception>
    public double? Min { get; } =
        Min is null && Max is null ? throw new FormatException("give min, max or both")
        : double.IsNaN(Min ?? 0) || double.IsNaN(Max ?? 0) ? throw new FormatException("a bound is a number")
        : Min > Max ? throw new FormatException("min is above max")
        : Min;
}

[Component("clip")]
[Summary("Moves values outside the bounds onto the nearer bound. The type stays; missing values and NaN stay what they are.")]
[Example("prepare: [ { clip: { temp: { min: -30, max: 45 }, windspeed: { max: 60 } } } ]")]
public sealed record Clip([Body, Summary("For each column its bounds.")] OrderedDictionary<string, ClipBounds> Columns) : StepSpec
{
    public override IStep Bind(TableSchema input)
    {
        var binder = new StepBinder(input);
        var clips = ImmutableArray.CreateBuilder<KeyValuePair<string, ClipBounds>>();
        if (Columns.Count == 0) binder.Problem("", "name at least one column");
        foreach (var (name, bounds) in Columns)
        {
            if (binder.Numbers(name, name) is not { } column) continue;
            if (!column.Type.IsFloat)
            {
                RequireWhole(binder, name, "min", bounds.Min, column.Type);
                RequireWhole(binder, name, "max", bounds.Max, column.Type);
            }
            clips.Add(new(name, bounds));
        }
        binder.ThrowIfAny();
        return new Step(clips.ToImmutable(), input);
    }

    private static void RequireWhole(StepBinder binder, string name, string field, double? bound, ElementType type)
    {
        if (bound is { } value && !double.IsInteger(value)) binder.Problem($"{name}.{field}", $"column '{name}' holds {type.ProtocolName}: a whole bound is needed, or cast it to number first");
    }

    private sealed class Step(ImmutableArray<KeyValuePair<string, ClipBounds>> clips, TableSchema schema) : IStep
    {
        public TableSchema Output => schema;

        public void Apply(Batch rows, RowFaults faults)
        {
            foreach (var (name, bounds) in clips)
            {
                var column = rows[name];
                switch (column.Type)
                {
                    case ElementType.UInt8: Move<byte>(column, bounds); break;
                    case ElementType.UInt16: Move<ushort>(column, bounds); break;
                    case ElementType.UInt32: Move<uint>(column, bounds); break;
                    case ElementType.UInt64: Move<ulong>(column, bounds); break;
                    case ElementType.Int8: Move<sbyte>(column, bounds); break;
                    case ElementType.Int16: Move<short>(column, bounds); break;
                    case ElementType.Int32: Move<int>(column, bounds); break;
                    case ElementType.Int64: Move<long>(column, bounds); break;
                    case ElementType.Float16: Move<Half>(column, bounds); break;
                    case ElementType.Float32: Move<float>(column, bounds); break;
                    default: Move<double>(column, bounds); break;
                }
            }
        }

        private static void Move<T>(Tensor column, ClipBounds bounds) where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var min = bounds.Min is { } low ? T.CreateSaturating(low) : T.MinValue;
            var max = bounds.Max is { } high ? T.CreateSaturating(high) : T.MaxValue;
            var values = column.Values<T>();
            for (var i = 0; i < values.Length; i++)
            {
                if (column.HasMissing && column.IsMissing(i)) continue;
                if (values[i] < min && bounds.Min is not null) values[i] = min;
                else if (values[i] > max && bounds.Max is not null) values[i] = max;
            }
        }
    }
}
