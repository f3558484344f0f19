using Slipway.Models.Trees;

namespace Slipway.Tests.Models.Trees;

public class MarginTransformTests
{
    [Theory]
    [InlineData(0f, 0.5f)]
    [InlineData(float.PositiveInfinity, 1f)]
    [InlineData(1000f, 1f)]
    [InlineData(float.NaN, float.NaN)]
    public void Sigmoid_covers_the_whole_line(float x, float expected) => Assert.Equal([expected], Apply(MarginTransform.Sigmoid, 1, x));

    [Fact]
    public void Sigmoid_of_the_smallest_margins_stays_above_zero_as_in_XGBoost() =>
        Assert.True(Apply(MarginTransform.Sigmoid, 1, -1000f)[0] is > 0 and < 1e-38f);

    [Fact]
    public void Step_is_one_only_above_zero() => Assert.Equal([0, 0, 1, 0], Apply(MarginTransform.Step, 1, -1, 0, float.Epsilon, float.NaN));

    [Fact]
    public void Softmax_sums_to_one_in_each_row_even_for_huge_margins()
    {
        var probabilities = Apply(MarginTransform.Softmax, 3, 1, 2, 3, 1e30f, 0, -1e30f);
        Assert.Equal(1, probabilities[..3].Sum(), 1e-6f);
        Assert.Equal([1, 0, 0], probabilities[3..]);
        Assert.True(probabilities[0] < probabilities[1] && probabilities[1] < probabilities[2]);
    }

    [Fact]
    public void ArgMax_takes_the_first_of_equals()
    {
        var margins = Apply(MarginTransform.ArgMax, 3, 1, 5, 5, 7, 7, 7);
        Assert.Equal([1, 0], margins[..2]);
        Assert.Equal(1, MarginTransform.ArgMax.OutputsFor(3));
    }

    [Fact]
    public void Ascending_sorts_each_row_by_itself() => Assert.Equal([1, 2, 3, 0, 4, 9], Apply(MarginTransform.Ascending, 3, 3, 1, 2, 9, 0, 4));

    private static float[] Apply(MarginTransform transform, int outputs, params float[] margins)
    {
        MarginTransforms.Apply(transform, margins, outputs);
        return margins;
    }
}
