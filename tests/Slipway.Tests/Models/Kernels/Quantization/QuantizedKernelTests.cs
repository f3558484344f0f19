using Slipway.Models.Kernels;

namespace Slipway.Tests.Models.Kernels;

/// <summary>Rows of every length, so that whole vectors and the rest behind them are met, against the definition in double precision or one operation at a time.</summary>
public sealed class QuantizedKernelTests
{
    [Fact]
    public void Sums_become_bytes_as_the_definition_says()
    {
        var random = new Random(41);
        for (var length = 0; length < 40; length++)
        {
            var sums = new int[length];
            for (var i = 0; i < length; i++) sums[i] = random.Next(4) == 0 ? random.Next(int.MinValue, int.MaxValue) : random.Next(-3000, 3000);
            var (bias, scale) = (random.Next(-50, 50), random.Next(5) == 0 ? 0.5f : random.NextSingle() * 0.2f);
            var (unsigned, signed) = ((byte)random.Next(256), (sbyte)random.Next(-128, 128));
            var (bytes, numbers) = (new byte[length], new sbyte[length]);
            Requantization.Run(sums, bias, scale, unsigned, bytes);
            Requantization.Run(sums, bias, scale, signed, numbers);
            for (var i = 0; i < length; i++)
            {
                Assert.Equal(Expected(unchecked(sums[i] + bias), scale, unsigned, 0, 255), bytes[i]);
                Assert.Equal(Expected(unchecked(sums[i] + bias), scale, signed, -128, 127), numbers[i]);
            }
        }
    }

    [Fact]
    public void Rows_of_sums_have_a_bias_and_a_scale_for_each_column()
    {
        var random = new Random(42);
        for (var columns = 1; columns < 40; columns++)
        {
            const int Rows = 3;
            var sums = new int[Rows * columns];
            for (var i = 0; i < sums.Length; i++) sums[i] = random.Next(-3000, 3000);
            var (biases, scales) = (new int[columns], new float[columns]);
            for (var i = 0; i < columns; i++) (biases[i], scales[i]) = (random.Next(-500, 500), random.NextSingle() * 0.2f);
            var (biased, plain) = (new sbyte[sums.Length], new byte[sums.Length]);
            Requantization.Rows(sums, biases, scales, (sbyte)-7, biased);
            Requantization.Rows<byte>(sums, default, scales, 3, plain);
            for (var i = 0; i < sums.Length; i++)
            {
                Assert.Equal(Expected(sums[i] + biases[i % columns], scales[i % columns], -7, -128, 127), biased[i]);
                Assert.Equal(Expected(sums[i], scales[i % columns], 3, 0, 255), plain[i]);
            }
        }
    }

    [Fact]
    public void Scales_that_are_no_numbers_give_the_zero_point_in_rows_of_every_length()
    {
        for (var length = 1; length < 40; length++)
        {
            var to = new byte[length];
            Requantization.Run(new int[length], 0, float.NaN, (byte)9, to);
            Assert.All(to, b => Assert.Equal(9, b));
            QuantizedArithmetic.Run(new QuantizedProduct(0, 0, float.NaN, 0), to, to, to);
            Assert.All(to, b => Assert.Equal(0, b));
        }
    }

    [Fact]
    public void Sums_become_floats_with_bias_addend_and_activation_as_one_operation_after_the_other()
    {
        var random = new Random(46);
        for (var columns = 1; columns < 40; columns++)
        {
            const int Rows = 5;
            int[] sums = [.. Enumerable.Range(0, Rows * columns).Select(_ => random.Next(-9999, 9999))];
            float[] Floats(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
            var (scales, bias, residual, y, plain) = (Floats(columns), Floats(columns), Floats(sums.Length), new float[sums.Length], new float[sums.Length]);
            ScaledSums.Run(sums, scales, bias, residual, Activation.Relu, y);
            ScaledSums.Run(sums, scales, default, default, default, plain);
            for (var i = 0; i < y.Length; i++)
            {
                var product = sums[i] * scales[i % columns];
                Assert.Equal(product, plain[i]);
                Assert.Equal(MathF.Max(product + bias[i % columns] + residual[i], 0), y[i]);
            }
        }
        Assert.Throws<ArgumentException>(() => ScaledSums.Run(new int[6], new float[4], default, default, default, new float[6]));
        Assert.Throws<ArgumentException>(() => ScaledSums.Run(new int[6], new float[3], new float[2], default, default, new float[6]));
    }

    [Fact]
    public void Bytes_are_added_up_as_numbers()
    {
        var random = new Random(47);
        for (var length = 0; length < 40; length++)
        {
            var (bytes, numbers) = (Row<byte>(random, length), Row<sbyte>(random, length));
            Assert.Equal(bytes.Sum(b => b), ByteLanes.Sum<byte>(bytes));
            Assert.Equal(numbers.Sum(b => b), ByteLanes.Sum<sbyte>(numbers));
        }
    }

    [Fact]
    public void Halves_go_to_the_even_neighbour()
    {
        var to = new sbyte[10];
        Requantization.Run<sbyte>([-5, -3, -1, 0, 1, 3, 5, 7, 9, 11], 0, 0.5f, 0, to);
        Assert.Equal([-2, -2, 0, 0, 0, 2, 2, 4, 4, 6], to);
    }

    [Fact]
    public void Sums_and_products_of_quantized_rows_are_those_of_single_elements()
    {
        var random = new Random(43);
        for (var length = 1; length < 40; length++)
        {
            Check<byte>(random, length, 0, 255);
            Check<sbyte>(random, length, -128, 127);
        }
    }

    [Fact]
    public void Rows_of_other_lengths_are_refused()
    {
        Assert.Throws<ArgumentException>(() => QuantizedArithmetic.Run<byte, QuantizedProduct>(new QuantizedProduct(0, 0, 1, 0), new byte[3], new byte[4], new byte[4]));
        Assert.Throws<ArgumentException>(() => Requantization.Run<byte>(new int[3], 0, 1, 0, new byte[4]));
        Assert.Throws<ArgumentException>(() => Requantization.Rows<byte>(new int[4], new int[1], new float[2], 0, new byte[4]));
    }

    [Fact]
    public void Floats_become_bytes_and_back_as_the_definition_says()
    {
        var random = new Random(44);
        for (var length = 0; length < 40; length++)
        {
            var x = new float[length];
            for (var i = 0; i < length; i++) x[i] = random.Next(6) switch { 0 => random.Next(-9, 9) + 0.5f, 1 => 1e9f * (random.NextSingle() - 0.5f), _ => random.NextSingle() * 60 - 30 };
            var (scale, zero) = (random.Next(2) == 0 ? 1f : 0.1f, random.Next(-20, 20));
            var (signed, unsigned, back) = (new sbyte[length], new byte[length], new float[length]);
            LinearBytes.Quantize(x, scale, zero, signed);
            LinearBytes.Quantize(x, scale, zero + 20, unsigned);
            LinearBytes.Dequantize<sbyte>(signed, scale, zero, back);
            for (var i = 0; i < length; i++)
            {
                Assert.Equal((int)Math.Clamp(Math.Round((double)(x[i] / scale)) + zero, -128, 127), signed[i]);
                Assert.Equal((int)Math.Clamp(Math.Round((double)(x[i] / scale)) + zero + 20, 0, 255), unsigned[i]);
                Assert.Equal((signed[i] - zero) * scale, back[i]);
            }
            LinearBytes.Dequantize<byte>(unsigned, scale, 3, back);
            for (var i = 0; i < length; i++) Assert.Equal((unsigned[i] - 3) * scale, back[i]);
        }
        var empty = new byte[9];
        LinearBytes.Quantize([float.NaN, float.NaN, float.NaN, float.NaN, float.NaN, float.NaN, float.NaN, float.NaN, float.NaN], 1, 7, empty);
        Assert.All(empty, b => Assert.Equal(0, b));
        Assert.Throws<ArgumentException>(() => LinearBytes.Quantize<byte>(new float[2], 1, 0, new byte[3]));
    }

    [Fact]
    public void Largest_bytes_are_those_of_the_definition()
    {
        var random = new Random(45);
        for (var round = 0; round < 60; round++)
        {
            WindowAxis Axis() => new(random.Next(6, 40), random.Next(1, 4), random.Next(1, 4), random.Next(1, 3), random.Next(0, 2), random.Next(0, 2), random.Next(2) == 0);
            var window = random.Next(2) == 0 ? new SpatialWindow(Axis(), Axis()) : new SpatialWindow(Axis());
            const int Planes = 3;
            var input = Row<sbyte>(random, Planes * window.InputPixels);
            var (expected, found) = (new sbyte[Planes * window.OutputPixels], new sbyte[Planes * window.OutputPixels]);
            PoolingReference.Max<sbyte>(window, Planes, input, expected, default, false);
            ByteMaxPooling.Run<sbyte>(window, Planes, input, found, new sbyte[ByteMaxPooling.RowBytes(window)]);
            Assert.Equal(expected, found);
        }
    }

    private static void Check<T>(Random random, int length, int least, int greatest)
        where T : unmanaged
    {
        var (a, b) = (Row<T>(random, length), Row<T>(random, random.Next(2) == 0 ? length : 1));
        var (scaleA, scaleB, zeroA, zeroB, zero) = (random.NextSingle(), random.NextSingle(), random.Next(least, greatest), random.Next(least, greatest), random.Next(least, greatest));
        var (sums, products) = (new T[length], new T[length]);
        QuantizedArithmetic.Run(QuantizedSum.Of(scaleA, zeroA, scaleB, zeroB, zero), a, b, sums);
        QuantizedArithmetic.Run(new QuantizedProduct(zeroA, zeroB, scaleA * 0.01f, zero), a, b, products);
        var rest = zero - MathF.FusedMultiplyAdd(scaleA, zeroA, scaleB * zeroB);
        for (var i = 0; i < length; i++)
        {
            float x = ByteLanes.Number(a[i]), y = ByteLanes.Number(b[b.Length == 1 ? 0 : i]);
            var sum = MathF.FusedMultiplyAdd(x, scaleA, MathF.FusedMultiplyAdd(y, scaleB, rest));
            Assert.Equal((int)Math.Clamp(MathF.Round(sum), least, greatest), ByteLanes.Number(sums[i]));
            var product = ((x - zeroA) * (y - zeroB) * (scaleA * 0.01f)) + zero;
            Assert.Equal((int)Math.Clamp(MathF.Round(product), least, greatest), ByteLanes.Number(products[i]));
        }
    }

    private static T[] Row<T>(Random random, int length)
        where T : unmanaged
    {
        var row = new T[length];
        random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(row.AsSpan()));
        return row;
    }

    private static int Expected(int sum, float scale, int zero, int least, int greatest) => (int)Math.Clamp(Math.Round((double)(sum * scale)) + zero, least, greatest);
}
