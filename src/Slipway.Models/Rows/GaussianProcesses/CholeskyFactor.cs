using System.Numerics;
using System.Runtime.InteropServices;

namespace Slipway.Models.Rows.GaussianProcesses;

/// <summary>The lower triangle L of a symmetric positive definite matrix A = L Lᵀ.</summary>
internal sealed class CholeskyFactor
{
    private readonly double[][] _rows;

    private CholeskyFactor(double[][] rows) => _rows = rows;

    /// <param name="lower">The rows of A up to the diagonal; they become those of L.</param>
    /// <returns>Null when A is not positive definite.</returns>
    public static CholeskyFactor? TryCreate(double[][] lower)
    {
        for (var i = 0; i < lower.Length; i++)
        {
            var row = lower[i];
            for (var j = 0; j <= i; j++)
            {
                var rest = row[j] - Dot(row.AsSpan(0, j), lower[j].AsSpan(0, j));
                if (i == j && !(rest > 0)) return null;
                row[j] = i == j ? Math.Sqrt(rest) : rest / lower[j][j];
            }
        }
        return new CholeskyFactor(lower);
    }

    /// <summary>Replaces b by L⁻¹ b.</summary>
    public void SolveLower(Span<double> b)
    {
        for (var i = 0; i < b.Length; i++) b[i] = (b[i] - Dot(_rows[i].AsSpan(0, i), b[..i])) / _rows[i][i];
    }

    /// <summary>Replaces b by A⁻¹ b.</summary>
    public void Solve(Span<double> b)
    {
        SolveLower(b);
        for (var i = b.Length - 1; i >= 0; i--)
        {
            var row = _rows[i];
            b[i] /= row[i];
            for (var j = 0; j < i; j++) b[j] -= row[j] * b[i];
        }
    }

    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var lanes = Vector<double>.Zero;
        var xs = MemoryMarshal.Cast<double, Vector<double>>(x);
        var ys = MemoryMarshal.Cast<double, Vector<double>>(y);
        for (var i = 0; i < xs.Length; i++) lanes += xs[i] * ys[i];
        var sum = Vector.Sum(lanes);
        for (var i = xs.Length * Vector<double>.Count; i < x.Length; i++) sum += x[i] * y[i];
        return sum;
    }
}
