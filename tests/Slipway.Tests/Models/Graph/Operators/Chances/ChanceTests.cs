using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Operators.Chances;

public class ChanceTests
{
    [Fact]
    public void The_same_seed_gives_the_same_numbers_and_another_seed_others()
    {
        var shape = ("shape", (object)new long[] { 50 });

        var a = OneNode.Run("RandomUniform", 22, [], shape, ("seed", 1f)).Floats();

        Assert.Equal(a, OneNode.Run("RandomUniform", 22, [], shape, ("seed", 1f)).Floats());
        Assert.NotEqual(a, OneNode.Run("RandomUniform", 22, [], shape, ("seed", 2f)).Floats());
    }

    /// <summary>20,000 numbers: the mean is within five standard errors, the deviation within 2 %.</summary>
    [Theory]
    [InlineData("RandomNormal", 3.0, 2.0, "mean", 3f, "scale", 2f)]
    [InlineData("RandomUniform", 3.0, 1.1547005383792517, "low", 1f, "high", 5f)]
    public void Random_numbers_have_the_moments_asked_for(string name, double mean, double deviation, string first, float firstValue, string second, float secondValue)
    {
        var y = OneNode.Run(name, 22, [], ("shape", new long[] { 20000 }), ("dtype", DataType.Float64), (first, firstValue), (second, secondValue), ("seed", 5f)).Values<double>().ToArray();

        Assert.InRange(y.Average(), mean - 5 * deviation / Math.Sqrt(y.Length), mean + 5 * deviation / Math.Sqrt(y.Length));
        Assert.InRange(Math.Sqrt(y.Average(v => (v - mean) * (v - mean))), deviation * 0.98, deviation * 1.02);
    }

    [Fact]
    public void Bernoulli_is_certain_at_0_and_1_and_gives_the_type_asked_for()
    {
        var y = OneNode.Run("Bernoulli", 22, [OneNode.Vector([0, 1, 0, 1])], ("dtype", DataType.Int32));

        Assert.Equal([0, 1, 0, 1], y.Values<int>().ToArray());
    }

    [Fact]
    public void Multinomial_draws_classes_by_their_probabilities_and_never_an_impossible_one()
    {
        var logs = TensorValue.Of<float>(DataType.Float32, [MathF.Log(0.2f), float.NegativeInfinity, MathF.Log(0.8f)], 1, 3);

        var y = OneNode.Run("Multinomial", 22, [logs], ("sample_size", 10000), ("seed", 1f)).Values<int>().ToArray();

        Assert.DoesNotContain(1, y);
        Assert.InRange(y.Count(v => v == 0), 1800, 2200);
    }

    [Fact]
    public void Dropout_in_training_scales_what_it_keeps_and_says_so_in_its_mask()
    {
        var x = OneNode.Vector([.. Enumerable.Range(1, 1000).Select(i => (float)i)]);

        var y = OneNode.RunAll("Dropout", 13, 2, [x, OneNode.Vector([0.75f]), TensorValue.Of<byte>(DataType.Bool, [1])], ("seed", 3));

        var mask = y[1].Values<byte>().ToArray();
        for (var i = 0; i < mask.Length; i++) Assert.Equal(mask[i] == 1 ? (i + 1) * 4 : 0, y[0].Values<float>()[i]);
        Assert.InRange(mask.Count(m => m == 1), 190, 310);
        Assert.Throws<RecordException>(() => OneNode.Run("Dropout", 13, [x, OneNode.Vector([1f]), TensorValue.Of<byte>(DataType.Bool, [1])]));
    }

    [Theory]
    [InlineData(7, (int)DataType.Float32)]
    [InlineData(12, (int)DataType.Bool)]
    public void Dropout_at_inference_is_its_input_with_a_mask_of_ones(int version, int mask)
    {
        var y = OneNode.RunAll("Dropout", version, 2, [OneNode.Vector([1, 2])]);

        Assert.Equal([1, 2], y[0].Floats());
        Assert.Equal((DataType)mask, y[1].Element);
        Assert.Equal([1.0, 1.0], new[] { y[1].NumberAt(0), y[1].NumberAt(1) });
    }
}
