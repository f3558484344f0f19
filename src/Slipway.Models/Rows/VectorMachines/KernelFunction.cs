namespace Slipway.Models.Rows.VectorMachines;

internal enum KernelKind : byte
{
    /// <summary>x·y</summary>
    Linear,

    /// <summary>(γ x·y + c)ᵈ</summary>
    Polynomial,

    /// <summary>exp(−γ |x − y|²)</summary>
    RadialBasis,

    /// <summary>tanh(γ x·y + c)</summary>
    Sigmoid,
}

/// <summary>A similarity of two vectors of the same length (PMML 4.4.1, Support Vector Machine: KERNEL).</summary>
internal readonly record struct KernelFunction(KernelKind Kind, double Gamma, double Offset, double Degree)
{
    /// <summary>The similarities of an input to all vectors of a set.</summary>
    /// <param name="values">As many as <see cref="VectorSet.PaddedCount"/>; those after the set's count mean nothing.</param>
    public void Evaluate(VectorSet vectors, ReadOnlySpan<double> input, Span<double> values)
    {
        if (Kind == KernelKind.RadialBasis)
        {
            vectors.SquaredDistances(input, values);
            foreach (ref var value in values[..vectors.Count]) value = Math.Exp(-Gamma * value);
            return;
        }
        vectors.Products(input, values);
        if (Kind == KernelKind.Linear) return;
        foreach (ref var value in values[..vectors.Count])
        {
            value = (Gamma * value) + Offset;
            if (Kind == KernelKind.Sigmoid) value = Math.Tanh(value);
            else if (Degree != 1) value = Math.Pow(value, Degree);
        }
    }
}
