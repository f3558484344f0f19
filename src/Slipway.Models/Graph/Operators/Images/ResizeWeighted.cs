using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Weighs elements along one axis after the other: in double for double, else in float.</summary>
internal static class ResizeWeighted
{
    public static void Run(TensorValue input, TensorValue output, List<ResizeAxis> axes, float extrapolation)
    {
        if (input.Element == DataType.Float64) Run<double>(input, output, axes);
        else Run<float>(input, output, axes);
        Extrapolate(output, axes, extrapolation);
    }

    /// <summary>Writes the extrapolation value wherever an axis lies outside of the input.</summary>
    public static void Extrapolate(TensorValue output, List<ResizeAxis> axes, float value)
    {
        foreach (var axis in axes)
        {
            if (axis.Outside is not { } outside) continue;
            var inner = 1;
            for (var a = axis.Axis + 1; a < output.Rank; a++) inner *= (int)output[a];
            for (var at = 0; at < output.Count; at++)
            {
                if (outside[at / inner % axis.Output]) Numbers.Write(output, at, value);
            }
        }
    }

    private static void Run<T>(TensorValue input, TensorValue output, List<ResizeAxis> axes) where T : unmanaged, INumber<T>
    {
        Span<long> shape = stackalloc long[input.Rank];
        input.Shape.CopyTo(shape);
        // Axes that shrink come first: the least is left to do for the others.
        var order = axes.OrderBy(a => (double)a.Output / a.Input).ToArray();
        long most = input.Count, count = input.Count;
        foreach (var axis in order)
        {
            count = count / axis.Input * axis.Output;
            most = Math.Max(most, count);
        }
        if (most > int.MaxValue / 16) throw new RecordException($"resizing {input.Type} to {output.Type} goes through {most} elements: more than can be held");
        var first = ArrayPool<T>.Shared.Rent((int)most);
        var second = ArrayPool<T>.Shared.Rent((int)most);
        try
        {
            Numbers.Read(input, first.AsSpan(0, input.Count));
            foreach (var axis in order)
            {
                int outer = 1, inner = 1;
                for (var a = 0; a < axis.Axis; a++) outer *= (int)shape[a];
                for (var a = axis.Axis + 1; a < shape.Length; a++) inner *= (int)shape[a];
                Weigh<T>(first, second, outer, inner, axis);
                shape[axis.Axis] = axis.Output;
                (first, second) = (second, first);
            }
            Numbers.Write(first.AsSpan(0, output.Count), output);
        }
        finally
        {
            ArrayPool<T>.Shared.Return(first);
            ArrayPool<T>.Shared.Return(second);
        }
    }

    private static void Weigh<T>(ReadOnlySpan<T> source, Span<T> target, int outer, int inner, ResizeAxis axis) where T : unmanaged, INumber<T>
    {
        for (var o = 0; o < outer; o++)
        {
            var slice = source.Slice(o * axis.Input * inner, axis.Input * inner);
            for (var x = 0; x < axis.Output; x++)
            {
                var indices = axis.Indices.AsSpan(x * axis.Taps, axis.Taps);
                var weights = axis.Weights.AsSpan(x * axis.Taps, axis.Taps);
                var row = target.Slice(((o * axis.Output) + x) * inner, inner);
                if (inner == 1)
                {
                    var sum = T.Zero;
                    for (var t = 0; t < indices.Length; t++) sum += slice[indices[t]] * T.CreateTruncating(weights[t]);
                    row[0] = sum;
                    continue;
                }
                row.Clear();
                for (var t = 0; t < indices.Length; t++) AddScaled(slice.Slice(indices[t] * inner, inner), T.CreateTruncating(weights[t]), row);
            }
        }
    }

    private static void AddScaled<T>(ReadOnlySpan<T> source, T weight, Span<T> target) where T : unmanaged, INumber<T>
    {
        var vectors = MemoryMarshal.Cast<T, Vector<T>>(target);
        var factor = new Vector<T>(weight);
        var sources = MemoryMarshal.Cast<T, Vector<T>>(source);
        for (var i = 0; i < vectors.Length; i++) vectors[i] += sources[i] * factor;
        for (var i = vectors.Length * Vector<T>.Count; i < target.Length; i++) target[i] += source[i] * weight;
    }
}
