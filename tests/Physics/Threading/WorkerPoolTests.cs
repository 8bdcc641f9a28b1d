using NUnit.Framework;
using Sim.Physics.Threading;

namespace Sim.Tests.Physics.Threading;

public sealed class WorkerPoolTests
{
    [Test]
    public void Every_part_runs_exactly_once([Values(1, 2, 3, 7)] int threads, [Values(0, 1, 2, 5, 64)] int parts)
    {
        using var pool = new WorkerPool(threads);
        var work = new CountingWork(parts);
        const int runs = 300;
        for (int run = 0; run < runs; run++)
        {
            pool.Run(work, parts);
        }
        Assert.That(work.Counts, Is.All.EqualTo(runs));
    }

    [Test]
    public void Runs_after_a_pause_wake_the_sleeping_threads()
    {
        using var pool = new WorkerPool(3);
        var work = new MeetingWork(3);
        for (int run = 0; run < 20; run++)
        {
            // Far longer than the threads spin, so that they sleep; a part waits until all three have arrived.
            Thread.Sleep(2);
            work.Arrived = 0;
            pool.Run(work, 3);
            Assert.That(work.Arrived, Is.EqualTo(3));
        }
    }

    [Test]
    public void The_exception_of_the_lowest_failing_part_reaches_the_caller_and_the_pool_goes_on([Values(1, 4)] int threads)
    {
        using var pool = new WorkerPool(threads);
        var failing = new FailingWork();
        for (int run = 0; run < 50; run++)
        {
            var thrown = Assert.Throws<FormatException>(() => pool.Run(failing, 16));
            Assert.That(thrown!.Message, Is.EqualTo("part 5"));
        }
        var counting = new CountingWork(16);
        pool.Run(counting, 16);
        Assert.That(counting.Counts, Is.All.EqualTo(1));
    }

    [Test]
    public void A_part_cannot_start_a_run_on_its_own_pool([Values(1, 2)] int threads)
    {
        using var pool = new WorkerPool(threads);
        Assert.Throws<InvalidOperationException>(() => pool.Run(new NestedWork(pool), 2));
    }

    [Test]
    public void Running_allocates_nothing([Values(1, 2)] int threads)
    {
        using var pool = new WorkerPool(threads);
        var work = new CountingWork(8);
        for (int run = 0; run < 200; run++)
        {
            pool.Run(work, 8);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int run = 0; run < 200; run++)
        {
            pool.Run(work, 8);
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Bad_arguments_and_use_after_disposal_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerPool(0).Dispose());
        var pool = new WorkerPool(2);
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Run(new CountingWork(1), -1));
        pool.Dispose();
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Run(new CountingWork(1), 1));
    }

    private sealed class CountingWork(int parts) : IPartitionedWork
    {
        public int[] Counts { get; } = new int[parts];

        public void Execute(int part) => Interlocked.Increment(ref Counts[part]);
    }

    private sealed class MeetingWork(int parties) : IPartitionedWork
    {
        private int _arrived;

        public int Arrived { get => Volatile.Read(ref _arrived); set => Volatile.Write(ref _arrived, value); }

        public void Execute(int part)
        {
            Interlocked.Increment(ref _arrived);
            // Ten seconds: only reached if a thread never wakes.
            SpinWait.SpinUntil(() => Arrived == parties, TimeSpan.FromSeconds(10));
        }
    }

    private sealed class FailingWork : IPartitionedWork
    {
        public void Execute(int part)
        {
            if (part >= 5)
            {
                throw new FormatException($"part {part}");
            }
        }
    }

    private sealed class NestedWork(WorkerPool pool) : IPartitionedWork
    {
        public void Execute(int part) => pool.Run(this, 2);
    }
}
