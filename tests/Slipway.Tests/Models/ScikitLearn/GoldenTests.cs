using Slipway.Conformance.Models;
using Slipway.Core;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Tests.Models.ScikitLearn;

/// <summary>Every answer bit for bit: .NET and numpy (without its AVX-512 functions) take exponentials and logarithms from the same C library.</summary>
public class GoldenTests
{
    public static TheoryData<string> Models => [.. GoldenFiles.Models];

    public static TheoryData<string> Cases => [.. GoldenFiles.Cases];

    [Theory]
    [MemberData(nameof(Models))]
    public void Answers_equal_scikit_learns(string model)
    {
        var rows = GoldenFiles.Input(model);
        using var opened = new TreesRuntime().Open(GoldenFiles.PathOf(model), RuntimeOptions.Default);
        using var outputs = opened.Run(GoldenFiles.Inputs(opened.Signature, rows));
        var predictions = outputs[outputs.Count - 1];
        Compare(GoldenFiles.Answers(model, "expected")!, predictions, 0);
        if (GoldenFiles.Labels(model) is not { } labels)
        {
            Assert.Single(outputs);
            return;
        }
        Assert.Equal(labels.SelectMany(l => l), Enumerable.Range(0, outputs[0].Count).Select(i => outputs[0].GetText(i)!.Replace(',', ';')));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Leaves_are_numbered_as_apply_numbers_them(string model)
    {
        if (GoldenFiles.Answers(model, "leaf") is not { } expected) return;
        using var opened = new TreesRuntime().Open(GoldenFiles.PathOf(model), new RuntimeOptions(Output: OutputKind.Leaf));
        using var outputs = opened.Run(GoldenFiles.Inputs(opened.Signature, GoldenFiles.Input(model)));
        Assert.Equal(expected.SelectMany(r => r), outputs[0].Values<int>().ToArray().Select(i => (double)i));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Margins_equal_decision_function(string model)
    {
        if (GoldenFiles.Answers(model, "margin") is not { } expected) return;
        using var opened = new TreesRuntime().Open(GoldenFiles.PathOf(model), new RuntimeOptions(Output: OutputKind.Margin));
        using var outputs = opened.Run(GoldenFiles.Inputs(opened.Signature, GoldenFiles.Input(model)));
        Compare(expected, outputs[0], 0);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_kernel_gives_the_same_bits(string name)
    {
        var path = GoldenFiles.PathOf(name + ".json");
        using var reference = TreesRuntime.Open(path, RuntimeOptions.Default, KernelKind.Reference);
        var rows = GoldenFiles.Input(name);
        using var expected = reference.Run(GoldenFiles.Inputs(reference.Signature, rows));
        foreach (var kernel in Enum.GetValues<KernelKind>())
        {
            using var opened = TreesRuntime.Open(path, RuntimeOptions.Default, kernel);
            using var outputs = opened.Run(GoldenFiles.Inputs(opened.Signature, rows));
            Assert.Null(TensorComparison.Difference(expected, outputs));
        }
    }

    [Theory]
    [InlineData("tree-classifier.0.pkl")]
    [InlineData("tree-two-outputs.json")]
    [InlineData("forest-classifier.zlib.joblib")]
    [InlineData("gradient-three.4.pkl")]
    [InlineData("histogram-categories.joblib")]
    [InlineData("isolation.json")]
    [InlineData("adaboost-regressor.4.pkl")]
    public void Runtime_keeps_the_model_contract(string model)
    {
        var path = GoldenFiles.PathOf(model);
        var signature = new TreesRuntime().Describe(path).Signature!;
        ModelChecks.Run(new TreesRuntime(), path, () => GoldenFiles.Inputs(signature, GoldenFiles.Input(model)));
    }

    private static void Compare(double[][] expected, Tensor actual, long ulps)
    {
        Assert.Equal(expected.Sum(r => r.Length), actual.Count);
        var values = actual.Values<double>();
        var worst = 0L;
        var differ = 0;
        var at = 0;
        foreach (var value in expected.SelectMany(r => r))
        {
            var distance = Math.Abs(Ordered(value) - Ordered(values[at++]));
            worst = Math.Max(worst, distance);
            if (distance > 0) differ++;
        }
        Assert.True(worst <= ulps, $"{differ} of {values.Length} values differ, the worst by {worst} ULP; {ulps} are allowed");
    }

    private static long Ordered(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        return bits < 0 ? long.MinValue - bits : bits;
    }
}
