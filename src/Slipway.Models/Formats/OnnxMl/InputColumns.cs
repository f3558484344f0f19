using System.Collections.Immutable;
using System.Numerics;
using Slipway.Core;
using Slipway.Models.Trees.Features;

namespace Slipway.Models.Formats.OnnxMl;

/// <summary>Neighbouring columns of one input, and what becomes of their values before the ensemble reads them.</summary>
/// <param name="Input">By name.</param>
/// <param name="First">Of the columns.</param>
/// <param name="Count">-1: as many as the input has.</param>
/// <param name="ToSingle">Values are rounded to float32 first.</param>
/// <param name="Steps">Applied then, one after the other.</param>
internal sealed record InputColumns(string Input, int First, int Count, bool ToSingle, ImmutableArray<ColumnStep> Steps)
{
    /// <summary>Some of the columns.</summary>
    public InputColumns Slice(int from, int count) => this with { First = First + from, Count = count, Steps = [.. Steps.Select(s => s.Slice(from, count))] };
}

/// <summary>A function of the values of columns; values are float32 inside of float64.</summary>
internal abstract record ColumnStep
{
    public abstract double Apply(double value, int column);

    /// <summary>The function of some of the columns.</summary>
    public abstract ColumnStep Slice(int from, int count);

    protected static float[] Sliced(float[] values, int from, int count) => values.Length == 1 ? values : values.AsSpan(from, count).ToArray();
}

/// <summary>Scaler: (value - offset) × scale. One of each, or as many as there are columns.</summary>
internal sealed record ScaleStep(float[] Offsets, float[] Scales) : ColumnStep
{
    public override double Apply(double value, int column) =>
        ((float)value - Offsets[Offsets.Length == 1 ? 0 : column]) * Scales[Scales.Length == 1 ? 0 : column];

    public override ColumnStep Slice(int from, int count) => new ScaleStep(Sliced(Offsets, from, count), Sliced(Scales, from, count));
}

/// <summary>Imputer: another value in the place of one, or of NaN. One for all, or as many as there are columns.</summary>
internal sealed record ImputeStep(float Replaced, float[] Values) : ColumnStep
{
    public override double Apply(double value, int column) =>
        (float.IsNaN(Replaced) ? double.IsNaN(value) : value == Replaced) ? Values[Values.Length == 1 ? 0 : column] : value;

    public override ColumnStep Slice(int from, int count) => this with { Values = Sliced(Values, from, count) };
}

/// <summary>Gathers a kernel's rows from columns of inputs, and adds the places of values that are compared for equality.</summary>
/// <param name="blocks">One after the other they are the row; only a single one may be of unknown width.</param>
/// <param name="columns">Of all blocks; with an unknown width those that splits look at.</param>
internal sealed class InputColumnsEncoder(ImmutableArray<InputColumns> blocks, int columns, CategoryFeatures categories)
    : FeatureEncoder(columns + categories.Count)
{
    public override void Encode<T>(Batch inputs, int first, Span<T> rows)
    {
        var at = 0;
        foreach (var block in blocks)
        {
            var count = block.Count < 0 ? columns : block.Count;
            Encode(block, inputs[block.Input], first, rows, at, count);
            at += count;
        }
        if (categories.Count > 0) categories.Encode(rows);
    }

    private void Encode<T>(InputColumns block, Tensor input, int first, Span<T> rows, int at, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (input.Stride < block.First + count) throw new RecordException($"input '{input.Name}' has {input.Stride} columns, {block.First + count} expected");
        if (input.HasMissing && input.Type is not (ElementType.Float32 or ElementType.Float64)) throw new RecordException($"input '{input.Name}' has a missing value, which {input.Type.ProtocolName} cannot hold; fill it before the model");
        switch (input.Type)
        {
            case ElementType.Float32: Encode<float, T>(block, input, first, rows, at, count); break;
            case ElementType.Float64: Encode<double, T>(block, input, first, rows, at, count); break;
            case ElementType.Int32: Encode<int, T>(block, input, first, rows, at, count); break;
            default: Encode<long, T>(block, input, first, rows, at, count); break;
        }
    }

    private void Encode<TFrom, T>(InputColumns block, Tensor input, int first, Span<T> rows, int at, int count)
        where TFrom : unmanaged, INumberBase<TFrom>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = input.Values<TFrom>();
        var (stride, hasMissing) = (input.Stride, input.HasMissing);
        var from = (first * stride) + block.First;
        for (var row = at; row < rows.Length; row += Features, from += stride)
        {
            for (var c = 0; c < count; c++)
            {
                var value = hasMissing && input.IsMissing(from + c) ? double.NaN
                    : block.ToSingle ? float.CreateTruncating(values[from + c])
                    : double.CreateTruncating(values[from + c]);
                foreach (var step in block.Steps) value = step.Apply(value, c);
                rows[row + c] = T.CreateTruncating(value);
            }
        }
    }
}
