using System.Collections.Immutable;

namespace Slipway.Models.Rows.VectorMachines;

/// <summary>One decision function: a weighted sum of kernel values, or of the input itself, and a constant.</summary>
/// <param name="Vectors">The support vectors, as indices; empty when <paramref name="Coefficients"/> are weights of the input.</param>
internal sealed record DecisionFunction(ImmutableArray<int> Vectors, ImmutableArray<double> Coefficients, double Constant);

/// <summary>Decision functions over one input, which share their support vectors: the kernel value of each vector is computed once.</summary>
/// <param name="kernelSlot">The first of <see cref="VectorSet.PaddedCount"/> slots.</param>
internal sealed class DecisionFunctions(VectorInput input, KernelFunction kernel, VectorSet vectors, ImmutableArray<DecisionFunction> functions, int kernelSlot)
{
    public int Count => functions.Length;

    /// <summary>To be called before <see cref="Evaluate"/>.</summary>
    /// <returns>False when a part of the input is missing.</returns>
    public bool TryPrepare(in Row row)
    {
        if (!input.TryGather(row)) return false;
        if (vectors.Count > 0) kernel.Evaluate(vectors, input.Values(row), row.Cells.Slice(kernelSlot, vectors.PaddedCount));
        return true;
    }

    public double Evaluate(in Row row, int index)
    {
        var function = functions[index];
        var coefficients = function.Coefficients.AsSpan();
        double sum = 0;
        if (function.Vectors.IsEmpty)
        {
            var values = input.Values(row);
            for (var i = 0; i < coefficients.Length; i++) sum += coefficients[i] * values[i];
        }
        else
        {
            var values = row.Cells.Slice(kernelSlot, vectors.Count);
            var indices = function.Vectors.AsSpan();
            for (var i = 0; i < coefficients.Length; i++) sum += coefficients[i] * values[indices[i]];
        }
        return sum + function.Constant;
    }
}
