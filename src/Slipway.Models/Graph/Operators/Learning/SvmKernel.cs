using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>The kernel function of a support vector machine between rows and its vectors (C.-C. Chang, C.-J. Lin: LIBSVM).</summary>
internal sealed class SvmKernel
{
    private readonly float[] _vectors;
    private readonly PackedMatrix<float> _packed;
    private readonly Kind _kind;
    private readonly float _gamma;
    private readonly float _offset;
    private readonly float _degree;

    /// <param name="vectors">[count, features].</param>
    /// <param name="isLinear">The vectors are the coefficients of linear models.</param>
    public SvmKernel(NodeInfo node, float[] vectors, int count, bool isLinear)
    {
        if (count <= 0 || vectors.Length == 0 || vectors.Length % count != 0) throw node.Wrong($"{vectors.Length} values are given for {count} vectors");
        Count = count;
        Features = vectors.Length / count;
        _vectors = vectors;
        var kind = node.Text("kernel_type", "LINEAR");
        _kind = isLinear ? Kind.Linear : kind switch
        {
            "LINEAR" => Kind.Linear,
            "POLY" => Kind.Polynomial,
            "RBF" => Kind.Radial,
            "SIGMOID" => Kind.Sigmoid,
            _ => throw node.Wrong($"attribute 'kernel_type': '{kind}' is unknown: LINEAR, POLY, RBF or SIGMOID is expected"),
        };
        switch (node.Floats("kernel_params") ?? [])
        {
            case []: break;
            case [var gamma, var offset, var degree, ..]: (_gamma, _offset, _degree) = (gamma, offset, degree); break;
            default: throw node.Wrong("attribute 'kernel_params': gamma, coef0 and degree are expected");
        }
        _packed = PackedMatrix<float>.Pack(Features, count, vectors, 1, Features);
    }

    private enum Kind
    {
        Linear,
        Polynomial,
        Radial,
        Sigmoid,
    }

    /// <summary>Vectors.</summary>
    public int Count { get; }

    public int Features { get; }

    /// <param name="values">[rows, <see cref="Count"/>].</param>
    /// <exception cref="RecordException">Rows have another number of features.</exception>
    public void Compute(ReadOnlySpan<float> x, int rows, int features, Span<float> values, int threads)
    {
        if (features != Features) throw new RecordException($"rows have {features} features, the vectors have {Features}");
        if (rows == 0) return;
        if (_kind == Kind.Radial)
        {
            Distances(x, rows, values);
            return;
        }
        Gemm.Run(rows, Count, Features, x, Features, 1, _packed, values, Count, default, threads);
        switch (_kind)
        {
            case Kind.Polynomial:
                foreach (ref var value in values) value = MathF.Pow((_gamma * value) + _offset, _degree);
                break;
            case Kind.Sigmoid:
                foreach (ref var value in values) value = MathF.Tanh((_gamma * value) + _offset);
                break;
        }
    }

    private void Distances(ReadOnlySpan<float> x, int rows, Span<float> values)
    {
        for (var row = 0; row < rows; row++)
        {
            var of = x.Slice(row * Features, Features);
            for (var v = 0; v < Count; v++)
            {
                var vector = _vectors.AsSpan(v * Features, Features);
                var sum = 0f;
                for (var i = 0; i < of.Length; i++)
                {
                    var d = of[i] - vector[i];
                    sum += d * d;
                }
                values[(row * Count) + v] = MathF.Exp(-_gamma * sum);
            }
        }
    }
}
