using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Operators.Losses;

public class LossTests
{
    private static readonly TensorValue Scores = TensorValue.Of<float>(DataType.Float32, [1, 2, 3, 1, 1, 1], 2, 3);

    /// <summary>NumPy: log softmax is [-2.4076, -1.4076, -0.4076] and three times -1.0986; weights are 4 and 1.</summary>
    [Fact]
    public void The_mean_is_by_the_weights_of_the_labelled_classes()
    {
        var y = OneNode.RunAll("SoftmaxCrossEntropyLoss", 13, 2, [Scores, TensorValue.Vector(2, 0), OneNode.Vector([1, 2, 4])]);

        Assert.Equal(0.5458072292891261, y[0].Values<float>()[0], 1e-6);
        Assert.Equal(-2.40760596444438, y[1].Values<float>()[0], 1e-6);
    }

    [Fact]
    public void Ignored_labels_count_for_nothing_even_outside_of_the_classes()
    {
        TensorValue?[] inputs = [Scores, TensorValue.Vector(2, -7)];

        Assert.Equal(0.40760596444438, OneNode.Run("SoftmaxCrossEntropyLoss", 13, inputs, ("ignore_index", -7)).Values<float>()[0], 1e-6);
        Assert.Equal(0, OneNode.Run("SoftmaxCrossEntropyLoss", 13, inputs, ("ignore_index", -7), ("reduction", "none")).Values<float>()[1]);
    }

    [Fact]
    public void A_label_outside_of_the_classes_is_an_error_of_the_data()
    {
        Assert.Throws<RecordException>(() => OneNode.Run("NegativeLogLikelihoodLoss", 13, [Scores, TensorValue.Vector(0, 3)]));
        Assert.Throws<RecordException>(() => OneNode.Run("NegativeLogLikelihoodLoss", 13, [Scores, TensorValue.Vector(0, -1)]));
    }

    [Fact]
    public void Labels_of_another_shape_are_refused() => Assert.Throws<ModelException>(() => OneNode.Run("NegativeLogLikelihoodLoss", 13, [Scores, TensorValue.Vector(0, 1, 2)]));
}
