namespace Slipway.Models.Kernels;

/// <summary>A product of integers shared among threads: each part is a rectangle of C.</summary>
internal sealed class IntegerWork : IParallelWork
{
    private static IntegerWork? _kept;

    private IntegerDriver _driver = null!;
    private IntegerProblem _problem;
    private GemmParts _parts;

    public static void Run(IntegerDriver driver, in IntegerProblem problem, int threads)
    {
        int strips = driver.StripsOf(problem.M).Count, panels = driver.PanelsOf(problem.N).Count;
        var size = (double)problem.M * problem.N * problem.K;
        threads = GemmParts.Threads(size, threads);
        if (threads <= 1)
        {
            driver.Multiply(problem, 0, strips, 0, panels);
            return;
        }
        var work = Interlocked.Exchange(ref _kept, null) ?? new IntegerWork();
        (work._driver, work._problem, work._parts) = (driver, problem, GemmParts.Of(strips, panels, size, true, false, 1, threads));
        try
        {
            WorkerPool.Shared.Run(work, work._parts.Count, threads);
        }
        finally
        {
            Volatile.Write(ref _kept, work);
        }
    }

    public void Run(int part)
    {
        var (row, column) = Math.DivRem(part, _parts.Columns);
        int strips = _driver.StripsOf(_problem.M).Count, panels = _driver.PanelsOf(_problem.N).Count;
        _driver.Multiply(_problem, GemmParts.At(strips, row, _parts.Rows), GemmParts.At(strips, row + 1, _parts.Rows), GemmParts.At(panels, column, _parts.Columns), GemmParts.At(panels, column + 1, _parts.Columns));
    }
}
