using System.Numerics;

namespace Slipway.Models.Kernels;

/// <summary>
/// Pooling as it is defined, for every element type: what the vector kernels are compared with, and what runs where they do not. Windows are left to right, top to
/// bottom, front to back; so are the elements under each.
/// </summary>
internal static class PoolingReference
{
    /// <summary>The largest element under each window, and where it is; NaN if any is, the least value where there is none.</summary>
    /// <param name="window">That moves over the planes.</param>
    /// <param name="planes">Items times channels.</param>
    /// <param name="input">All planes.</param>
    /// <param name="output">All planes.</param>
    /// <param name="indices">Empty, or for each output the position of its first largest element in the whole input.</param>
    /// <param name="columnMajor">Positions within a plane count the first spatial axis fastest: ONNX's <c>storage_order</c> 1.</param>
    public static void Max<T>(SpatialWindow window, int planes, ReadOnlySpan<T> input, Span<T> output, Span<long> indices, bool columnMajor)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        Require(window, planes, input.Length, output.Length);
        if (!indices.IsEmpty && indices.Length != output.Length) throw new ArgumentException($"a pooling of {output.Length} outputs has {indices.Length} indices", nameof(indices));
        // Floating-point types are below their least finite value before the first element.
        var least = T.IsNegativeInfinity(T.CreateSaturating(double.NegativeInfinity)) ? T.CreateSaturating(double.NegativeInfinity) : T.MinValue;
        var walk = new WindowWalk(window);
        for (var plane = 0; plane < planes; plane++)
        {
            var own = input.Slice(plane * window.InputPixels, window.InputPixels);
            for (var pixel = 0; pixel < window.OutputPixels; pixel++)
            {
                var largest = least;
                var at = -1;
                for (var more = walk.Begin(pixel); more; more = walk.Next())
                {
                    var element = own[walk.Position];
                    if (at >= 0 && !(element > largest) && !(T.IsNaN(element) && !T.IsNaN(largest))) continue;
                    largest = element;
                    at = walk.Position;
                }
                var target = (plane * window.OutputPixels) + pixel;
                output[target] = largest;
                if (!indices.IsEmpty) indices[target] = at < 0 ? -1 : ((long)plane * window.InputPixels) + (columnMajor ? ColumnMajor(window, at) : at);
            }
        }
    }

    /// <summary>The mean under each window: see <see cref="AveragePooling"/>.</summary>
    /// <typeparam name="T">Of the elements.</typeparam>
    /// <typeparam name="TSum">In which is added and divided.</typeparam>
    public static void Average<T, TSum>(SpatialWindow window, int planes, ReadOnlySpan<T> input, Span<T> output, bool countPadding)
        where T : unmanaged, INumberBase<T>
        where TSum : unmanaged, INumberBase<TSum>
    {
        Require(window, planes, input.Length, output.Length);
        var (depth, height, width) = (new WindowCounts(window.Depth, countPadding), new WindowCounts(window.Height, countPadding), new WindowCounts(window.Width, countPadding));
        var walk = new WindowWalk(window);
        for (var plane = 0; plane < planes; plane++)
        {
            var own = input.Slice(plane * window.InputPixels, window.InputPixels);
            for (var pixel = 0; pixel < window.OutputPixels; pixel++)
            {
                var sum = TSum.Zero;
                for (var more = walk.Begin(pixel); more; more = walk.Next()) sum += TSum.CreateTruncating(own[walk.Position]);
                var (line, x) = Math.DivRem(pixel, window.Width.Output);
                var (z, y) = Math.DivRem(line, window.Height.Output);
                var count = TSum.CreateTruncating((long)depth[z] * height[y] * width[x]);
                output[(plane * window.OutputPixels) + pixel] = T.CreateTruncating(sum / count);
            }
        }
    }

    /// <summary>The p-norm under each window: <c>(Σ |x|ᵖ)^(1/p)</c>.</summary>
    /// <param name="window">That moves over the planes.</param>
    /// <param name="planes">Items times channels.</param>
    /// <param name="input">All planes.</param>
    /// <param name="output">All planes.</param>
    /// <param name="p">At least 1 for a norm.</param>
    /// <typeparam name="T">Of the elements.</typeparam>
    /// <typeparam name="TSum">In which is added.</typeparam>
    public static void Norm<T, TSum>(SpatialWindow window, int planes, ReadOnlySpan<T> input, Span<T> output, TSum p)
        where T : unmanaged, INumberBase<T>
        where TSum : unmanaged, IFloatingPointIeee754<TSum>
    {
        Require(window, planes, input.Length, output.Length);
        var norm = new PowerNorm<TSum>(p);
        var walk = new WindowWalk(window);
        for (var plane = 0; plane < planes; plane++)
        {
            var own = input.Slice(plane * window.InputPixels, window.InputPixels);
            for (var pixel = 0; pixel < window.OutputPixels; pixel++)
            {
                var sum = TSum.Zero;
                for (var more = walk.Begin(pixel); more; more = walk.Next()) sum += norm.Term(TSum.CreateTruncating(own[walk.Position]));
                output[(plane * window.OutputPixels) + pixel] = T.CreateTruncating(norm.Root(sum));
            }
        }
    }

    /// <summary>What must hold before a pooling starts.</summary>
    public static void Require(SpatialWindow window, int planes, int input, int output)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(planes);
        if (input != (long)planes * window.InputPixels) throw new ArgumentException($"a pooling of {planes} planes takes {(long)planes * window.InputPixels} elements and has {input}", nameof(input));
        if (output != (long)planes * window.OutputPixels) throw new ArgumentException($"a pooling of {planes} planes gives {(long)planes * window.OutputPixels} elements and has room for {output}", nameof(output));
    }

    private static long ColumnMajor(SpatialWindow window, int position)
    {
        var (line, x) = Math.DivRem(position, window.Width.Input);
        var (z, y) = Math.DivRem(line, window.Height.Input);
        return z + ((long)window.Depth.Input * (y + ((long)window.Height.Input * x)));
    }
}
