namespace Slipway.Models.Kernels;

/// <summary>The largest element under each window; NaN if any is, −∞ where there is none.</summary>
internal sealed class MaxPooling(SpatialWindow window) : Pooling(window, TapKernel.Max, float.NegativeInfinity, window.Taps <= MostTaps ? MaxRows.For(window) : null)
{
    protected override void RunReference(int planes, ReadOnlySpan<float> input, Span<float> output) => PoolingReference.Max(Window, planes, input, output, default, columnMajor: false);
}
