using Slipway.Conformance.Models;
using Slipway.Core;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Tests.Models.XGBoost;

public class GoldenTests
{
    public static TheoryData<string> Models => [.. GoldenFiles.Models];

    [Theory]
    [MemberData(nameof(Models))]
    public void Predictions_equal_XGBoosts_bit_for_bit_in_every_kernel(string model)
    {
        using var inputs = GoldenFiles.Inputs(model);
        using var expected = GoldenFiles.Expected(model);
        foreach (var kernel in Enum.GetValues<KernelKind>())
        {
            using var opened = TreesRuntime.Open(GoldenFiles.PathOf(model), RuntimeOptions.Default, kernel);
            using var outputs = opened.Run(inputs);
            Assert.True(TensorComparison.Difference(expected, outputs[0]) is null, $"{kernel}: {TensorComparison.Difference(expected, outputs[0])}, {WorstUlps(expected, outputs[0])} ULP");
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Runtime_keeps_the_model_contract(string model) =>
        ModelChecks.Run(new TreesRuntime(), GoldenFiles.PathOf(model), () => GoldenFiles.Inputs(model));

    private static long WorstUlps(Tensor expected, Tensor actual)
    {
        var worst = 0L;
        for (var i = 0; i < Math.Min(expected.Count, actual.Count); i++)
        {
            worst = Math.Max(worst, Math.Abs((long)Ordered(expected.Values<float>()[i]) - Ordered(actual.Values<float>()[i])));
        }
        return worst;
    }

    private static int Ordered(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value);
        return bits < 0 ? int.MinValue - bits : bits;
    }
}
