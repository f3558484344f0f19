namespace Slipway.Models.Kernels;

/// <summary>
/// Where a thread packs the blocks at hand. Whenever one is asked for that is larger than all before, every one grows, and there is one for each thread of the pool:
/// whichever thread comes to a part in a later run, maybe for the first time, allocates nothing. Threads that come and go leave nothing behind.
/// </summary>
internal sealed class GemmWorkspace<T>
    where T : unmanaged
{
    private const int MaxKept = 64;

    private static readonly GemmWorkspace<T>?[] Kept = new GemmWorkspace<T>?[MaxKept];
    private static readonly Lock Growing = new();
    private static long s_rows;
    private static long s_columns;
    private static int s_threads;

    private GemmWorkspace(long rows, long columns) => (Rows, Columns) = (new AlignedMemory<T>(rows), new AlignedMemory<T>(columns));

    /// <summary>A block of A.</summary>
    public AlignedMemory<T> Rows { get; private set; }

    /// <summary>A block of B.</summary>
    public AlignedMemory<T> Columns { get; private set; }

    /// <summary>One that nobody else has until <see cref="Return"/>.</summary>
    /// <param name="rows">Least elements of <see cref="Rows"/>.</param>
    /// <param name="columns">Least elements of <see cref="Columns"/>.</param>
    public static GemmWorkspace<T> Rent(long rows, long columns)
    {
        var threads = WorkerPool.Shared.Threads;
        if (rows > Volatile.Read(ref s_rows) || columns > Volatile.Read(ref s_columns) || threads > Volatile.Read(ref s_threads)) Grow(rows, columns, threads);
        var workspace = Take() ?? new GemmWorkspace<T>(Volatile.Read(ref s_rows), Volatile.Read(ref s_columns));
        workspace.Fit();
        return workspace;
    }

    public void Return()
    {
        // Others may have asked for more meanwhile.
        Fit();
        Keep(this);
    }

    private static GemmWorkspace<T>? Take()
    {
        foreach (ref var kept in Kept.AsSpan())
        {
            if (Volatile.Read(ref kept) is not null && Interlocked.Exchange(ref kept, null) is { } workspace) return workspace;
        }
        return null;
    }

    private static void Keep(GemmWorkspace<T> workspace)
    {
        foreach (ref var kept in Kept.AsSpan())
        {
            if (Volatile.Read(ref kept) is null && Interlocked.CompareExchange(ref kept, workspace, null) is null) return;
        }
    }

    private static void Grow(long rows, long columns, int threads)
    {
        lock (Growing)
        {
            Volatile.Write(ref s_rows, Math.Max(s_rows, rows));
            Volatile.Write(ref s_columns, Math.Max(s_columns, columns));
            List<GemmWorkspace<T>> all = [];
            while (Take() is { } workspace) all.Add(workspace);
            for (; s_threads < threads; Volatile.Write(ref s_threads, s_threads + 1)) all.Add(new GemmWorkspace<T>(s_rows, s_columns));
            foreach (var workspace in all)
            {
                workspace.Fit();
                Keep(workspace);
            }
        }
    }

    private void Fit()
    {
        var (rows, columns) = (Volatile.Read(ref s_rows), Volatile.Read(ref s_columns));
        if (Rows.Length < rows) Rows = new AlignedMemory<T>(rows);
        if (Columns.Length < columns) Columns = new AlignedMemory<T>(columns);
    }
}
