namespace Slipway.Models.Kernels;

/// <summary>
/// Where a thread packs the blocks at hand. As many are kept as were ever in use at once: a call allocates nothing after the first, and threads that come and go leave
/// nothing behind.
/// </summary>
internal sealed class GemmWorkspace<T>
    where T : unmanaged
{
    private const int MaxKept = 64;

    private static readonly GemmWorkspace<T>?[] Kept = new GemmWorkspace<T>?[MaxKept];

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
        for (var i = 0; i < MaxKept; i++)
        {
            if (Volatile.Read(ref Kept[i]) is null || Interlocked.Exchange(ref Kept[i], null) is not { } workspace) continue;
            if (workspace.Rows.Length < rows) workspace.Rows = new AlignedMemory<T>(rows);
            if (workspace.Columns.Length < columns) workspace.Columns = new AlignedMemory<T>(columns);
            return workspace;
        }
        return new GemmWorkspace<T>(rows, columns);
    }

    public void Return()
    {
        for (var i = 0; i < MaxKept; i++)
        {
            if (Volatile.Read(ref Kept[i]) is null && Interlocked.CompareExchange(ref Kept[i], this, null) is null) return;
        }
    }
}
