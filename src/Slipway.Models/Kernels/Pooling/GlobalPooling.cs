using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>
/// One number for each plane, whatever its spatial axes are. Sums of float32 run in sixteen lanes, element i in lane i mod 16, which are then added in halves; so the
/// bits are the same for every vector width. Other types are added in order.
/// </summary>
internal static class GlobalPooling
{
    private const int Lanes = 16;

    /// <summary>The mean of each plane.</summary>
    /// <param name="planes">Items times channels.</param>
    /// <param name="input">Planes side by side, of the same length.</param>
    /// <param name="output">One value for each plane.</param>
    public static void Average(int planes, ReadOnlySpan<float> input, Span<float> output)
    {
        var pixels = Pixels(planes, input.Length, output.Length);
        for (var plane = 0; plane < planes; plane++) output[plane] = Sum(input[(plane * pixels)..], pixels) / pixels;
    }

    /// <inheritdoc cref="Average(int, ReadOnlySpan{float}, Span{float})"/>
    /// <typeparam name="T">Of the elements.</typeparam>
    /// <typeparam name="TSum">In which is added and divided.</typeparam>
    public static void Average<T, TSum>(int planes, ReadOnlySpan<T> input, Span<T> output)
        where T : unmanaged, INumberBase<T>
        where TSum : unmanaged, INumberBase<TSum>
    {
        var pixels = Pixels(planes, input.Length, output.Length);
        for (var plane = 0; plane < planes; plane++)
        {
            var sum = TSum.Zero;
            foreach (var element in input.Slice(plane * pixels, pixels)) sum += TSum.CreateTruncating(element);
            output[plane] = T.CreateTruncating(sum / TSum.CreateTruncating(pixels));
        }
    }

    /// <summary>The largest element of each plane; NaN if any is.</summary>
    /// <inheritdoc cref="Average(int, ReadOnlySpan{float}, Span{float})"/>
    public static void Max<T>(int planes, ReadOnlySpan<T> input, Span<T> output)
        where T : unmanaged, INumber<T>
    {
        var pixels = Pixels(planes, input.Length, output.Length);
        for (var plane = 0; plane < planes; plane++) output[plane] = TensorPrimitives.Max(input.Slice(plane * pixels, pixels));
    }

    /// <summary>The p-norm of each plane.</summary>
    /// <inheritdoc cref="PoolingReference.Norm"/>
    public static void Norm<T, TSum>(int planes, ReadOnlySpan<T> input, Span<T> output, TSum p)
        where T : unmanaged, INumberBase<T>
        where TSum : unmanaged, IFloatingPointIeee754<TSum>
    {
        var pixels = Pixels(planes, input.Length, output.Length);
        var norm = new PowerNorm<TSum>(p);
        for (var plane = 0; plane < planes; plane++)
        {
            var sum = TSum.Zero;
            foreach (var element in input.Slice(plane * pixels, pixels)) sum += norm.Term(TSum.CreateTruncating(element));
            output[plane] = T.CreateTruncating(norm.Root(sum));
        }
    }

    /// <param name="values">A plane, and what lies behind it.</param>
    /// <param name="count">Elements of the plane.</param>
    private static float Sum(ReadOnlySpan<float> values, int count)
    {
        var lanes = Vector512<float>.Zero;
        var i = 0;
        for (; i <= count - Lanes; i += Lanes) lanes += Vector512.Create(values[i..]);
        if (i < count)
        {
            var rest = values.Length - i >= Lanes ? Vector512.Create(values[i..]) : Rest(values[i..]);
            lanes += rest & Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count - i)).AsSingle();
        }
        var eight = lanes.GetLower() + lanes.GetUpper();
        var four = eight.GetLower() + eight.GetUpper();
        return (four[0] + four[2]) + (four[1] + four[3]);
    }

    private static Vector512<float> Rest(ReadOnlySpan<float> values)
    {
        Span<float> rest = stackalloc float[Lanes];
        values.CopyTo(rest);
        return Vector512.Create<float>(rest);
    }

    private static int Pixels(int planes, int input, int output)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(planes);
        if (output != planes) throw new ArgumentException($"{planes} planes give as many values, not {output}", nameof(output));
        if (planes == 0) return 0;
        if (input == 0 || input % planes != 0) throw new ArgumentException($"{input} elements cannot be divided into {planes} planes", nameof(input));
        return input / planes;
    }
}
