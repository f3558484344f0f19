using Slipway.Models.Kernels;

namespace Slipway.Tests.Models.Kernels;

public sealed class ActivationTests
{
    private static readonly Dictionary<string, (Map Map, Func<double, double> Exact)> Functions = new()
    {
        ["Clip"] = (Of(new Activations.Clip(-0.5f, 1.25f)), x => Math.Clamp(x, -0.5, 1.25)),
        ["LeakyRelu"] = (Of(new Activations.LeakyRelu(0.1f)), x => x < 0 ? 0.1f * x : x),
        ["ThresholdedRelu"] = (Of(new Activations.ThresholdedRelu(0.7f)), x => x > 0.7f ? x : 0),
        ["Elu"] = (Of(new Activations.Selu(1.5f, 1)), x => x < 0 ? 1.5 * Exact.ExpM1(x) : x),
        ["Selu"] = (Of(new Activations.Selu(1.6732632f, 1.050701f)), x => 1.050701f * (x < 0 ? 1.6732632f * Exact.ExpM1(x) : x)),
        ["Celu"] = (Of(new Activations.Celu(2)), x => x < 0 ? 2 * Exact.ExpM1(x / 2) : x),
        ["HardSigmoid"] = (Of(new Activations.HardSigmoid(0.2f, 0.5f)), x => Math.Clamp((0.2f * x) + 0.5, 0, 1)),
        ["HardSwish"] = (Of(new Activations.HardSwish()), x => x * Math.Clamp((x / 6) + 0.5, 0, 1)),
        ["Softsign"] = (Of(new Activations.Softsign()), x => x / (1 + Math.Abs(x))),
        ["Shrink"] = (Of(new Activations.Shrink(0.5f, 0.25f)), x => x < -0.5 ? x + 0.25 : x > 0.5 ? x - 0.25 : 0),
        ["Swish"] = (Of(new Activations.Swish(1.7f)), x => x * Exact.Sigmoid(1.7f * x)),
    };

    private delegate void Map(ReadOnlySpan<float> x, Span<float> y);

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Activation_is_that_of_the_definition(string name)
    {
        var (map, exact) = Functions[name];
        var x = Numbers(1013);
        x[77] = float.NaN;
        var y = new float[x.Length];
        map(x, y);
        for (var i = 0; i < x.Length; i++)
        {
            var expected = exact(x[i]);
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

    private static Map Of<TActivation>(TActivation activation) where TActivation : struct, IActivation => (x, y) => ActivationMap.Map(activation, x, y);

    private static float[] Numbers(int count)
    {
        var random = new Random(count);
        var x = new float[count];
        for (var i = 0; i < count; i++) x[i] = (float)((random.NextDouble() * 8) - 4);
        return x;
    }
}
