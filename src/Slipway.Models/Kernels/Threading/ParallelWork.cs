namespace Slipway.Models.Kernels;

/// <summary>Gives work that is a structure to the <see cref="WorkerPool"/>. The object that the threads share is kept by the caller's thread: a call allocates nothing after the first.</summary>
/// <typeparam name="TWork">Holds pointers to memory that stays fixed meanwhile.</typeparam>
internal sealed class ParallelWork<TWork> : IParallelWork
    where TWork : struct, IParallelWork
{
    [ThreadStatic]
    private static ParallelWork<TWork>? t_spare;

    private TWork _work;

    /// <inheritdoc cref="WorkerPool.Run"/>
    public static void Run(TWork work, int parts, int threads)
    {
        if (threads <= 1 || parts <= 1)
        {
            for (var part = 0; part < parts; part++) work.Run(part);
            return;
        }
        var shared = t_spare ?? new ParallelWork<TWork>();
        // A part may itself come here on this thread.
        t_spare = null;
        shared._work = work;
        try
        {
            WorkerPool.Shared.Run(shared, parts, threads);
        }
        finally
        {
            shared._work = default;
            t_spare = shared;
        }
    }

    public void Run(int part) => _work.Run(part);
}
