namespace Slipway.Models.Kernels;

/// <summary>The blocks of an attention in as many parts as there are threads, each with its own scratch.</summary>
internal sealed class AttentionWork : IParallelWork
{
    [ThreadStatic]
    private static AttentionWork? t_spare;

    private AttentionBlocks _blocks;
    private int _parts;

    public static void Run(in AttentionBlocks blocks, int parts)
    {
        var work = t_spare ?? new AttentionWork();
        t_spare = null;
        (work._blocks, work._parts) = (blocks, parts);
        try
        {
            WorkerPool.Shared.Run(work, parts, parts);
        }
        finally
        {
            work._blocks = default;
            t_spare = work;
        }
    }

    public void Run(int part) => _blocks.Run(_blocks.Count * part / _parts, _blocks.Count * (part + 1) / _parts, part);
}
