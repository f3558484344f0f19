using System.Numerics.Tensors;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>Integer products as floats.</summary>
internal static class ScaledProduct
{
    /// <param name="matrices">Has room for a scale for each column.</param>
    /// <param name="scaleB">One, or one for each column.</param>
    /// <param name="bias">One for each column.</param>
    /// <param name="residual">Of the output's shape.</param>
    /// <exception cref="RecordException">A tensor does not fit the output.</exception>
    public static void Write(QuantizedMatrices matrices, ReadOnlySpan<int> product, float scaleA, TensorValue scaleB, TensorValue? bias, TensorValue output, TensorValue? residual = null, Activation activation = default)
    {
        var columns = output.Rank == 0 ? 1 : (int)output[^1];
        if (scaleB.Count != 1 && scaleB.Count != columns) throw new RecordException($"the right scale is {scaleB.Type}, one float or {columns} are expected");
        if (bias is not null && bias.Count != columns) throw new RecordException($"the bias is {bias.Type}, {columns} floats are expected");
        if (residual is not null && residual.Count != output.Count) throw new RecordException($"{residual.Type} cannot be added to {output.Type}");
        var scales = matrices.Scales(columns);
        if (scaleB.Count == 1) scales.Fill(scaleA * scaleB.Values<float>()[0]);
        else TensorPrimitives.Multiply(scaleB.Values<float>(), scaleA, scales);
        ScaledSums.Run(product, scales, bias is null ? default : bias.Values<float>(), residual is null ? default : residual.Values<float>(), activation, output.Values<float>());
    }
}
