using System.Diagnostics;
using System.Globalization;
using Slipway.Models.Kernels;

namespace Slipway.Benchmarks;

/// <summary>
/// How near matrix products come to what the core can do. Peak and products are measured in turns, round after round, and the best of each is compared: what else runs on
/// the machine slows some rounds of both.
/// </summary>
internal static class GemmSpeed
{
    private const int Rounds = 40;
    private const double SecondsPerRound = 0.004;

    private static readonly (string Name, int M, int N, int K)[] Shapes =
    [
        ("cube", 1024, 1024, 1024), ("cube", 512, 512, 512), ("cube", 256, 256, 256), ("cube", 128, 128, 128), ("cube", 64, 64, 64),
        ("tokens", 16, 384, 384), ("tokens", 16, 1536, 384), ("tokens", 16, 384, 1536),
        ("tokens", 128, 384, 384), ("tokens", 128, 1536, 384), ("tokens", 128, 384, 1536),
        ("tokens", 512, 384, 384), ("tokens", 512, 1536, 384), ("tokens", 512, 384, 1536),
        ("row", 1, 64, 30), ("row", 1, 2, 64), ("row", 1, 384, 384), ("row", 1, 1536, 384), ("row", 1, 4096, 4096), ("rows", 2, 1536, 384), ("rows", 3, 1536, 384), ("rows", 4, 1536, 384), ("rows", 8, 1536, 384),
        ("small", 1, 256, 256), ("small", 1, 512, 256), ("small", 1, 512, 512), ("small", 4, 256, 128), ("small", 8, 128, 128), ("small", 16, 128, 128), ("small", 32, 64, 64), ("small", 32, 128, 64), ("small", 32, 128, 128), ("small", 32, 512, 128), ("small", 256, 64, 30), ("small", 1024, 64, 30), ("small", 50, 512, 64), ("narrow", 1024, 2, 64), ("narrow", 1024, 10, 512), ("narrow", 1000, 1, 1000), ("batch", 32, 64, 30),
        ("conv", 64, 3136, 576), ("conv", 512, 49, 4608), ("conv", 16, 12544, 27), ("conv", 1000, 169, 512), ("conv", 256, 196, 2304), ("conv", 64, 3025, 144),
    ];

    public static int Run(string only)
    {
        Console.WriteLine($"{"shape",-8}{"M",6}{"N",6}{"K",6}{"operand packed",16}{"threads",8}{"µs",12}{"GFLOP/s",10}{"peak",8}{"of peak",9}");
        foreach (var (name, m, n, k) in Shapes)
        {
            if (only.Length > 0 && !$"{name} {m}x{n}x{k}".Contains(only, StringComparison.Ordinal)) continue;
            var random = new Random(1);
            float[] a = Values(random, m * k), b = Values(random, k * n), c = new float[m * n];
            var packed = PackedMatrix<float>.Pack(k, n, b, n, 1);
            var rows = PackedRows<float>.Pack(m, k, a, k, 1);
            foreach (var threads in new[] { 1, 2 })
            {
                if (name != "conv") Measure(name, m, n, k, "B", threads, () => Gemm.Run(m, n, k, a, k, 1, packed, c, n, default, threads));
                if (name is "conv" or "cube") Measure(name, m, n, k, "A", threads, () => Gemm.Run(m, n, k, rows, b, n, 1, c, n, default, threads));
                if (name is "cube" or "tokens") Measure(name, m, n, k, "none", threads, () => Gemm.Run<float>(m, n, k, a, k, 1, b, n, 1, c, n, default, threads));
            }
        }
        if ("cold".Contains(only, StringComparison.Ordinal)) Cold();
        if ("fused".Contains(only, StringComparison.Ordinal)) Fused();
        if ("float64".Contains(only, StringComparison.Ordinal)) Doubles();
        foreach (var (name, m, n, k) in Shapes)
        {
            if (name is not ("cube" or "tokens" or "row") || (only.Length > 0 && !$"bytes {name} {m}x{n}x{k}".Contains(only, StringComparison.Ordinal))) continue;
            byte[] a = new byte[m * k], b = new byte[k * n];
            new Random(1).NextBytes(a);
            new Random(2).NextBytes(b);
            var c = new int[m * n];
            foreach (var kernel in Enum.GetValues<IntegerKernel>().Where(IntegerSelection.IsSupported))
            {
                var packed = PackedIntegers.Pack<byte>(k, n, b, n, 1, [120], kernel);
                Measure(name, m, n, k, kernel.ToString(), 1, () => IntegerGemm.Run<byte>(m, n, k, a, k, 1, [130], packed, c, n, 1));
            }
        }
        return 0;
    }

    /// <summary>As in a network: other weights in each product, more of them than a cache holds.</summary>
    private static void Cold()
    {
        const int Megabytes = 48;
        foreach (var (m, n, k) in new[] { (1, 384, 384), (1, 1536, 384), (16, 384, 384), (16, 1536, 384), (16, 384, 1536), (128, 384, 384), (128, 1536, 384), (128, 384, 1536) })
        {
            var random = new Random(1);
            float[] a = Values(random, m * k), b = Values(random, k * n), c = new float[m * n];
            var packed = new PackedMatrix<float>[(Megabytes << 20) / (k * n * sizeof(float))];
            for (var i = 0; i < packed.Length; i++) packed[i] = PackedMatrix<float>.Pack(k, n, b, n, 1);
            var next = 0;
            foreach (var threads in new[] { 1, 2 }) Measure("cold", m, n, k, "B", threads, () => Gemm.Run(m, n, k, a, k, 1, packed[next++ % packed.Length], c, n, default, threads));
        }
    }

    /// <summary>With a bias and an activation: a feed-forward layer, and a network of two layers on one row.</summary>
    private static void Fused()
    {
        var random = new Random(1);
        float[] a = Values(random, 128 * 384), bias = Values(random, 1536), c = new float[128 * 1536];
        var wide = PackedMatrix<float>.Pack(384, 1536, Values(random, 384 * 1536), 1536, 1);
        Measure("bias", 128, 1536, 384, "B", 1, () => Gemm.Run(128, 1536, 384, a, 384, 1, wide, c, 1536, GemmEpilogue<float>.PerColumn(bias), 1));
        Measure("relu", 128, 1536, 384, "B", 1, () => Gemm.Run(128, 1536, 384, a, 384, 1, wide, c, 1536, GemmEpilogue<float>.PerColumn(bias, Activation.Relu), 1));
        Measure("gelu", 128, 1536, 384, "B", 1, () => Gemm.Run(128, 1536, 384, a, 384, 1, wide, c, 1536, GemmEpilogue<float>.PerColumn(bias, Activation.Gelu), 1));
        PackedMatrix<float> first = PackedMatrix<float>.Pack(30, 64, Values(random, 30 * 64), 64, 1), second = PackedMatrix<float>.Pack(64, 2, Values(random, 64 * 2), 2, 1);
        Measure("mlp", 1, 66, 31, "B", 1, () =>
        {
            Gemm.Run(1, 64, 30, a, 30, 1, first, c, 64, GemmEpilogue<float>.PerColumn(bias, Activation.Relu), 1);
            Gemm.Run(1, 2, 64, c, 64, 1, second, c.AsSpan(64), 2, GemmEpilogue<float>.PerColumn(bias), 1);
        });
    }

    private static void Doubles()
    {
        var random = new Random(1);
        const int Size = 512;
        double[] a = Array.ConvertAll(Values(random, Size * Size), value => (double)value), c = new double[Size * Size];
        var packed = PackedMatrix<double>.Pack(Size, Size, a, Size, 1);
        Measure("float64", Size, Size, Size, "B", 1, () => Gemm.Run(Size, Size, Size, a, Size, 1, packed, c, Size, default, 1), 0.5);
    }

    private static void Measure(string name, int m, int n, int k, string which, int threads, Action product, double peakShare = 1)
    {
        // Long enough for the loops around the kernels to be compiled a second time.
        var warm = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(warm).TotalSeconds < 0.3) product();
        var calls = (int)Math.Clamp(SecondsPerRound / Seconds(product, 1), 1, 1 << 16);
        double seconds = double.MaxValue, peak = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            peak = Math.Min(peak, GemmPeak.Single(0.5f));
            seconds = Math.Min(seconds, Seconds(product, calls));
        }
        var rate = 2.0 * m * n * k / seconds / 1e9;
        var most = GemmPeak.Operations<float>() / peak / 1e9 * threads * peakShare;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-8}{m,6}{n,6}{k,6}{which,16}{threads,8}{seconds * 1e6,12:F3}{rate,10:F1}{most,8:F0}{rate / most,9:P1}"));
    }

    private static double Seconds(Action product, int calls)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++) product();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
    }

    private static float[] Values(Random random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = (random.NextSingle() * 2) - 1;
        return values;
    }
}
