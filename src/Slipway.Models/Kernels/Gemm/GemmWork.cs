using System.Numerics;

namespace Slipway.Models.Kernels;

/// <summary>A product, or a batch of them, shared among threads: each part is a rectangle of C. Nothing is ever added across parts.</summary>
internal readonly unsafe struct GemmWork<T> : IParallelWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly GemmDriver<T> _driver;
    private readonly GemmProblem<T> _problem;
    private readonly nint _aBatch, _bBatch, _cBatch;
    private readonly GemmParts _parts;

    private GemmWork(GemmDriver<T> driver, in GemmProblem<T> problem, nint aBatch, nint bBatch, nint cBatch, GemmParts parts)
    {
        (_driver, _problem) = (driver, problem);
        (_aBatch, _bBatch, _cBatch, _parts) = (aBatch, bBatch, cBatch, parts);
    }

    /// <param name="driver">The loops.</param>
    /// <param name="problem">The first product.</param>
    /// <param name="batches">Products.</param>
    /// <param name="aBatch">From a product's A to the next, in elements; so the others.</param>
    /// <param name="bBatch">Of B.</param>
    /// <param name="cBatch">Of C and of the residual.</param>
    /// <param name="threads">Most threads.</param>
    public static void Run(GemmDriver<T> driver, in GemmProblem<T> problem, int batches, nint aBatch, nint bBatch, nint cBatch, int threads)
    {
        int strips = driver.StripsOf(problem.M).Count, panels = driver.PanelsOf(problem.N).Count;
        var size = GemmParts.Size(problem.M, problem.N, problem.K);
        threads = threads <= 1 ? 1 : GemmParts.Threads(size * batches, threads);
        if (batches == 1 && threads <= 1)
        {
            driver.Multiply(problem, 0, strips, 0, panels);
            return;
        }
        var parts = GemmParts.Of(strips, panels, size, !problem.APacked, !problem.BPacked, batches, threads);
        ParallelWork<GemmWork<T>>.Run(new GemmWork<T>(driver, problem, aBatch, bBatch, cBatch, parts), checked(batches * parts.Count), threads);
    }

    public void Run(int part)
    {
        var (batch, rest) = Math.DivRem(part, _parts.Count);
        var (row, column) = Math.DivRem(rest, _parts.Columns);
        var problem = _problem;
        problem.A += batch * _aBatch;
        problem.B += batch * _bBatch;
        problem.C += batch * _cBatch;
        if (problem.Epilogue.Residual != null) problem.Epilogue.Residual += batch * _cBatch;
        int strips = _driver.StripsOf(problem.M).Count, panels = _driver.PanelsOf(problem.N).Count;
        _driver.Multiply(problem, GemmParts.At(strips, row, _parts.Rows), GemmParts.At(strips, row + 1, _parts.Rows), GemmParts.At(panels, column, _parts.Columns), GemmParts.At(panels, column + 1, _parts.Columns));
    }
}
