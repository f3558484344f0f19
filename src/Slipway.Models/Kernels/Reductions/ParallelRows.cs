namespace Slipway.Models.Kernels;

/// <summary>Work on rows that do not depend on each other.</summary>
internal interface IRows
{
    void Run(long first, long end);
}

/// <summary>Rows shared among threads. Allocates only when a thread does so for the first time.</summary>
internal static class ParallelRows
{
    /// <param name="rows">The work; a structure of pointers to memory that stays fixed meanwhile.</param>
    /// <param name="count">Of rows.</param>
    /// <param name="elementsPerRow">What a row costs.</param>
    /// <param name="elementsPerPart">What is worth giving to another thread.</param>
    /// <param name="threads">Most threads to use, with the caller's.</param>
    public static void Run<TRows>(TRows rows, long count, long elementsPerRow, long elementsPerPart, int threads)
        where TRows : struct, IRows
    {
        var parts = threads <= 1 ? 1 : Math.Min(Math.Min(count, count * Math.Max(1, elementsPerRow) / elementsPerPart), 4L * threads);
        if (parts <= 1) rows.Run(0, count);
        else Work<TRows>.Run(rows, count, (int)parts, threads);
    }

    private sealed class Work<TRows> : IParallelWork
        where TRows : struct, IRows
    {
        [ThreadStatic]
        private static Work<TRows>? t_spare;

        private TRows _rows;
        private long _count;
        private int _parts;

        public static void Run(TRows rows, long count, int parts, int threads)
        {
            var work = t_spare ?? new Work<TRows>();
            // A part may itself come here on this thread.
            t_spare = null;
            (work._rows, work._count, work._parts) = (rows, count, parts);
            try
            {
                WorkerPool.Shared.Run(work, parts, threads);
            }
            finally
            {
                work._rows = default;
                t_spare = work;
            }
        }

        public void Run(int part) => _rows.Run(_count * part / _parts, _count * (part + 1) / _parts);
    }
}
