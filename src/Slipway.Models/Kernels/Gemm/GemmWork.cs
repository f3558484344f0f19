using System.Numerics;

namespace Slipway.Models.Kernels;

/// <summary>A product, or a batch of them, shared among threads: each part is a rectangle of C. Nothing is ever added across parts.</summary>
internal sealed unsafe class GemmWork<T> : IParallelWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Multiply-adds that are worth a part of their own.</summary>
    private const long LeastPart = 64 << 10;

    /// <summary>Parts for each thread, so that one that is late holds up little.</summary>
    private const int PartsPerThread = 4;

    private static GemmWork<T>? _kept;

    private GemmDriver<T> _driver = null!;
    private GemmProblem<T> _problem;
    private nint _aBatch, _bBatch, _cBatch;
    private int _rowParts, _columnParts;

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
        threads = (int)Math.Min(threads, Math.Min(size * batches / LeastPart, WorkerPool.Shared.Budget));
        var work = Interlocked.Exchange(ref _kept, null) ?? new GemmWork<T>();
        work._driver = driver;
        work._problem = problem;
        (work._aBatch, work._bBatch, work._cBatch) = (aBatch, bBatch, cBatch);
        work.Divide(batches, size, threads);
        try
        {
            WorkerPool.Shared.Run(work, checked(batches * work._rowParts * work._columnParts), threads);
        }
        finally
        {
            Volatile.Write(ref _kept, work);
        }
    }

    public void Run(int part)
    {
        var problem = _problem;
        var (batch, rest) = Math.DivRem(part, _rowParts * _columnParts);
        var (row, column) = Math.DivRem(rest, _columnParts);
        problem.A += batch * _aBatch;
        problem.B += batch * _bBatch;
        problem.C += batch * _cBatch;
        if (problem.Epilogue.Residual != null) problem.Epilogue.Residual += batch * _cBatch;
        int strips = _driver.StripsOf(problem.M).Count, panels = _driver.PanelsOf(problem.N).Count;
        _driver.Multiply(problem, At(strips, row, _rowParts), At(strips, row + 1, _rowParts), At(panels, column, _columnParts), At(panels, column + 1, _columnParts));
    }

    private static int At(int count, int part, int parts) => (int)((long)count * part / parts);

    private void Divide(int batches, double size, int threads)
    {
        (_rowParts, _columnParts) = (1, 1);
        if (threads <= 1) return;
        int strips = _driver.StripsOf(_problem.M).Count, panels = _driver.PanelsOf(_problem.N).Count;
        var parts = (int)Math.Clamp(Math.Min(size / LeastPart, Math.Ceiling((double)threads * PartsPerThread / batches)), 1, int.MaxValue);
        if (strips >= parts || strips >= panels)
        {
            _rowParts = Math.Min(parts, strips);
            _columnParts = Math.Min((parts + _rowParts - 1) / _rowParts, panels);
        }
        else
        {
            _columnParts = Math.Min(parts, panels);
            _rowParts = Math.Min((parts + _columnParts - 1) / _columnParts, strips);
        }
    }
}
