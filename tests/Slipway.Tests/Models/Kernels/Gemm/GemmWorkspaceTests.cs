using Slipway.Models.Kernels;
using Xunit;

namespace Slipway.Tests.Models.Kernels;

public sealed class GemmWorkspaceTests
{
    // Workspaces are kept by element type: no kernel has these.
    [Fact]
    public void Workspace_is_large_enough_on_every_thread_once_one_thread_has_asked()
    {
        var held = GemmWorkspace<ushort>.Rent(10, 10);
        GemmWorkspace<ushort>.Rent(5000, 700).Return();
        held.Return();
        var allocated = -1L;
        GemmWorkspace<ushort>[] rented = new GemmWorkspace<ushort>[2];
        var late = new Thread(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            (rented[0], rented[1]) = (GemmWorkspace<ushort>.Rent(5000, 10), GemmWorkspace<ushort>.Rent(1, 700));
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        late.Start();
        late.Join();
        Assert.Equal(0, allocated);
        Assert.NotSame(rented[0], rented[1]);
        Assert.All(rented, workspace => Assert.True(workspace.Rows.Length >= 5000 && workspace.Columns.Length >= 700));
    }

    [Fact]
    public void Workspaces_are_there_for_all_threads_of_the_pool_after_the_first_is_asked_for()
    {
        var all = WorkerPool.Shared.Budget;
        WorkerPool.Shared.Run(new Nothing(), all, all);
        GemmWorkspace<short>.Rent(100, 100).Return();
        var before = GC.GetAllocatedBytesForCurrentThread();
        GemmWorkspace<short> first = GemmWorkspace<short>.Rent(100, 50), second = all > 1 ? GemmWorkspace<short>.Rent(50, 100) : first;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        first.Return();
        second.Return();
    }

    private sealed class Nothing : IParallelWork
    {
        public void Run(int part)
        {
        }
    }
}
