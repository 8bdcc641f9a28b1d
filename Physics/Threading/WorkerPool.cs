using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Sim.Physics.Threading;

/// <summary>
/// A fixed team of threads, the caller among them, that executes the parts of one piece of work at a time.
/// Which thread takes which part is not fixed, so a part's result must not depend on its thread.
/// </summary>
/// <remarks>
/// <see cref="Run"/> allocates nothing. Idle threads look for work for about 40 microseconds, because batched
/// steps follow each other closely, and sleep afterwards.
/// </remarks>
public sealed class WorkerPool : IDisposable
{
    private static readonly long SpinTicks = Stopwatch.Frequency / 25_000;

    private readonly Thread[] _workers;
    private readonly Doorbell[] _doorbells;
    private readonly Doorbell _allFinished = new();
    private readonly Lock _failureLock = new();

    private IPartitionedWork? _work;
    private int _parts;
    private int _unclaimed;
    private int _unfinished;
    private int _running;
    private Exception? _failure;
    private int _failedPart;
    private volatile bool _disposed;

    /// <param name="threads">Size of the team, the calling thread included: 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one thread.</exception>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        _workers = new Thread[threads - 1];
        _doorbells = new Doorbell[threads - 1];
        for (int i = 0; i < _workers.Length; i++)
        {
            var doorbell = _doorbells[i] = new Doorbell();
            _workers[i] = new Thread(() => Serve(doorbell)) { IsBackground = true, Name = $"Sim worker {i + 1}" };
            _workers[i].Start();
        }
    }

    /// <summary>Size of the team, the calling thread included.</summary>
    public int Threads { get; }

    /// <summary>Executes parts 0 to <paramref name="parts"/> - 1 and returns when all are done.</summary>
    /// <exception cref="InvalidOperationException">Called from inside a part, or from two threads at once.</exception>
    /// <exception cref="Exception">What a part threw; of several, that of the lowest part.</exception>
    public void Run(IPartitionedWork work, int parts)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentOutOfRangeException.ThrowIfNegative(parts);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Interlocked.Exchange(ref _running, 1) != 0)
        {
            throw new InvalidOperationException("A worker pool runs one piece of work at a time; a part cannot start another.");
        }
        try
        {
            if (parts <= 1 || Threads == 1)
            {
                for (int part = 0; part < parts; part++)
                {
                    work.Execute(part);
                }
            }
            else
            {
                RunOnTeam(work, parts);
            }
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    /// <summary>Ends the threads. Must not be called during a run.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }
        _disposed = true;
        foreach (var doorbell in _doorbells)
        {
            doorbell.Ring();
        }
        foreach (var worker in _workers)
        {
            worker.Join();
        }
        foreach (var doorbell in _doorbells)
        {
            doorbell.Dispose();
        }
        _allFinished.Dispose();
    }

    private void RunOnTeam(IPartitionedWork work, int parts)
    {
        _work = work;
        _parts = parts;
        _failure = null;
        _unfinished = parts;

        // A full fence: whoever sees the count also sees the work, and the doorbells are read after it.
        Interlocked.Exchange(ref _unclaimed, parts);
        int helpers = Math.Min(_doorbells.Length, parts - 1);
        for (int i = 0; i < helpers; i++)
        {
            _doorbells[i].Ring();
        }

        ExecuteParts();
        WaitUntilFinished();
        _work = null;
        if (_failure is { } failure)
        {
            _failure = null;
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private void ExecuteParts()
    {
        while (true)
        {
            int unclaimed = Volatile.Read(ref _unclaimed);
            if (unclaimed == 0)
            {
                return;
            }
            if (Interlocked.CompareExchange(ref _unclaimed, unclaimed - 1, unclaimed) != unclaimed)
            {
                continue;
            }

            // A claimed part keeps its run from ending, so the fields below belong to the run it was claimed from.
            int part = _parts - unclaimed;
            try
            {
                _work!.Execute(part);
            }
            catch (Exception exception)
            {
                RecordFailure(exception, part);
            }
            if (Interlocked.Decrement(ref _unfinished) == 0)
            {
                _allFinished.Ring();
            }
        }
    }

    private void RecordFailure(Exception exception, int part)
    {
        lock (_failureLock)
        {
            if (_failure is null || part < _failedPart)
            {
                _failure = exception;
                _failedPart = part;
            }
        }
    }

    private void WaitUntilFinished()
    {
        long deadline = Stopwatch.GetTimestamp() + SpinTicks;
        while (Volatile.Read(ref _unfinished) != 0)
        {
            if (Stopwatch.GetTimestamp() < deadline)
            {
                Thread.SpinWait(20);
                continue;
            }
            _allFinished.Listen();
            if (Volatile.Read(ref _unfinished) == 0)
            {
                _allFinished.StopListening();
                return;
            }
            _allFinished.Wait();
        }
    }

    private void Serve(Doorbell doorbell)
    {
        long deadline = Stopwatch.GetTimestamp() + SpinTicks;
        while (!_disposed)
        {
            if (Volatile.Read(ref _unclaimed) != 0)
            {
                ExecuteParts();
                deadline = Stopwatch.GetTimestamp() + SpinTicks;
            }
            else if (Stopwatch.GetTimestamp() < deadline)
            {
                Thread.SpinWait(20);
            }
            else
            {
                doorbell.Listen();
                if (Volatile.Read(ref _unclaimed) != 0 || _disposed)
                {
                    doorbell.StopListening();
                }
                else
                {
                    doorbell.Wait();
                }
                deadline = Stopwatch.GetTimestamp() + SpinTicks;
            }
        }
    }

    /// <summary>
    /// Wakes one sleeping thread, and costs no system call when that thread is awake. The sleeper announces itself
    /// with <see cref="Listen"/>, looks once more whether it still has to sleep, then waits; a ring after the
    /// announcement is never lost.
    /// </summary>
    private sealed class Doorbell : IDisposable
    {
        private readonly AutoResetEvent _bell = new(false);
        private int _listening;

        public void Listen() => Interlocked.Exchange(ref _listening, 1);

        public void StopListening()
        {
            if (Interlocked.Exchange(ref _listening, 0) == 0)
            {
                // Already rung: take the ring in, or the next sleep would end at once.
                _bell.WaitOne();
            }
        }

        public void Wait() => _bell.WaitOne();

        public void Ring()
        {
            if (Interlocked.Exchange(ref _listening, 0) == 1)
            {
                _bell.Set();
            }
        }

        public void Dispose() => _bell.Dispose();
    }
}
