using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Tests.Models.Kernels;

public sealed class ReductionTests
{
    private delegate void Reduction<T>(ReductionPlan plan, ReadOnlySpan<T> x, Span<T> result, int threads);

    private static readonly Dictionary<string, (Reduction<float> Fast, Func<double[], double> Exact)> Floats = new()
    {
        ["Sum"] = (AxisReductions.Sum, v => v.Sum()),
        ["Mean"] = (AxisReductions.Mean, v => v.Average()),
        ["Prod"] = (AxisReductions.Prod, v => v.Aggregate(1.0, (a, b) => a * b)),
        ["Max"] = (AxisReductions.Max, v => v.Max()),
        ["Min"] = (AxisReductions.Min, v => v.Min()),
        ["L1"] = (AxisReductions.L1, v => v.Sum(Math.Abs)),
        ["L2"] = (AxisReductions.L2, v => Math.Sqrt(v.Sum(e => e * e))),
        ["SumSquare"] = (AxisReductions.SumSquare, v => v.Sum(e => e * e)),
        ["LogSum"] = (AxisReductions.LogSum, v => Math.Log(v.Sum())),
        ["LogSumExp"] = (LogSumExp.Run, v => Math.Log(v.Sum(Math.Exp))),
    };

    public static TheoryData<string> Names => [.. Floats.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Reduction_is_that_of_the_definition_for_random_shapes_and_axes(string name)
    {
        var random = new Random(21);
        for (var round = 0; round < 120; round++)
        {
            var shape = Enumerable.Range(0, random.Next(1, 6)).Select(_ => (long)random.Next(1, 8)).ToArray();
            if (round % 5 == 0) shape[random.Next(shape.Length)] = random.Next(200, 700);
            if (shape.Aggregate(1L, (a, b) => a * b) > 100_000) continue;
            var axes = Enumerable.Range(0, shape.Length).Where(_ => random.Next(2) == 0).ToArray();
            var plan = new ReductionPlan(shape, [.. axes.Select(a => random.Next(2) == 0 ? a : a - shape.Length)]);
            var x = new float[plan.Count];
            for (var i = 0; i < x.Length; i++) x[i] = (float)(0.9 + (random.NextDouble() * 0.2));
            var groups = Groups(shape, axes, x);
            Assert.Equal(groups.Count, plan.ResultCount);
            float[] result = new float[groups.Count], threaded = new float[groups.Count];
            Floats[name].Fast(plan, x, result, 1);
            Floats[name].Fast(plan, x, threaded, 3);
            Assert.Equal(result, threaded);
            for (var i = 0; i < result.Length; i++)
            {
                var exact = Floats[name].Exact([.. groups[i]]);
                Assert.True(Math.Abs(result[i] - exact) <= 1e-5 * Math.Max(1, Math.Abs(exact)), $"{name} of [{string.Join(", ", shape)}] over [{string.Join(", ", axes)}]: {result[i]} at {i}, expected {exact}");
            }
        }
    }

    [Fact]
    public void Threads_change_no_bit_of_large_reductions()
    {
        var random = new Random(3);
        var x = new float[64 * 100 * 65];
        for (var i = 0; i < x.Length; i++) x[i] = (float)random.NextDouble();
        foreach (var axes in new int[][] { [0], [1], [2], [0, 2] })
        {
            var plan = new ReductionPlan([64, 100, 65], axes);
            float[] one = new float[plan.ResultCount], many = new float[plan.ResultCount];
            AxisReductions.Sum<float>(plan, x, one);
            AxisReductions.Sum<float>(plan, x, many, 2);
            Assert.Equal(one, many);
            LogSumExp.Run(plan, x, one);
            LogSumExp.Run(plan, x, many, 2);
            Assert.Equal(one, many);
        }
    }

    [Fact]
    public void Integers_wrap_and_means_are_truncated()
    {
        var plan = new ReductionPlan([2, 300], [1]);
        var x = new sbyte[600];
        Array.Fill(x, (sbyte)-1, 300, 300);
        Array.Fill(x, (sbyte)2, 0, 300);
        var result = new sbyte[2];
        AxisReductions.Sum<sbyte>(plan, x, result);
        Assert.Equal([unchecked((sbyte)600), unchecked((sbyte)-300)], result);
        var ints = new int[2];
        AxisReductions.Mean<int>(new ReductionPlan([2, 2], [-1]), [-3, -4, 5, 6], ints);
        Assert.Equal([-3, 5], ints);
    }

    [Fact]
    public void Extremes_are_not_numbers_when_an_element_is_not()
    {
        var plan = new ReductionPlan([2, 70], [1]);
        var x = new float[140];
        x[33] = float.NaN;
        x[100] = -5;
        var result = new float[2];
        AxisReductions.Max<float>(plan, x, result);
        Assert.Equal([float.NaN, 0], result);
        AxisReductions.Min<float>(plan, x, result);
        Assert.Equal([float.NaN, -5], result);
    }

    [Fact]
    public void No_elements_give_the_identity()
    {
        var plan = new ReductionPlan([2, 0], [1]);
        var result = new float[2];
        AxisReductions.Sum<float>(plan, [], result);
        Assert.Equal([0, 0], result);
        AxisReductions.Max<float>(plan, [], result);
        Assert.Equal([float.NegativeInfinity, float.NegativeInfinity], result);
        AxisReductions.Prod<float>(plan, [], result);
        Assert.Equal([1, 1], result);
        LogSumExp.Run(plan, [], result);
        Assert.Equal([float.NegativeInfinity, float.NegativeInfinity], result);
    }

    [Fact]
    public void Plan_refuses_an_axis_the_tensor_does_not_have() => Assert.Contains("axis 2 of a tensor with 2 dimensions", Assert.Throws<RecordException>(() => new ReductionPlan([2, 3], [2])).Message);

    [Theory]
    [InlineData(1, 1000, 1)]
    [InlineData(7, 33, 1)]
    [InlineData(3, 5, 300)]
    [InlineData(2, 1, 4)]
    public void Softmax_is_that_of_the_definition(int outer, int n, int inner)
    {
        var random = new Random(8);
        var x = new float[outer * n * inner];
        for (var i = 0; i < x.Length; i++) x[i] = (float)((random.NextDouble() - 0.5) * 30);
        float[] y = new float[x.Length], log = new float[x.Length], threaded = new float[x.Length];
        var doubles = new double[x.Length];
        Softmax.Run(x, y, outer, n, inner);
        Softmax.RunLog(x, log, outer, n, inner);
        Softmax.Run(Array.ConvertAll(x, e => (double)e), doubles, outer, n, inner);
        for (var o = 0; o < outer; o++)
        {
            for (var c = 0; c < inner; c++)
            {
                var at = Enumerable.Range(0, n).Select(i => (((o * n) + i) * inner) + c).ToArray();
                var max = at.Max(i => x[i]);
                var sum = at.Sum(i => Math.Exp(x[i] - (double)max));
                foreach (var i in at)
                {
                    var exact = Math.Exp(x[i] - (double)max) / sum;
                    Assert.Equal(exact, y[i], exact * 3e-6);
                    Assert.Equal(exact, doubles[i], exact * 1e-14);
                    Assert.Equal(x[i] - max - Math.Log(sum), log[i], 1e-5);
                }
            }
        }
        Softmax.Run(x, threaded, outer, n, inner, threads: 2);
        Assert.Equal(y, threaded);
        Softmax.Run(x, x, outer, n, inner);
        Assert.Equal(y, x);
    }

    [Fact]
    public void Softmax_of_a_row_does_not_depend_on_the_batch()
    {
        var random = new Random(9);
        var x = new float[40 * 1001];
        for (var i = 0; i < x.Length; i++) x[i] = (float)((random.NextDouble() - 0.5) * 30);
        float[] all = new float[x.Length], one = new float[1001];
        Softmax.Run(x, all, 40, 1001, 1, threads: 2);
        Softmax.Run(x.AsSpan(17 * 1001, 1001), one, 1, 1001, 1);
        Assert.Equal(all.AsSpan(17 * 1001, 1001).ToArray(), one);
    }

    // A row with hidden elements behind it, too long for the way of short rows: these add nothing to its sum.
    [Fact]
    public void Softmax_of_short_rows_has_the_bits_of_long_ones_and_of_a_row_alone()
    {
        const int Rows = 37;
        const int Long = 17;
        var random = new Random(10);
        for (var n = 1; n <= 16; n++)
        {
            var x = new float[Rows * n];
            for (var i = 0; i < x.Length; i++) x[i] = random.Next(40) switch { 0 => float.NegativeInfinity, 1 => -0f, 2 => 0f, _ => (float)((random.NextDouble() - 0.5) * 30) };
            (x[^1], x[0]) = (float.NaN, float.PositiveInfinity);
            float[] wide = new float[Rows * Long], y = new float[x.Length], log = new float[x.Length], alone = new float[n];
            Array.Fill(wide, float.NegativeInfinity);
            for (var row = 0; row < Rows; row++) x.AsSpan(row * n, n).CopyTo(wide.AsSpan(row * Long));
            var wideLog = (float[])wide.Clone();
            Softmax.Run(x, y, Rows, n, 1);
            Softmax.RunLog(x, log, Rows, n, 1);
            Softmax.Run(wide, wide, Rows, Long, 1);
            Softmax.RunLog(wideLog, wideLog, Rows, Long, 1);
            for (var row = 0; row < Rows; row++)
            {
                Assert.Equal(wide.AsSpan(row * Long, n).ToArray(), y.AsSpan(row * n, n).ToArray());
                Assert.Equal(wideLog.AsSpan(row * Long, n).ToArray(), log.AsSpan(row * n, n).ToArray());
                Softmax.Run(x.AsSpan(row * n, n), alone, 1, n, 1);
                Assert.Equal(alone, y.AsSpan(row * n, n).ToArray());
            }
        }
    }

    [Fact]
    public void Largest_element_is_found_first_or_last()
    {
        float[] x = [1, 5, 5, 2, float.NaN, 3, float.NaN, 0];
        var at = new long[2];
        ArgReductions.Max<float>(x, at, 2, 4, 1);
        Assert.Equal([1, 0], at);
        ArgReductions.Max<float>(x, at, 2, 4, 1, last: true);
        Assert.Equal([2, 2], at);
        ArgReductions.Min<int>([3, 1, 1, 2], at, 1, 2, 2);
        Assert.Equal([1, 0], at);
        ArgReductions.Min<int>([3, 1, 3, 1], at, 1, 2, 2, last: true);
        Assert.Equal([1, 1], at);
        var hard = new float[8];
        ArgReductions.Hardmax<float>([1, 5, 5, 2, 0, 3, 7, 0], hard, 2, 4, 1);
        Assert.Equal([0, 1, 0, 0, 0, 0, 1, 0], hard);
    }

    [Fact]
    public void Reductions_allocate_nothing()
    {
        var x = new float[6400];
        var result = new float[64];
        var plan = new ReductionPlan([64, 100], [1]);
        void All()
        {
            AxisReductions.Mean<float>(plan, x, result);
            LogSumExp.Run(plan, x, result);
            Softmax.Run(x, x, 64, 100, 1);
            Softmax.RunLog(x, x, 1, 64, 100);
        }
        All();
        var before = GC.GetAllocatedBytesForCurrentThread();
        All();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static List<List<double>> Groups(long[] shape, int[] axes, float[] x)
    {
        var groups = new SortedDictionary<long, List<double>>();
        for (long i = 0; i < x.Length; i++)
        {
            long rest = i, key = 0, stride = 1;
            for (var d = shape.Length - 1; d >= 0; d--)
            {
                var at = rest % shape[d];
                rest /= shape[d];
                if (axes.Contains(d)) continue;
                key += at * stride;
                stride *= shape[d];
            }
            if (!groups.TryGetValue(key, out var group)) groups[key] = group = [];
            group.Add(x[i]);
        }
        return [.. groups.Values];
    }
}
