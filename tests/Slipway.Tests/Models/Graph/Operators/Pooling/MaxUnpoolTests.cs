using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Operators.Pooling;

public class MaxUnpoolTests
{
    private static readonly (string, object)[] TwoByTwo = [("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 })];

    private static readonly TensorValue Pooled = TensorValue.Of([5f, 6, 7, 8], 1, 1, 2, 2);

    [Fact]
    public void MaxUnpool_puts_elements_where_the_indices_say() =>
        Assert.Equal([1f, 0, 0, 0, 0, 0, 0, 2, 0, 3, 0, 0, 0, 0, 0, 4], OneNode.Run("MaxUnpool", 11, [TensorValue.Of([1f, 2, 3, 4], 1, 1, 2, 2), Indices(0, 7, 9, 15)], TwoByTwo).Floats());

    /// <summary>ONNX's case test_maxunpool_export_with_output_shape: indices count the elements of [1, 1, 4, 4].</summary>
    [Fact]
    public void MaxUnpool_keeps_indices_of_the_unpooled_shape_when_the_output_is_larger() =>
        Assert.Equal(
            [0f, 0, 0, 0, 0, 0, 5, 0, 6, 0, 0, 0, 0, 0, 0, 0, 7, 0, 8, 0, 0, 0, 0, 0, 0],
            OneNode.Run("MaxUnpool", 11, [Pooled, Indices(5, 7, 13, 15), TensorValue.Vector(1, 1, 5, 5)], TwoByTwo).Floats());

    [Theory]
    [InlineData(16)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void An_index_outside_of_the_unpooled_shape_is_refused(long index) =>
        Assert.Throws<RecordException>(() => OneNode.Run("MaxUnpool", 11, [Pooled, Indices(5, 7, 13, index)], TwoByTwo));

    [Fact]
    public void An_element_that_a_smaller_output_has_no_place_for_is_refused() =>
        Assert.Throws<RecordException>(() => OneNode.Run("MaxUnpool", 11, [Pooled, Indices(5, 7, 13, 15), TensorValue.Vector(1, 1, 3, 5)], TwoByTwo));

    private static TensorValue Indices(params long[] indices) => TensorValue.Of(indices, 1, 1, 2, 2);
}
