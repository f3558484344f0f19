namespace Slipway.Models.Graph;

/// <summary>The scale and zero point of uint8 that just cover some numbers and 0 (ai.onnx DynamicQuantizeLinear).</summary>
internal readonly record struct DynamicQuantization(float Scale, byte Zero)
{
    public static DynamicQuantization Of(ReadOnlySpan<float> x)
    {
        float least = 0, greatest = 0;
        foreach (var value in x)
        {
            least = Math.Min(least, value);
            greatest = Math.Max(greatest, value);
        }
        var scale = (greatest - least) / 255;
        if (scale == 0) scale = 1;
        return new DynamicQuantization(scale, (byte)Math.Clamp(MathF.Round(-least / scale), 0, 255));
    }

    /// <param name="y">As long as <paramref name="x"/>.</param>
    public void Quantize(ReadOnlySpan<float> x, Span<byte> y)
    {
        for (var i = 0; i < y.Length; i++) y[i] = (byte)Math.Clamp(MathF.Round(x[i] / Scale) + Zero, 0, 255);
    }
}
