using System.Globalization;
using Slipway.Core;
using Slipway.Models.Trees;
using Xunit;

namespace Slipway.Tests.Models.XGBoost;

/// <summary>Margins, leaves and contributions against XGBoost's own (make_explanations.py).</summary>
public sealed class ExplanationTests
{
    public static TheoryData<string> Models =>
        ["squared-error", "binary-logistic", "softprob", "dart", "random-forest", "deep", "stump", "no-split", "poisson", "categorical-onehot", "categorical-partition"];

    [Theory]
    [MemberData(nameof(Models))]
    public void Margins_are_those_of_XGBoost(string model) => AssertAnswers<float>(model, OutputKind.Margin, "margin", 0);

    [Theory]
    [MemberData(nameof(Models))]
    public void Leaves_are_those_of_XGBoost(string model) => AssertAnswers<int>(model, OutputKind.Leaf, "leaf", 0);

    /// <summary>XGBoost adds its contributions up in float32.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void Contributions_are_those_of_XGBoost(string model) => AssertAnswers<float>(model, OutputKind.Contributions, "contribution", 2e-6);

    [Theory]
    [MemberData(nameof(Models))]
    public void Contributions_add_up_to_the_margin(string model)
    {
        using var inputs = GoldenFiles.Inputs(model + ".json");
        using var contributions = Run(model, OutputKind.Contributions, inputs);
        using var margins = Run(model, OutputKind.Margin, inputs);
        var sums = contributions[0].Values<float>();
        var margin = margins[0].Values<float>();
        var width = sums.Length / margin.Length;
        for (var i = 0; i < margin.Length; i++)
        {
            var sum = 0.0;
            foreach (var value in sums.Slice(i * width, width)) sum += value;
            Assert.Equal(margin[i], sum, 1e-5 * Math.Max(1, Math.Abs(margin[i])));
        }
    }

    private static Batch Run(string model, OutputKind kind, Batch inputs)
    {
        using var opened = new TreesRuntime().Open(GoldenFiles.PathOf(model + ".json"), new RuntimeOptions(Output: kind));
        return opened.Run(inputs);
    }

    private static void AssertAnswers<T>(string model, OutputKind kind, string file, double tolerance)
        where T : unmanaged, IConvertible
    {
        using var inputs = GoldenFiles.Inputs(model + ".json");
        using var answers = Run(model, kind, inputs);
        var expected = File.ReadLines(GoldenFiles.PathOf($"{model}.{file}.csv")).SelectMany(line => line.Split(',')).Select(cell => (double)float.Parse(cell, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(expected.Length, answers[0].Count);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], answers[0].Values<T>()[i].ToDouble(CultureInfo.InvariantCulture), tolerance * Math.Max(1, Math.Abs(expected[i])));
    }
}
