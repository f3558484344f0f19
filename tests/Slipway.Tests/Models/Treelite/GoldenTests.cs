using Slipway.Conformance.Models;
using Slipway.Core;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Tests.Models.Treelite;

public class GoldenTests
{
    public static TheoryData<string> Models => [.. GoldenFiles.Models];

    [Theory]
    [MemberData(nameof(Models))]
    public void Predictions_are_those_of_the_library_or_walk_in_every_kernel(string model)
    {
        var definition = TreesRuntime.Read(GoldenFiles.PathOf(model));
        Assert.Empty(definition.Unsupported);
        var type = definition.Signature.Inputs[0].Type;
        var expected = GoldenFiles.Expected(model, out var width);
        using var inputs = GoldenFiles.Inputs(model, type);
        foreach (var kernel in Enum.GetValues<KernelKind>())
        {
            using var opened = TreesModel.Compile(definition, RuntimeOptions.Default, kernel);
            using var outputs = opened.Run(inputs);
            Assert.Equal(type, outputs[0].Type);
            Assert.Equal(width, outputs[0].Stride);
            Assert.Equal(expected.Length, outputs[0].Count);
            for (var i = 0; i < expected.Length; i++)
            {
                // Sums in another order than Treelite's: a few units in the last place.
                var tolerance = (type == ElementType.Float32 ? 1e-6 : 1e-14) * Math.Max(1, Math.Abs(expected[i]));
                Assert.Equal(expected[i], outputs[0].NumberAt(i), tolerance);
            }
        }
    }

    [Theory]
    [InlineData("xgboost-logistic.v4.tl")]
    [InlineData("sklearn-forest.v3.tl")]
    [InlineData("two-targets64.v4.tl")]
    public void Runtime_keeps_the_model_contract(string model)
    {
        var type = TreesRuntime.Read(GoldenFiles.PathOf(model)).Signature.Inputs[0].Type;
        ModelChecks.Run(new TreesRuntime(), GoldenFiles.PathOf(model), () => GoldenFiles.Inputs(model, type));
    }
}
