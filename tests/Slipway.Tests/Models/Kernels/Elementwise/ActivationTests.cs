using Slipway.Models.Kernels;

namespace Slipway.Tests.Models.Kernels;

public sealed class ActivationTests
{
    private static readonly Dictionary<string, (ChainStep Step, Func<double, double> Exact)> Steps = new()
    {
        ["Relu"] = (new(ChainOperation.Relu), x => Math.Max(x, 0)),
        ["Clip"] = (new(ChainOperation.Clip, -0.5f, 1.25f), x => Math.Clamp(x, -0.5, 1.25)),
        ["LeakyRelu"] = (new(ChainOperation.LeakyRelu, 0.1f), x => x < 0 ? 0.1f * x : x),
        ["ThresholdedRelu"] = (new(ChainOperation.ThresholdedRelu, 0.7f), x => x > 0.7f ? x : 0),
        ["Elu"] = (new(ChainOperation.Selu, 1.5f, 1), x => x < 0 ? 1.5 * Exact.ExpM1(x) : x),
        ["Selu"] = (new(ChainOperation.Selu, 1.6732632f, 1.050701f), x => 1.050701f * (x < 0 ? 1.6732632f * Exact.ExpM1(x) : x)),
        ["Celu"] = (new(ChainOperation.Celu, 2), x => x < 0 ? 2 * Exact.ExpM1(x / 2) : x),
        ["HardSigmoid"] = (new(ChainOperation.HardSigmoid, 0.2f, 0.5f), x => Math.Clamp((0.2f * x) + 0.5, 0, 1)),
        ["HardSwish"] = (new(ChainOperation.HardSwish), x => x * Math.Clamp((x / 6) + 0.5, 0, 1)),
        ["Softsign"] = (new(ChainOperation.Softsign), x => x / (1 + Math.Abs(x))),
        ["Shrink"] = (new(ChainOperation.Shrink, 0.5f, 0.25f), x => x < -0.5 ? x + 0.25 : x > 0.5 ? x - 0.25 : 0),
        ["Swish"] = (new(ChainOperation.Swish, 1.7f), x => x * Exact.Sigmoid(1.7f * x)),
        ["Sqrt"] = (new(ChainOperation.Sqrt), Math.Sqrt),
        ["Power"] = (new(ChainOperation.Power, 3), x => x * x * x),
        ["SubtractFrom"] = (new(ChainOperation.SubtractFrom, 3), x => 3 - x),
        ["DivideInto"] = (new(ChainOperation.DivideInto, 3), x => 3 / x),
    };

    public static TheoryData<string> Names => [.. Steps.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Activation_is_that_of_the_definition(string name)
    {
        var (step, exact) = Steps[name];
        var x = Numbers(1013);
        x[77] = float.NaN;
        var y = new float[x.Length];
        new ElementwiseChain(step).Run(x, y);
        for (var i = 0; i < x.Length; i++)
        {
            var expected = float.IsNaN(x[i]) ? double.NaN : exact(x[i]);
            if (double.IsNaN(expected)) Assert.Equal(float.NaN, y[i]);
            else Assert.Equal(expected, y[i], Math.Max(1e-6, Math.Abs(expected) * 1e-6));
        }
    }

    [Fact]
    public void Activation_has_the_same_bits_in_every_width()
    {
        var x = Numbers(1013);
        float[] wide = new float[x.Length], middle = new float[x.Length], narrow = new float[x.Length];
        ActivationMap.Map<Activations.Selu, SimdVector512<float>>(new(1.67f, 1.05f), x, wide);
        ActivationMap.Map<Activations.Selu, SimdVector256<float>>(new(1.67f, 1.05f), x, middle);
        ActivationMap.Map<Activations.Selu, SimdVector128<float>>(new(1.67f, 1.05f), x, narrow);
        Assert.Equal(wide, middle);
        Assert.Equal(wide, narrow);
    }

    [Theory]
    [InlineData(6, 5000)]
    [InlineData(700, 1)]
    [InlineData(5000, 1)]
    [InlineData(3, 49)]
    public void Chain_has_the_bits_of_its_steps_alone(int channels, int inner)
    {
        var x = Numbers(3 * channels * inner);
        var other = Numbers(x.Length);
        Array.Reverse(other);
        var numbers = Numbers(channels);
        ChainStep[] steps = [new(ChainOperation.MultiplyPerChannel, PerChannel: numbers), new(ChainOperation.AddPerChannel, PerChannel: numbers), new(ChainOperation.Gelu), new(ChainOperation.AddOther), new(ChainOperation.Tanh)];
        var expected = x.ToArray();
        for (var i = 0; i < x.Length; i++)
        {
            var number = numbers[i / inner % channels];
            expected[i] = (x[i] * number) + number;
        }
        VectorMath.Gelu(expected, expected);
        for (var i = 0; i < x.Length; i++) expected[i] += other[i];
        VectorMath.Tanh(expected, expected);
        var chain = new ElementwiseChain(steps);
        float[] y = new float[x.Length], threaded = new float[x.Length];
        chain.Run(x, y, channels, inner, other);
        chain.Run(x, threaded, channels, inner, other, threads: 2);
        Assert.Equal(expected, y);
        Assert.Equal(expected, threaded);
        var before = GC.GetAllocatedBytesForCurrentThread();
        chain.Run(x, x, channels, inner, other);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(expected, x);
    }

    [Fact]
    public void Chain_refuses_channels_that_do_not_fit()
    {
        var chain = new ElementwiseChain(new ChainStep(ChainOperation.AddPerChannel, PerChannel: [1, 2, 3]));
        Assert.Contains("not 3 channels of 5", Assert.Throws<ArgumentException>(() => chain.Run(new float[16], new float[16], 3, 5)).Message);
    }

    private static float[] Numbers(int count)
    {
        var random = new Random(count);
        var x = new float[count];
        for (var i = 0; i < count; i++) x[i] = (float)((random.NextDouble() * 8) - 4);
        return x;
    }
}
