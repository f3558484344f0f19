using System.Numerics;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Tests.Models.Kernels;

public sealed class BinaryLoopsTests
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
        BinaryLoops.Run<NumberOperations.Maximum, float>(a, b, y);
        Assert.True(float.IsNaN(y[0]) && float.IsNaN(y[1]) && float.IsNaN(y[8]) && float.IsPositive(y[2]) && float.IsPositive(y[3]));
        BinaryLoops.Run<NumberOperations.Minimum, float>(a, b, y);
        Assert.True(float.IsNaN(y[0]) && float.IsNaN(y[1]) && float.IsNaN(y[8]) && float.IsNegative(y[2]) && float.IsNegative(y[3]));
    }

    [Fact]
    public void Integers_divide_towards_zero_and_never_fault()
    {
        var y = new int[4];
        BinaryLoops.Run<NumberOperations.Divide, int>([7, -7, int.MinValue, 7], [-2, 2, -1, 7], y);
        Assert.Equal([-3, -3, int.MinValue, 1], y);
        BinaryLoops.Run<NumberOperations.Modulo, int>([7, -7, int.MinValue, -7], [-3, 3, -1, -3], y);
        Assert.Equal([-2, 2, 0, -1], y);
        BinaryLoops.Run<NumberOperations.Remainder, int>([7, -7, int.MinValue, -7], [-3, 3, -1, -3], y);
        Assert.Equal([1, -1, 0, -1], y);
        Assert.Throws<RecordException>(() => BinaryLoops.Run<NumberOperations.Divide, int>([1], [0], new int[1]));
        Assert.Throws<RecordException>(() => BinaryLoops.Run<NumberOperations.Modulo, byte>([1], [0], new byte[1]));
        var rests = new float[2];
        BinaryLoops.Run<NumberOperations.Remainder, float>([5.5f, -5.5f], [2, 2], rests);
        Assert.Equal([1.5f, -1.5f], rests);
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

    private static void Compare<T>(T[] a)
        where T : unmanaged, INumber<T>
    {
        var b = a.Reverse().ToArray();
        Compare<T, NumberOperations.Add>(a, b);
        Compare<T, NumberOperations.Subtract>(a, b);
        Compare<T, NumberOperations.Multiply>(a, b);
        Compare<T, NumberOperations.Minimum>(a, b);
        Compare<T, NumberOperations.Maximum>(a, b);
        Compare<T, NumberOperations.Divide>(a, Array.ConvertAll(b, x => T.IsZero(x) ? T.One : x));
    }

    private static void Compare<T, TOperation>(T[] a, T[] b)
        where T : unmanaged, INumber<T>
        where TOperation : INumberOperation
    {
        var y = new T[a.Length];
        BinaryLoops.Run<TOperation, T>(a, b, y);
        for (var i = 0; i < a.Length; i++) Assert.Equal(TOperation.Of(a[i], b[i]), y[i]);
        BinaryLoops.Run<TOperation, T>(a, b.AsSpan(7, 1), y);
        for (var i = 0; i < a.Length; i++) Assert.Equal(TOperation.Of(a[i], b[7]), y[i]);
        BinaryLoops.Run<TOperation, T>(a.AsSpan(7, 1), b, y);
        for (var i = 0; i < a.Length; i++) Assert.Equal(TOperation.Of(a[7], b[i]), y[i]);
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
