using System.Runtime.CompilerServices;
using Slipway.Models.Kernels;

namespace Slipway.Tests.Models.Kernels.Gemm;

public class IntegerGemmTests
{
    private static readonly (int M, int N, int K)[] Shapes =
    [
        (0, 5, 3), (5, 0, 3), (4, 7, 0), (1, 1, 1), (1, 64, 30), (1, 90, 2100), (3, 2, 64), (6, 16, 3), (7, 17, 5), (12, 32, 8), (13, 33, 1031), (25, 71, 2), (64, 64, 64), (31, 9, 2053), (301, 5, 7),
    ];

    public static TheoryData<string> Kernels() => [.. Enum.GetValues<IntegerKernel>().Where(IntegerSelection.IsSupported).Select(kernel => kernel.ToString())];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_kernel_is_exact_for_every_mixture_of_signs_and_zero_points(string name)
    {
        var kernel = Enum.Parse<IntegerKernel>(name);
        foreach (var (m, n, k) in Shapes)
        {
            var random = new Random((m * 1009) + n + k);
            foreach (var left in new[] { 0, 1, m })
            {
                foreach (var right in new[] { 0, 1, n })
                {
                    Check(Values<byte>(random, m * k), Values<byte>(random, k * n), Values<byte>(random, left), Values<byte>(random, right), m, n, k, kernel);
                    Check(Values<byte>(random, m * k), Values<sbyte>(random, k * n), Values<byte>(random, left), Values<sbyte>(random, right), m, n, k, kernel);
                    Check(Values<sbyte>(random, m * k), Values<byte>(random, k * n), Values<sbyte>(random, left), Values<byte>(random, right), m, n, k, kernel);
                    Check(Values<sbyte>(random, m * k), Values<sbyte>(random, k * n), Values<sbyte>(random, left), Values<sbyte>(random, right), m, n, k, kernel);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void No_kernel_saturates_at_the_ends_of_the_range(string name)
    {
        var kernel = Enum.Parse<IntegerKernel>(name);
        foreach (var (left, right) in new[] { (255, -128), (255, 127), (0, -128) })
        {
            var a = new byte[3 * 70];
            var b = new sbyte[70 * 20];
            a.AsSpan().Fill((byte)left);
            b.AsSpan().Fill((sbyte)right);
            var c = new int[3 * 20];
            IntegerGemm.Run<byte>(3, 20, 70, a, 70, 1, default, PackedIntegers.Pack<sbyte>(70, 20, b, 20, 1, default, kernel), c, 20, 1);
            Assert.All(c, value => Assert.Equal(70 * left * right, value));
        }
    }

    [Fact]
    public void A_sum_beyond_int32_wraps_around()
    {
        const int K = 140_000;
        byte[] a = new byte[K], b = new byte[K];
        a.AsSpan().Fill(255);
        b.AsSpan().Fill(255);
        foreach (var kernel in Enum.GetValues<IntegerKernel>().Where(IntegerSelection.IsSupported))
        {
            var c = new int[1];
            IntegerGemm.Run<byte>(1, 1, K, a, K, 1, default, PackedIntegers.Pack<byte>(K, 1, b, 1, 1, default, kernel), c, 1, 1);
            Assert.Equal(unchecked((int)(255L * 255 * K)), c[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_batch_is_exact(string name)
    {
        var kernel = Enum.Parse<IntegerKernel>(name);
        var random = new Random(3);
        const int Batches = 3, M = 9, N = 21, K = 50;
        byte[] a = Values<byte>(random, Batches * M * K), aZero = Values<byte>(random, 1);
        sbyte[] b = Values<sbyte>(random, Batches * K * N), bZero = Values<sbyte>(random, N);
        var c = new int[Batches * M * N];
        IntegerGemm.RunBatch<byte, sbyte>(Batches, M, N, K, a, M * K, K, 1, aZero, b, K * N, N, 1, bZero, c, M * N, N, 2, kernel);
        for (var batch = 0; batch < Batches; batch++) Assert.Equal(Expected(a[(batch * M * K)..], b[(batch * K * N)..], aZero, bZero, M, N, K), c[(batch * M * N)..((batch + 1) * M * N)]);
        IntegerGemm.RunBatch<byte, sbyte>(Batches, M, N, K, a, 0, K, 1, aZero, b, 0, N, 1, bZero, c, M * N, N, 2, kernel);
        for (var batch = 0; batch < Batches; batch++) Assert.Equal(Expected(a, b, aZero, bZero, M, N, K), c[(batch * M * N)..((batch + 1) * M * N)]);
    }

    [Fact]
    public void Run_says_what_is_wrong_with_sizes_before_it_reads()
    {
        var b = PackedIntegers.Pack<byte>(3, 4, new byte[12], 4, 1, default);
        Assert.Contains("K, the rows", Assert.Throws<ArgumentException>(() => IntegerGemm.Run<byte>(2, 4, 5, new byte[10], 5, 1, default, b, new int[8], 4, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("needs 6 elements, and 5", Assert.Throws<ArgumentException>(() => IntegerGemm.Run<byte>(2, 4, 3, new byte[5], 3, 1, default, b, new int[8], 4, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("needs 8 elements, and 7", Assert.Throws<ArgumentException>(() => IntegerGemm.Run<byte>(2, 4, 3, new byte[6], 3, 1, default, b, new int[7], 4, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("3 zero points", Assert.Throws<ArgumentException>(() => IntegerGemm.Run<byte>(2, 4, 3, new byte[6], 3, 1, new byte[3], b, new int[8], 4, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("2 zero points", Assert.Throws<ArgumentException>(() => PackedIntegers.Pack<byte>(3, 4, new byte[12], 4, 1, new byte[2])).Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => PackedIntegers.Pack<short>(3, 4, new short[12], 4, 1, default));
    }

    [Fact]
    public void Run_allocates_nothing_after_the_first_call()
    {
        byte[] a = new byte[40 * 300], b = new byte[300 * 90], zero = [3];
        var c = new int[40 * 90];
        var packed = PackedIntegers.Pack<byte>(300, 90, b, 90, 1, zero);
        Assert.Equal(0, Allocations.Of(() => IntegerGemm.Run<byte>(40, 90, 300, a, 300, 1, zero, packed, c, 90, 2)));
    }

    private static void Check<TLeft, TRight>(TLeft[] a, TRight[] b, TLeft[] aZero, TRight[] bZero, int m, int n, int k, IntegerKernel kernel)
        where TLeft : unmanaged
        where TRight : unmanaged
    {
        var expected = Expected(a, b, aZero, bZero, m, n, k);
        var transposedA = Transposed(a, m, k);
        var packed = PackedIntegers.Pack<TRight>(k, n, b, n, 1, bZero, kernel);
        var packedTransposed = PackedIntegers.Pack<TRight>(k, n, Transposed(b, k, n), 1, k, bZero, kernel);
        for (var threads = 1; threads <= 3; threads++)
        {
            Same(expected, Result(m, n, 0, c => IntegerGemm.Run<TLeft>(m, n, k, a, k, 1, aZero, packed, c, n, threads)));
            Same(expected, Result(m, n, 3, c => IntegerGemm.Run<TLeft>(m, n, k, transposedA, 1, m, aZero, packedTransposed, c, n + 3, threads)));
        }
    }

    private static void Same(int[] expected, int[] found)
    {
        if (!expected.AsSpan().SequenceEqual(found)) Assert.Equal(expected, found);
    }

    private static int[] Expected<TLeft, TRight>(TLeft[] a, TRight[] b, TLeft[] aZero, TRight[] bZero, int m, int n, int k)
        where TLeft : unmanaged
        where TRight : unmanaged
    {
        var c = new int[m * n];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                int left = Zero(aZero, i), right = Zero(bZero, j);
                for (var s = 0; s < k; s++) c[(i * n) + j] += (Value(a[(i * k) + s]) - left) * (Value(b[(s * n) + j]) - right);
            }
        }
        return c;
    }

    private static int Zero<T>(T[] zeroPoints, int lane)
        where T : unmanaged => zeroPoints.Length == 0 ? 0 : Value(zeroPoints[zeroPoints.Length == 1 ? 0 : lane]);

    private static int Value<T>(T value)
        where T : unmanaged => typeof(T) == typeof(byte) ? Unsafe.BitCast<T, byte>(value) : Unsafe.BitCast<T, sbyte>(value);

    private static T[] Values<T>(Random random, int count)
        where T : unmanaged
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return [.. bytes.Select(value => Unsafe.BitCast<byte, T>(value))];
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

    private static int[] Result(int m, int n, int margin, Action<int[]> product)
    {
        const int Guard = 123456789;
        var c = new int[(m * (n + margin)) + 40];
        c.AsSpan().Fill(Guard);
        product(c);
        var dense = new int[m * n];
        for (var i = 0; i < m; i++)
        {
            c.AsSpan(i * (n + margin), n).CopyTo(dense.AsSpan(i * n));
            c.AsSpan(i * (n + margin), n).Fill(Guard);
        }
        Assert.Equal(-1, c.AsSpan().IndexOfAnyExcept(Guard));
        return dense;
    }
}
