using System.Numerics.Tensors;

namespace Slipway.Models.Kernels;

/// <summary>
/// The mean of the elements under each window: their sum, added in the order of the taps, divided by how many they are. Elements are counted that are in the input or,
/// if asked for, in its padding; never those beyond, where a last window may go.
/// </summary>
internal sealed class AveragePooling : Pooling
{
    private readonly bool _countPadding;
    private readonly float[]? _counts;
    private readonly float _count;

    /// <param name="window">That moves over the planes.</param>
    /// <param name="countPadding">ONNX's <c>count_include_pad</c>.</param>
    public AveragePooling(SpatialWindow window, bool countPadding) : base(window, TapKernel.Sum, 0)
    {
        _countPadding = countPadding;
        var (depth, height, width) = (new WindowCounts(window.Depth, countPadding), new WindowCounts(window.Height, countPadding), new WindowCounts(window.Width, countPadding));
        _count = window.Taps;
        if (depth.IsWhole && height.IsWhole && width.IsWhole) return;
        _counts = new float[window.OutputPixels];
        var pixel = 0;
        for (var z = 0; z < window.Depth.Output; z++)
        {
            for (var y = 0; y < window.Height.Output; y++)
            {
                var line = (float)depth[z] * height[y];
                for (var x = 0; x < window.Width.Output; x++) _counts[pixel++] = line * width[x];
            }
        }
    }

    protected override void RunReference(int planes, ReadOnlySpan<float> input, Span<float> output) => PoolingReference.Average<float, float>(Window, planes, input, output, _countPadding);

    protected override void Finish(Span<float> output)
    {
        if (_counts is null) TensorPrimitives.Divide(output, _count, output);
        else TensorPrimitives.Divide(output, _counts, output);
    }
}
