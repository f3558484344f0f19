using System.Reflection;
using Slipway.Models.Kernels;

namespace Slipway.Tests.Models.Kernels;

/// <summary>Every width gives the same bits, at every position of a span. Machines without vectors run the code of 128 bits in software.</summary>
public sealed class VectorWidthTests
{
    public static TheoryData<string> Names => [.. typeof(Functions).GetNestedTypes(BindingFlags.Public).Where(t => t != typeof(Functions.Pow) && t != typeof(Functions.PowForSingle)).Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Function_has_the_same_bits_in_every_width_and_at_every_position(string name)
    {
        var function = typeof(Functions).GetNestedType(name)!;
        foreach (var element in new[] { typeof(float), typeof(double) })
        {
            if (!typeof(IFunction<>).MakeGenericType(element).IsAssignableFrom(function)) continue;
            typeof(VectorWidthTests).GetMethod(nameof(Compare), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(function, element).Invoke(null, [element == typeof(float) ? Singles() : Doubles()]);
        }
    }

    [Fact]
    public void Power_has_the_same_bits_in_every_width_and_at_every_position()
    {
        var x = Doubles();
        var y = Doubles();
        Array.Reverse(y);
        double[] wide = new double[x.Length], middle = new double[x.Length], narrow = new double[x.Length];
        FunctionMap.Map<Functions.Pow, double, SimdVector512<double>>(x, y, wide);
        FunctionMap.Map<Functions.Pow, double, SimdVector256<double>>(x, y, middle);
        FunctionMap.Map<Functions.Pow, double, SimdVector128<double>>(x, y, narrow);
        RequireSame(wide, middle);
        RequireSame(wide, narrow);
        for (var i = 0; i < 200; i++)
        {
            FunctionMap.Map<Functions.Pow, double>(x.AsSpan(i, 5), y.AsSpan(i, 5), narrow.AsSpan(0, 5));
            RequireSame<double>(wide.AsSpan(i, 5), narrow.AsSpan(0, 5));
        }
    }

    [Fact]
    public void Float32_computed_in_float64_has_the_same_bits_in_every_width()
    {
        var x = Singles();
        float[] wide = new float[x.Length], middle = new float[x.Length], narrow = new float[x.Length];
        WideFunctionMap.Map<Functions.Atan, SimdVector512<double>>(x, wide);
        WideFunctionMap.Map<Functions.Atan, SimdVector256<double>>(x, middle);
        WideFunctionMap.Map<Functions.Atan, SimdVector128<double>>(x, narrow);
        RequireSame(wide, middle);
        RequireSame(wide, narrow);
        WideFunctionMap.Map<Functions.PowForSingle, SimdVector512<double>>(x, x, wide);
        WideFunctionMap.Map<Functions.PowForSingle, SimdVector256<double>>(x, x, middle);
        WideFunctionMap.Map<Functions.PowForSingle, SimdVector128<double>>(x, x, narrow);
        RequireSame(wide, middle);
        RequireSame(wide, narrow);
    }

    [Fact]
    public void Functions_allocate_nothing()
    {
        float[] x = new float[1003], y = new float[1003];
        VectorMath.Gelu(x, y);
        VectorMath.Pow(x, y, y);
        VectorMath.Sin([1e30f], y.AsSpan(0, 1));
        var before = GC.GetAllocatedBytesForCurrentThread();
        VectorMath.Gelu(x, y);
        VectorMath.Pow(x, y, y);
        x[5] = 1e30f;
        VectorMath.Sin(x, y);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Compare<TFunction, T>(T[] x)
        where TFunction : struct, IFunction<T>
        where T : unmanaged
    {
        T[] wide = new T[x.Length], middle = new T[x.Length], narrow = new T[x.Length];
        FunctionMap.Map<TFunction, T, SimdVector512<T>>(x, wide);
        FunctionMap.Map<TFunction, T, SimdVector256<T>>(x, middle);
        FunctionMap.Map<TFunction, T, SimdVector128<T>>(x, narrow);
        RequireSame(wide, middle);
        RequireSame(wide, narrow);
        for (var length = 1; length < 40; length++)
        {
            var start = length * 31;
            var part = x.AsSpan(start, length).ToArray();
            FunctionMap.Map<TFunction, T>(part, part);
            RequireSame<T>(wide.AsSpan(start, length), part);
        }
    }

    private static void RequireSame<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual)
        where T : unmanaged
    {
        for (var i = 0; i < expected.Length; i++)
        {
            // Equals takes every NaN as one, and zeros of both signs too.
            if (!expected[i].Equals(actual[i])) Assert.Fail($"{actual[i]} at {i}, expected {expected[i]}");
            if (Convert.ToDouble(expected[i]) == 0) Assert.Equal(double.IsNegative(Convert.ToDouble(expected[i])), double.IsNegative(Convert.ToDouble(actual[i])));
        }
    }

    private static void RequireSame<T>(T[] expected, T[] actual)
        where T : unmanaged => RequireSame<T>(expected.AsSpan(), actual.AsSpan());

    private static float[] Singles()
    {
        var random = new Random(3);
        var x = new float[8013];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = (i % 2) == 0 ? (float)((random.NextDouble() - 0.5) * 40) : BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
        }
        return x;
    }

    private static double[] Doubles()
    {
        var random = new Random(4);
        var x = new double[8013];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = (i % 2) == 0 ? (random.NextDouble() - 0.5) * 40 : BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
        }
        return x;
    }
}
