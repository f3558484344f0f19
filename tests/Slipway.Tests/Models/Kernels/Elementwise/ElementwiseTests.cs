using System.Numerics;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Tests.Models.Kernels;

public sealed class ElementwiseTests
{
    [Fact]
    public void Vector_and_scalar_forms_of_binary_operators_give_the_same_bits()
    {
        Compare<float>(Singles());
        Compare<double>(Array.ConvertAll(Singles(), x => (double)x));
        Compare<sbyte>(Integers<sbyte>());
        Compare<short>(Integers<short>());
        Compare<int>(Integers<int>());
        Compare<long>(Integers<long>());
        Compare<byte>(Integers<byte>());
        Compare<ushort>(Integers<ushort>());
        Compare<uint>(Integers<uint>());
        Compare<ulong>(Integers<ulong>());
    }

    [Fact]
    public void Extremes_of_floats_are_not_numbers_when_an_operand_is_not()
    {
        float[] a = [1, float.NaN, 0, -0f, 1, 1, 1, 1, float.NaN], b = [float.NaN, 1, -0f, 0, 1, 1, 1, 1, 1], y = new float[9];
        Elementwise.Run<float, MaxOperator<float>>(a, b, y);
        Assert.True(float.IsNaN(y[0]) && float.IsNaN(y[1]) && float.IsNaN(y[8]) && float.IsPositive(y[2]) && float.IsPositive(y[3]));
        Elementwise.Run<float, MinOperator<float>>(a, b, y);
        Assert.True(float.IsNaN(y[0]) && float.IsNaN(y[1]) && float.IsNaN(y[8]) && float.IsNegative(y[2]) && float.IsNegative(y[3]));
    }

    [Fact]
    public void Integers_divide_towards_zero_and_never_fault()
    {
        var y = new int[4];
        Elementwise.Run<int, DivOperator<int>>([7, -7, int.MinValue, 7], [-2, 2, -1, 7], y);
        Assert.Equal([-3, -3, int.MinValue, 1], y);
        Elementwise.Run<int, ModOperator<int>>([7, -7, int.MinValue, -7], [-3, 3, -1, -3], y);
        Assert.Equal([-2, 2, 0, -1], y);
        Elementwise.Run<int, FmodOperator<int>>([7, -7, int.MinValue, -7], [-3, 3, -1, -3], y);
        Assert.Equal([1, -1, 0, -1], y);
        Assert.Throws<RecordException>(() => Elementwise.Run<int, DivOperator<int>>([1], [0], new int[1]));
        Assert.Throws<RecordException>(() => Elementwise.Run<byte, ModOperator<byte>>([1], [0], new byte[1]));
        Elementwise.Run<float, FmodOperator<float>>([5.5f, -5.5f], [2, 2], new float[2]);
    }

    [Fact]
    public void Shifts_by_all_bits_leave_none()
    {
        var y = new byte[4];
        Elementwise.Run<byte, ShiftLeftOperator<byte>>([255, 255, 255, 1], [1, 7, 8, 200], y);
        Assert.Equal([254, 128, 0, 0], y);
        Elementwise.Run<byte, ShiftRightOperator<byte>>([255, 255, 255, 1], [1, 7, 8, 200], y);
        Assert.Equal([127, 1, 0, 0], y);
    }

    [Fact]
    public void Comparisons_with_what_is_not_a_number_are_false()
    {
        var plan = new BroadcastPlan([4], [1], [4]);
        var y = new byte[4];
        Elementwise.Run<float, byte, LessOperator<float>>(plan, [1, 2, 3, float.NaN], [2], y);
        Assert.Equal([1, 0, 0, 0], y);
        Elementwise.Run<float, byte, GreaterOrEqualOperator<float>>(plan, [1, 2, 3, float.NaN], [2], y);
        Assert.Equal([0, 1, 1, 0], y);
        Elementwise.Run<float, byte, EqualOperator<float>>(plan, [1, 2, 3, float.NaN], [float.NaN], y);
        Assert.Equal([0, 0, 0, 0], y);
        Elementwise.Run<float, byte, LessOrEqualOperator<float>>(plan, [1, 2, 3, 4], [2], y);
        Assert.Equal([1, 1, 0, 0], y);
        Elementwise.Run<float, byte, GreaterOperator<float>>(plan, [1, 2, 3, 4], [2], y);
        Assert.Equal([0, 0, 1, 1], y);
    }

    [Fact]
    public void Unary_operators_are_those_of_the_definition()
    {
        var x = Singles();
        var y = new float[x.Length];
        Check<FloorOperator>(MathF.Floor);
        Check<CeilOperator>(MathF.Ceiling);
        Check<RoundOperator>(MathF.Round);
        Check<SqrtOperator>(MathF.Sqrt);
        Check<ReciprocalOperator>(v => 1 / v);
        Check<AbsOperator<float>>(MathF.Abs);
        Check<NegOperator<float>>(v => -v);
        Check<SignOperator<float>>(v => float.IsNaN(v) ? v : MathF.Sign(v));
        var smallest = new int[1];
        Elementwise.Run<int, int, AbsOperator<int>>([int.MinValue], smallest);
        Assert.Equal(int.MinValue, smallest[0]);

        void Check<TOperator>(Func<float, float> exact)
            where TOperator : struct, IUnaryOperator<float, float>
        {
            Elementwise.Run<float, float, TOperator>(x, y);
            for (var i = 0; i < x.Length; i++) Assert.Equal(exact(x[i]), y[i]);
        }
    }

    [Fact]
    public void Bfloat16_rounds_to_even_and_keeps_what_is_not_a_number()
    {
        Assert.Equal(0x3f80, ((BFloat16)1f).Bits);
        Assert.Equal(0x3f80, ((BFloat16)1.00390625f).Bits);
        Assert.Equal(0x3f82, ((BFloat16)1.01171875f).Bits);
        Assert.Equal(0x7f80, ((BFloat16)float.MaxValue).Bits);
        Assert.True(float.IsNaN((BFloat16)BitConverter.UInt32BitsToSingle(0x7f800001)));
        for (var bits = 0; bits <= ushort.MaxValue; bits++)
        {
            var value = new BFloat16((ushort)bits);
            if (!float.IsNaN(value)) Assert.Equal(value.Bits, ((BFloat16)(float)value).Bits);
        }
    }

    [Fact]
    public void Float16_becomes_float32_and_back_as_the_library_does_it()
    {
        var halves = new Half[65_536];
        for (var i = 0; i < halves.Length; i++) halves[i] = BitConverter.UInt16BitsToHalf((ushort)i);
        var wide = new float[halves.Length];
        NarrowFloats.ToSingle(halves, wide);
        for (var i = 0; i < halves.Length; i++) Assert.Equal((float)halves[i], wide[i]);
        var random = new Random(6);
        var x = new float[100_003];
        for (var i = 0; i < x.Length; i++)
        {
            // Numbers of the range, halves of its steps, and any bits at all.
            x[i] = (i % 3) switch { 0 => (float)(Math.ScaleB(random.NextDouble() - 0.5, random.Next(-28, 19))), 1 => (wide[random.Next(1, 31_000)] + wide[random.Next(1, 31_000)]) / 2, _ => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)) };
        }
        for (var i = 0; i < 31_000; i++) x[i] = (wide[i] + wide[i + 1]) / 2;
        var narrow = new Half[x.Length];
        NarrowFloats.FromSingle(x, narrow);
        for (var i = 0; i < x.Length; i++) Assert.Equal((Half)x[i], narrow[i]);
        var brains = new BFloat16[x.Length];
        NarrowFloats.FromSingle(x, brains);
        for (var i = 0; i < x.Length; i++) Assert.Equal((BFloat16)x[i], brains[i]);
        var back = new float[x.Length];
        NarrowFloats.ToSingle(brains, back);
        for (var i = 0; i < x.Length; i++) Assert.Equal((float)brains[i], back[i]);
    }

    [Fact]
    public void Broadcasting_allocates_nothing()
    {
        var plan = new BroadcastPlan([8, 3, 50], [3, 1], [8, 3, 50]);
        float[] a = new float[1200], b = new float[3];
        Elementwise.Run<float, float, AddOperator<float>>(plan, a, b, a);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Elementwise.Run<float, float, AddOperator<float>>(plan, a, b, a);
        plan.Prepare([4, 300], [300], [4, 300]);
        Elementwise.Run<float, float, MulOperator<float>>(plan, a, a.AsSpan(0, 300), a);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Compare<T>(T[] a)
        where T : unmanaged, INumber<T>
    {
        var b = a.Reverse().ToArray();
        Compare<T, AddOperator<T>>(a, b);
        Compare<T, SubOperator<T>>(a, b);
        Compare<T, MulOperator<T>>(a, b);
        Compare<T, MinOperator<T>>(a, b);
        Compare<T, MaxOperator<T>>(a, b);
        Compare<T, DivOperator<T>>(a, Array.ConvertAll(b, x => T.IsZero(x) ? T.One : x));
    }

    private static void Compare<T, TOperator>(T[] a, T[] b)
        where T : unmanaged, INumber<T>
        where TOperator : struct, IBinaryOperator<T, T>
    {
        var y = new T[a.Length];
        Elementwise.Run<T, TOperator>(a, b, y);
        for (var i = 0; i < a.Length; i++) Assert.Equal(TOperator.Invoke(a[i], b[i]), y[i]);
        Elementwise.Run<T, TOperator>(a, b.AsSpan(7, 1), y);
        for (var i = 0; i < a.Length; i++) Assert.Equal(TOperator.Invoke(a[i], b[7]), y[i]);
        Elementwise.Run<T, TOperator>(a.AsSpan(7, 1), b, y);
        for (var i = 0; i < a.Length; i++) Assert.Equal(TOperator.Invoke(a[7], b[i]), y[i]);
    }

    private static T[] Integers<T>()
        where T : unmanaged, IBinaryInteger<T>
    {
        var random = new Random(2);
        var x = new T[151];
        for (var i = 0; i < x.Length; i++) x[i] = T.CreateTruncating(random.NextInt64(long.MinValue, long.MaxValue) >> (i % 60));
        return x;
    }

    private static float[] Singles()
    {
        var random = new Random(1);
        var x = new float[203];
        for (var i = 0; i < x.Length; i++) x[i] = (i % 9) switch { 0 => -0f, 1 => 0, 2 => float.NaN, 3 => float.NegativeInfinity, 4 => i + 0.5f, _ => (float)((random.NextDouble() - 0.5) * 100) };
        return x;
    }
}
