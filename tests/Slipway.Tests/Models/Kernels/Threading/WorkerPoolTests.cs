using Slipway.Models.Kernels;

namespace Slipway.Tests.Models.Kernels.Threading;

public class WorkerPoolTests
{
    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    [InlineData(7, 1)]
    [InlineData(7, 2)]
    [InlineData(1000, 3)]
    [InlineData(1000, 4)]
    public void Run_does_every_part_once_when_called_again_and_again(int parts, int threads)
    {
        var pool = new WorkerPool(4);
        var work = new Counting(parts);
        for (var call = 1; call <= 200; call++)
        {
            pool.Run(work, parts, threads);
            Assert.All(work.Counts, count => Assert.Equal(call, count));
        }
    }

    [Fact]
    public void Run_stays_on_the_caller_when_one_thread_is_asked_for()
    {
        var work = new Threads(100);
        new WorkerPool(4).Run(work, 100, 1);
        Assert.Equal([Environment.CurrentManagedThreadId], work.Seen.Distinct());
    }

    [Fact]
    public void Run_takes_help_when_parts_wait_for_each_other()
    {
        using var barrier = new Barrier(3);
        var work = new Meeting(barrier);
        new WorkerPool(3).Run(work, 3, 3);
        Assert.Equal(3, work.Arrived);
    }

    [Fact]
    public void Run_takes_no_more_threads_than_the_budget()
    {
        var pool = new WorkerPool(4) { Budget = 2 };
        var work = new Threads(2000);
        for (var call = 0; call < 50; call++) pool.Run(work, 2000, 4);
        Assert.InRange(work.Seen.Distinct().Count(), 1, 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Run_throws_what_a_part_throws_and_works_afterwards(int threads)
    {
        var pool = new WorkerPool(4);
        for (var call = 0; call < 100; call++)
        {
            var thrown = Assert.Throws<InvalidOperationException>(() => pool.Run(new Failing(call % 50), 50, threads));
            Assert.Equal($"part {call % 50}", thrown.Message);
        }
        var work = new Counting(20);
        pool.Run(work, 20, threads);
        Assert.All(work.Counts, count => Assert.Equal(1, count));
    }

    [Fact]
    public void Run_stays_on_the_thread_when_called_from_a_part()
    {
        var pool = new WorkerPool(4);
        var work = new Nesting(pool, 16);
        pool.Run(work, 16, 4);
        Assert.Equal(16 * 16, work.InnerOnOuterThread);
    }

    [Fact]
    public void Run_is_right_when_callers_compete()
    {
        var pool = new WorkerPool(4);
        var callers = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            var work = new Counting(64);
            for (var call = 1; call <= 300; call++)
            {
                pool.Run(work, 64, 4);
                if (work.Counts.Any(count => count != call)) Interlocked.Increment(ref _wrong);
            }
        })).ToList();
        callers.ForEach(caller => caller.Start());
        callers.ForEach(caller => caller.Join());
        Assert.Equal(0, _wrong);
    }

    [Fact]
    public void Run_allocates_nothing_when_the_work_is_kept()
    {
        var pool = new WorkerPool(4);
        var work = new Counting(16);
        Assert.Equal(0, Allocations.Of(() => pool.Run(work, 16, 4)));
    }

    private int _wrong;

    private sealed class Counting(int parts) : IParallelWork
    {
        public readonly int[] Counts = new int[parts];

        public void Run(int part) => Interlocked.Increment(ref Counts[part]);
    }

    private sealed class Threads(int parts) : IParallelWork
    {
        public readonly int[] Seen = new int[parts];

        public void Run(int part) => Seen[part] = Environment.CurrentManagedThreadId;
    }

    private sealed class Meeting(Barrier barrier) : IParallelWork
    {
        private int _arrived;

        public int Arrived => _arrived;

        public void Run(int part)
        {
            barrier.SignalAndWait();
            Interlocked.Increment(ref _arrived);
        }
    }

    private sealed class Failing(int bad) : IParallelWork
    {
        public void Run(int part)
        {
            if (part == bad) throw new InvalidOperationException($"part {part}");
        }
    }

    private sealed class Nesting(WorkerPool pool, int parts) : IParallelWork
    {
        private int _inner;

        public int InnerOnOuterThread => _inner;

        public void Run(int part)
        {
            var inner = new Threads(parts);
            pool.Run(inner, parts, 4);
            Interlocked.Add(ref _inner, inner.Seen.Count(thread => thread == Environment.CurrentManagedThreadId));
        }
    }
}
