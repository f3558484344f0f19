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
        else ParallelWork<Parts<TRows>>.Run(new Parts<TRows>(rows, count, (int)parts), (int)parts, threads);
    }

    private readonly struct Parts<TRows>(TRows rows, long count, int parts) : IParallelWork
        where TRows : struct, IRows
    {
        public void Run(int part) => rows.Run(count * part / parts, count * (part + 1) / parts);
    }
}
