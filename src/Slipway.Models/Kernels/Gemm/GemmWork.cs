using System.Numerics;

namespace Slipway.Models.Kernels;

/// <summary>A product, or a batch of them, shared among threads: each part is a rectangle of C. Nothing is ever added across parts.</summary>
internal sealed unsafe class GemmWork<T> : IParallelWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static GemmWork<T>? _kept;

    private GemmDriver<T> _driver = null!;
    private GemmProblem<T> _problem;
    private nint _aBatch, _bBatch, _cBatch;
    private GemmParts _parts;

    /// <param name="driver">The loops.</param>
    /// <param name="problem">The first product.</param>
    /// <param name="batches">Products.</param>
    /// <param name="aBatch">From a product's A to the next, in elements; so the others.</param>
    /// <param name="bBatch">Of B.</param>
    /// <param name="cBatch">Of C and of the residual.</param>
    /// <param name="threads">Most threads.</param>
    public static void Run(GemmDriver<T> driver, in GemmProblem<T> problem, int batches, nint aBatch, nint bBatch, nint cBatch, int threads)
    {
        var size = (double)problem.M * problem.N * Math.Max(problem.K, 1);
        threads = GemmParts.Threads(size * batches, threads);
        var work = Interlocked.Exchange(ref _kept, null) ?? new GemmWork<T>();
        work._driver = driver;
        work._problem = problem;
        (work._aBatch, work._bBatch, work._cBatch) = (aBatch, bBatch, cBatch);
        work._parts = GemmParts.Of(driver.StripsOf(problem.M).Count, driver.PanelsOf(problem.N).Count, size, !problem.APacked, !problem.BPacked, batches, threads);
        try
        {
            WorkerPool.Shared.Run(work, checked(batches * work._parts.Count), threads);
        }
        finally
        {
            Volatile.Write(ref _kept, work);
        }
    }

    public void Run(int part)
    {
        var problem = _problem;
        var (batch, rest) = Math.DivRem(part, _parts.Count);
        var (row, column) = Math.DivRem(rest, _parts.Columns);
        problem.A += batch * _aBatch;
        problem.B += batch * _bBatch;
        problem.C += batch * _cBatch;
        if (problem.Epilogue.Residual != null) problem.Epilogue.Residual += batch * _cBatch;
        int strips = _driver.StripsOf(problem.M).Count, panels = _driver.PanelsOf(problem.N).Count;
        _driver.Multiply(problem, GemmParts.At(strips, row, _parts.Rows), GemmParts.At(strips, row + 1, _parts.Rows), GemmParts.At(panels, column, _parts.Columns), GemmParts.At(panels, column + 1, _parts.Columns));
    }
}
