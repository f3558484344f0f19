namespace Slipway.Models.Kernels;

/// <summary>Work in numbered parts that may run at the same time, in any order. Keep and reuse the object: a call of <see cref="WorkerPool.Run"/> then allocates nothing.</summary>
internal interface IParallelWork
{
    /// <param name="part">From 0; each part is run once.</param>
    void Run(int part);
}
