using Slipway.Core;
using Slipway.Models.Graph;
using Slipway.Tests.Models.Operators.Learning;

namespace Slipway.Tests.Models.Operators.Images;

/// <summary>Where networks showed that the standard's words leave room: the native runtime decides.</summary>
public sealed class ResamplingTests
{
    [Theory]
    [InlineData("bicubic", "border", 0)]
    [InlineData("bicubic", "border", 1)]
    [InlineData("bicubic", "reflection", 0)]
    [InlineData("bilinear", "border", 1)]
    public void GridSample_agrees_with_the_native_runtime_outside_of_the_image(string mode, string padding, long corners) =>
        BothEngines.Agree("", "GridSample", 16, [("mode", mode), ("padding_mode", padding), ("align_corners", corners)], [BothEngines.Random(1, 1, 2, 5, 6), BothEngines.Random(2, 1, 4, 4, 2)], tolerance: 1e-4);

    /// <summary>0.48 as a float32 is 0.479999989, fifty times that as a float32 24.</summary>
    [Fact]
    public void Resize_rounds_sizes_in_the_precision_of_its_scales() =>
        BothEngines.Agree("", "Resize", 13, [("mode", "linear"), ("coordinate_transformation_mode", "asymmetric")], [BothEngines.Random(1, 1, 1, 50, 20), null, TensorValue.Of([1f, 1, 0.48f, 1.2f])], tolerance: 1e-4);

    [Fact]
    public void Cubic_samples_are_the_border_when_places_are_far_beyond_it()
    {
        var image = TensorValue.Of<float>(DataType.Float32, [1, 2, 3, 4], 1, 1, 2, 2);
        var grid = TensorValue.Of<float>(DataType.Float32, [-1e10f, -1e10f, 1e10f, 1e10f], 1, 1, 2, 2);

        var y = OneNode.Run("GridSample", 20, [image, grid], ("mode", "cubic"), ("padding_mode", "border"));

        Assert.Equal([1, 4], y.Floats());
    }
}
