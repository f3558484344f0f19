using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Slipway.Models.Kernels;

namespace Slipway.Tests.Models.Kernels;

/// <summary>
/// Digests of results, as every machine must give them. Run the tests with DOTNET_EnableAVX512=0, DOTNET_EnableAVX2=0 or DOTNET_EnableHWIntrinsic=0
/// to see what narrower machines compute.
/// </summary>
public sealed class MachineTests
{
    [Fact]
    public void Functions_of_float32_have_the_bits_of_every_machine()
    {
        var x = Numbers();
        var y = new float[x.Length];
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        VectorMath.Exp(x, y);
        Append(digest, y);
        VectorMath.Log(x, y);
        Append(digest, y);
        VectorMath.Tanh(x, y);
        Append(digest, y);
        VectorMath.Sigmoid(x, y);
        Append(digest, y);
        VectorMath.Softplus(x, y);
        Append(digest, y);
        VectorMath.Mish(x, y);
        Append(digest, y);
        VectorMath.Erf(x, y);
        Append(digest, y);
        VectorMath.Gelu(x, y);
        Append(digest, y);
        VectorMath.GeluTanh(x, y);
        Append(digest, y);
        VectorMath.Sin(x, y);
        Append(digest, y);
        VectorMath.Acos(x, y);
        Append(digest, y);
        VectorMath.Pow(x, x, y);
        Append(digest, y);
        Assert.Equal("78056ee9db9e02cd03c4422b", Digest(digest));
    }

    [Fact]
    public void Reductions_and_normalizations_have_the_bits_of_every_machine()
    {
        var x = Array.ConvertAll(Numbers(), v => float.IsFinite(v) && MathF.Abs(v) < 1e6f ? v : 1);
        var n = x.Length / 3;
        var y = new float[x.Length];
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var axis in new[] { 0, 1 })
        {
            var plan = new ReductionPlan([3, n], [axis]);
            var sums = new float[plan.ResultCount];
            AxisReductions.Sum<float>(plan, x, sums);
            Append(digest, sums);
            AxisReductions.SumSquare<float>(plan, x, sums);
            Append(digest, sums);
            LogSumExp.Run(plan, x, sums);
            Append(digest, sums);
        }
        Softmax.Run(x, y, 3, n, 1);
        Append(digest, y);
        Softmax.RunLog(x, y, 1, 3, n);
        Append(digest, y);
        LayerNorm.Run(x, y, n, x.AsSpan(0, n), x.AsSpan(n, n), 1e-5f);
        Append(digest, y);
        var shape = new AttentionShape(1, 1, 1, 40, 40, 16, 16);
        Attention.Run(shape, new AttentionOptions(0.01f), x.AsSpan(0, 640), x.AsSpan(640, 640), x.AsSpan(1280, 640), default, y.AsSpan(0, 640), new float[Attention.ScratchLength(shape, 1)]);
        Append(digest, y.AsSpan(0, 640));
        Assert.Equal("4f575ed4b9787a202b2db5d5", Digest(digest));
    }

    private static string Digest(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 12));

    private static void Append(IncrementalHash hash, Span<float> y)
    {
        // Which NaN it is may differ.
        foreach (ref var value in y)
        {
            if (float.IsNaN(value)) value = float.NaN;
        }
        hash.AppendData(MemoryMarshal.AsBytes(y));
    }

    private static float[] Numbers()
    {
        var random = new Random(17);
        var x = new float[3 * 1371];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = (i % 3) == 0 ? BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)) : (float)((random.NextDouble() - 0.5) * 40);
        }
        return x;
    }
}
