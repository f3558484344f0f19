using System.Numerics;
using Slipway.Models.Kernels;
using Kernel = Slipway.Models.Kernels.Gemm;

namespace Slipway.Tests.Models.Kernels.Gemm;

public class GemmTests
{
    /// <summary>Rows, columns, steps: edges of every tile and of blocks of K.</summary>
    private static readonly (int M, int N, int K)[] Shapes =
    [
        (0, 5, 3), (5, 0, 3), (4, 7, 0), (1, 1, 1), (1, 64, 30), (1, 2, 64), (1, 129, 77), (2, 33, 17), (3, 16, 300), (4, 31, 5), (5, 17, 1), (6, 32, 2), (7, 48, 13), (8, 1, 257),
        (11, 65, 31), (12, 32, 256), (13, 47, 29), (23, 97, 19), (25, 15, 513), (37, 41, 43), (64, 64, 64), (241, 3, 11), (61, 67, 523), (2, 1031, 3), (487, 35, 261),
        (13, 70, 1030), (27, 45, 2051), (130, 70, 1025),
    ];

    public static TheoryData<string, bool> Kernels()
    {
        var data = new TheoryData<string, bool>();
        foreach (var kernel in Enum.GetValues<GemmKernel>().Where(GemmSelection.IsSupported))
        {
            data.Add(kernel.ToString(), false);
            data.Add(kernel.ToString(), true);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_kernel_gives_the_bits_of_the_definition(string name, bool isDouble)
    {
        var kernel = Enum.Parse<GemmKernel>(name);
        foreach (var (m, n, k) in Shapes)
        {
            if (isDouble) Check<double>(m, n, k, kernel);
            else Check<float>(m, n, k, kernel);
        }
    }

    private static void Check<T>(int m, int n, int k, GemmKernel kernel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random((m * 1000003) + (n * 1009) + k);
        T[] a = GemmReference.Values<T>(random, m * k), b = GemmReference.Values<T>(random, k * n);
        var expected = GemmReference.Multiply<T>(m, n, k, a, k, 1, b, n, 1);
        var packed = PackedMatrix<T>.Pack(k, n, b, n, 1, kernel);
        var rows = PackedRows<T>.Pack(m, k, a, k, 1, kernel);
        var transposedA = Transposed(a, m, k);
        var transposedB = Transposed(b, k, n);
        var packedTransposed = PackedMatrix<T>.Pack(k, n, transposedB, 1, k, kernel);
        for (var threads = 1; threads <= 4; threads++)
        {
            GemmReference.Same<T>(expected, Result<T>(m, n, 0, (c, ldc) => Kernel.Run(m, n, k, a, k, 1, packed, c, ldc, default, threads)));
            GemmReference.Same<T>(expected, Result<T>(m, n, 5, (c, ldc) => Kernel.Run(m, n, k, transposedA, 1, m, packedTransposed, c, ldc, default, threads)));
            GemmReference.Same<T>(expected, Result<T>(m, n, 3, (c, ldc) => Kernel.Run(m, n, k, rows, b, n, 1, c, ldc, default, threads)));
            GemmReference.Same<T>(expected, Result<T>(m, n, 0, (c, ldc) => Kernel.Run<T>(m, n, k, a, k, 1, transposedB, 1, k, c, ldc, default, threads, kernel)));
            GemmReference.Same<T>(expected, Result<T>(m, n, 1, (c, ldc) => Kernel.Run<T>(m, n, k, transposedA, 1, m, b, n, 1, c, ldc, default, threads, kernel)));
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_batch_gives_the_bits_of_its_products(string name, bool isDouble)
    {
        var kernel = Enum.Parse<GemmKernel>(name);
        foreach (var (batches, m, n, k) in new[] { (0, 2, 3, 4), (1, 13, 33, 7), (5, 12, 40, 64), (8, 128, 128, 64) })
        {
            if (isDouble) CheckBatch<double>(batches, m, n, k, kernel);
            else CheckBatch<float>(batches, m, n, k, kernel);
        }
    }

    private static void CheckBatch<T>(int batches, int m, int n, int k, GemmKernel kernel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(batches);
        T[] a = GemmReference.Values<T>(random, batches * m * k), b = GemmReference.Values<T>(random, batches * k * n), residual = GemmReference.Values<T>(random, batches * m * n);
        var expected = new List<T>();
        for (var batch = 0; batch < batches; batch++) expected.AddRange(GemmReference.Multiply<T>(m, n, k, a.AsSpan(batch * m * k), k, 1, b.AsSpan(batch * k * n), n, 1));
        for (var i = 0; i < expected.Count; i++) expected[i] += residual[i];
        for (var threads = 1; threads <= 4; threads++)
        {
            var c = GemmReference.Values<T>(random, batches * m * n);
            Kernel.RunBatch<T>(batches, m, n, k, a, m * k, k, 1, b, k * n, n, 1, c, m * n, n, new GemmEpilogue<T> { Residual = residual, ResidualRowStride = n }, threads, kernel);
            GemmReference.Same<T>(expected.ToArray(), c);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void The_epilogue_is_applied_once_after_the_last_step(string name, bool isDouble)
    {
        var kernel = Enum.Parse<GemmKernel>(name);
        foreach (var kind in Enum.GetValues<BiasKind>())
        {
            foreach (var activation in new[] { Activation.None, Activation.Relu, Activation.Clip(-0.25, 0.5), Activation.LeakyRelu(0.125), Activation.HardSigmoid(0.2, 0.5), Activation.HardSwish, Activation.Sigmoid, Activation.Tanh, Activation.Silu, Activation.Gelu, Activation.GeluTanh })
            {
                if (isDouble && activation.IsFloat32Only) continue;
                if (isDouble) CheckEpilogue<double>(kind, activation, kernel);
                else CheckEpilogue<float>(kind, activation, kernel);
            }
        }
    }

    private static void CheckEpilogue<T>(BiasKind kind, Activation activation, GemmKernel kernel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var (m, n, k) in new[] { (1, 1, 1), (3, 19, 0), (14, 45, 300), (13, 80, 1040) })
        {
            var random = new Random(n);
            T[] a = GemmReference.Values<T>(random, m * k), b = GemmReference.Values<T>(random, k * n), residual = GemmReference.Values<T>(random, m * n), bias = GemmReference.Values<T>(random, Math.Max(m, n));
            T alpha = T.CreateTruncating(0.1), beta = T.CreateTruncating(0.3);
            var plain = GemmReference.Multiply<T>(m, n, k, a, k, 1, b, n, 1);
            var packed = PackedMatrix<T>.Pack(k, n, b, n, 1, kernel);
            var rows = PackedRows<T>.Pack(m, k, a, k, 1, kernel);
            var alone = (T[])plain.Clone();
            for (var i = 0; i < m * n; i++)
            {
                if (kind != BiasKind.None) alone[i] += bias[kind == BiasKind.PerRow ? i / n : i % n];
                alone[i] = Apply(activation, alone[i]);
            }
            GemmReference.Same<T>(alone, Result<T>(m, n, 3, (c, ldc) => Kernel.Run(m, n, k, rows, b, n, 1, c, ldc, new GemmEpilogue<T> { Bias = bias, BiasKind = kind, Activation = activation }, 2)));
            foreach (var scaled in new[] { false, true })
            {
                var expected = (T[])plain.Clone();
                for (var i = 0; i < m * n; i++)
                {
                    if (scaled) expected[i] *= alpha;
                    if (kind != BiasKind.None) expected[i] += bias[kind == BiasKind.PerRow ? i / n : i % n];
                    expected[i] += scaled ? residual[i] * beta : residual[i];
                    expected[i] = Apply(activation, expected[i]);
                }
                GemmReference.Same<T>(expected, Result<T>(m, n, 2, (c, ldc) => Kernel.Run(m, n, k, a, k, 1, packed, c, ldc, new GemmEpilogue<T>
                {
                    Bias = bias, BiasKind = kind, Residual = residual, ResidualRowStride = n, Activation = activation, Alpha = scaled ? alpha : null, Beta = scaled ? beta : null,
                }, 2)));
            }
        }
    }

    private static T Apply<T>(Activation activation, T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T alpha = T.CreateTruncating(activation.Alpha), beta = T.CreateTruncating(activation.Beta), half = T.CreateTruncating(0.5);
        if (activation.IsFloat32Only)
        {
            var value = new float[] { float.CreateTruncating(x) };
            switch (activation.Kind)
            {
                case ActivationKind.Sigmoid: VectorMath.Sigmoid(value, value); break;
                case ActivationKind.Tanh: VectorMath.Tanh(value, value); break;
                case ActivationKind.Silu: VectorMath.Silu(value, value); break;
                case ActivationKind.Gelu: VectorMath.Gelu(value, value); break;
                case ActivationKind.GeluTanh: VectorMath.GeluTanh(value, value); break;
            }
            return T.CreateTruncating(value[0]);
        }
        return activation.Kind switch
        {
            ActivationKind.Relu => x < T.Zero ? T.Zero : x,
            ActivationKind.Clip => T.Min(T.Max(x, alpha), beta),
            ActivationKind.LeakyRelu => x < T.Zero ? x * alpha : x,
            ActivationKind.HardSigmoid => T.Clamp((x * alpha) + beta, T.Zero, T.One),
            ActivationKind.HardSwish => x * T.Clamp((x * (T.One / T.CreateTruncating(6))) + half, T.Zero, T.One),
            _ => x,
        };
    }

    [Fact]
    public void Run_says_what_is_wrong_with_sizes_before_it_reads()
    {
        var b = PackedMatrix<float>.Pack(3, 4, new float[12], 4, 1);
        Assert.Contains("K, the rows", Assert.Throws<ArgumentException>(() => Kernel.Run(2, 4, 5, new float[10], 5, 1, b, new float[8], 4, default, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("N, the columns", Assert.Throws<ArgumentException>(() => Kernel.Run(2, 5, 3, new float[6], 3, 1, b, new float[10], 5, default, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("needs 6 elements, and 5", Assert.Throws<ArgumentException>(() => Kernel.Run(2, 4, 3, new float[5], 3, 1, b, new float[8], 4, default, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("needs 8 elements, and 7", Assert.Throws<ArgumentException>(() => Kernel.Run(2, 4, 3, new float[6], 3, 1, b, new float[7], 4, default, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("overlap", Assert.Throws<ArgumentException>(() => Kernel.Run(2, 4, 3, new float[6], 3, 1, b, new float[8], 3, default, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("bias", Assert.Throws<ArgumentException>(() => Kernel.Run(2, 4, 3, new float[6], 3, 1, b, new float[8], 4, GemmEpilogue<float>.PerColumn(new float[3]), 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Kernel.Run(2, 4, 3, new float[6], 3, 1, b, new float[8], 4, new GemmEpilogue<float> { Residual = new float[7], ResidualRowStride = 4 }, 1));
        Assert.Contains("float32 only", Assert.Throws<ArgumentException>(() => Kernel.Run<double>(1, 1, 1, new double[1], 1, 1, new double[1], 1, 1, new double[1], 1, new GemmEpilogue<double> { Activation = Activation.Gelu }, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Kernel.Run(-1, 4, 3, new float[6], 3, 1, b, new float[8], 4, default, 1));
        Assert.Throws<ArgumentException>(() => PackedMatrix<float>.Pack(3, 4, new float[11], 4, 1));
        Assert.Throws<ArgumentException>(() => Kernel.RunBatch<float>(2, 2, 2, 2, new float[7], 4, 2, 1, new float[8], 4, 2, 1, new float[8], 4, 2, default, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_allocates_nothing_after_the_first_call(int threads)
    {
        float[] a = new float[70 * 300], b = new float[300 * 90], c = new float[70 * 90], bias = new float[90];
        var packed = PackedMatrix<float>.Pack(300, 90, b, 90, 1);
        var rows = PackedRows<float>.Pack(70, 300, a, 300, 1);
        Assert.Equal(0, Allocations.Of(() =>
        {
            Kernel.Run(70, 90, 300, a, 300, 1, packed, c, 90, GemmEpilogue<float>.PerColumn(bias, Activation.Relu), threads);
            Kernel.Run(70, 90, 300, rows, b, 90, 1, c, 90, default, threads);
            Kernel.Run<float>(70, 90, 300, a, 300, 1, b, 90, 1, c, 90, default, threads);
        }));
    }

    private delegate void Product<T>(Span<T> c, int rowStride);

    /// <summary>C without its margins, after these are checked: nothing but C may be written.</summary>
    private static T[] Result<T>(int m, int n, int margin, Product<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var stride = n + margin;
        var guard = T.CreateTruncating(12345);
        var c = new T[(m * stride) + 64];
        c.AsSpan().Fill(guard);
        product(c, stride);
        var dense = new T[m * n];
        for (var i = 0; i < m; i++)
        {
            c.AsSpan(i * stride, n).CopyTo(dense.AsSpan(i * n));
            c.AsSpan(i * stride, n).Fill(guard);
        }
        Assert.Equal(-1, c.AsSpan().IndexOfAnyExcept(guard));
        return dense;
    }

    private static T[] Transposed<T>(T[] values, int rows, int columns)
    {
        var transposed = new T[values.Length];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++) transposed[(j * rows) + i] = values[(i * columns) + j];
        }
        return transposed;
    }
}
