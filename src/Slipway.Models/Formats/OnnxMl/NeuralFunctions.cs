namespace Slipway.Models.Formats.OnnxMl;

/// <summary>Functions of scores, in float32 and in the order of operations of ONNX Runtime.</summary>
internal static class NeuralFunctions
{
    /// <summary>1 / (1 + e^-x) by the rational approximation that ONNX Runtime uses on every processor with fused multiply-add.</summary>
    public static float Sigmoid(float x)
    {
        x = float.IsNaN(x) ? x : Math.Clamp(x, -18f, 18f);
        var square = x * x;
        var p = MathF.FusedMultiplyAdd(square, 4.37031012579801e-11f, 1.15627324459942e-07f);
        p = MathF.FusedMultiplyAdd(p, square, 6.08574864600143e-05f);
        p = MathF.FusedMultiplyAdd(p, square, 8.51377133304701e-03f);
        p = MathF.FusedMultiplyAdd(p, square, 2.48287947061529e-01f);
        p *= x;
        var q = MathF.FusedMultiplyAdd(square, 6.10247389755681e-13f, 5.76102136993427e-09f);
        q = MathF.FusedMultiplyAdd(q, square, 6.29106785017040e-06f);
        q = MathF.FusedMultiplyAdd(q, square, 1.70198817374094e-03f);
        q = MathF.FusedMultiplyAdd(q, square, 1.16817656904453e-01f);
        q = MathF.FusedMultiplyAdd(q, square, 9.93151921023180e-01f);
        var sigmoid = (p / q) + 0.5f;
        return float.IsNaN(sigmoid) ? sigmoid : Math.Clamp(sigmoid, 0f, 1f);
    }

    public static void DivideByLargest(Span<float> row)
    {
        var largest = float.MinValue;
        foreach (var x in row) largest = Math.Max(largest, x);
        if (largest == 0) return;
        foreach (ref var x in row) x /= largest;
    }

    public static void DivideByAbsoluteSum(Span<float> row)
    {
        var sum = 0f;
        foreach (var x in row) sum += MathF.Abs(x);
        if (sum == 0) return;
        foreach (ref var x in row) x /= sum;
    }

    public static void DivideByLength(Span<float> row)
    {
        var sum = 0f;
        foreach (var x in row) sum += x * x;
        if (sum == 0) return;
        foreach (ref var x in row) x = x < 0 ? -MathF.Sqrt(x * x / sum) : MathF.Sqrt(x * x / sum);
    }
}
