using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Operators.Convolutions;

public class ConvTransposeTests
{
    /// <summary>ONNX's case test_convtranspose_output_shape in one dimension, and the same by the native runtime with every auto_pad.</summary>
    [Theory]
    [InlineData("NOTSET")]
    [InlineData("SAME_UPPER")]
    [InlineData("SAME_LOWER")]
    public void ConvTranspose_ends_in_zeros_when_the_output_is_larger_than_what_elements_reach(string autoPad)
    {
        (string, object)[] attributes = [("strides", new long[] { 2 }), ("output_shape", new long[] { 8 }), ("auto_pad", autoPad)];
        var y = OneNode.Run("ConvTranspose", 11, [TensorValue.Of([1f, 2, 3], 1, 1, 3), TensorValue.Of([1f, 1, 1], 1, 1, 3)], attributes);
        Assert.Equal([1f, 1, 3, 2, 5, 3, 3, 0], y.Floats());
    }
}
