using System.Numerics.Tensors;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>The scale and zero point of uint8 that just cover some numbers and 0 (ai.onnx DynamicQuantizeLinear).</summary>
internal readonly record struct DynamicQuantization(float Scale, byte Zero)
{
    public static DynamicQuantization Of(ReadOnlySpan<float> x)
    {
        var (least, greatest) = x.IsEmpty ? (0, 0) : (Math.Min(0, TensorPrimitives.Min(x)), Math.Max(0, TensorPrimitives.Max(x)));
        var scale = (greatest - least) / 255;
        if (scale == 0) scale = 1;
        return new DynamicQuantization(scale, (byte)Math.Clamp(MathF.Round(-least / scale), 0, 255));
    }

    /// <param name="y">As long as <paramref name="x"/>.</param>
    public void Quantize(ReadOnlySpan<float> x, Span<byte> y) => LinearBytes.Quantize(x, Scale, Zero, y);
}
