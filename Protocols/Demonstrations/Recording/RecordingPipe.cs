namespace Sim.Protocols.Demonstrations.Recording;

/// <summary>
/// Blocks between the thread that steps and the thread that writes: a few, used in turn. When all are full, stepping
/// waits; nothing is dropped. Every member is for holders of <see cref="Gate"/>, the writer's but for <see cref="Take"/>.
/// </summary>
internal sealed class RecordingPipe
{
    private readonly Queue<RecordingBlock> _free = new();
    private readonly Queue<RecordingBlock> _full = new();
    private readonly TimeProvider _clock;
    private readonly long _staleTicks;
    private RecordingBlock? _current;
    private ulong _nextStep;
    private bool _closing;
    private Exception? _failure;

    /// <param name="blocks">At least two.</param>
    /// <param name="firstStep">The file's step that comes first.</param>
    /// <param name="writeEvery">Longest that an entry waits in a block that is not full.</param>
    /// <param name="clock">Tells when entries come.</param>
    public RecordingPipe(IEnumerable<RecordingBlock> blocks, ulong firstStep, TimeSpan writeEvery, TimeProvider clock)
    {
        _clock = clock;
        foreach (var block in blocks) _free.Enqueue(block);
        _full.EnsureCapacity(_free.Count);
        _free.EnsureCapacity(_free.Count);
        _nextStep = firstStep;
        _staleTicks = (long)(writeEvery.TotalSeconds * clock.TimestampFrequency);
        Open();
    }

    public object Gate { get; } = new();

    /// <summary>The block being filled; it has room for a step. Waits while there is none.</summary>
    /// <exception cref="IOException">The file could not be written.</exception>
    public RecordingBlock Current
    {
        get
        {
            while (_current is null && _failure is null) Monitor.Wait(Gate);
            if (_failure is not null) throw new IOException($"the recording could not be written: {_failure.Message}", _failure);
            return _current!;
        }
    }

    /// <summary>Passes the block on to the writer when it is full, or when its first entry has waited long enough.</summary>
    public void HandOverWhenDue(long now)
    {
        if (_current is { } block && (block.IsFull || IsStale(block, now))) HandOver();
    }

    /// <summary>Passes on what there is; no more comes.</summary>
    public void Close()
    {
        lock (Gate)
        {
            if (_current is { IsEmpty: false }) HandOver();
            _closing = true;
            Monitor.PulseAll(Gate);
        }
    }

    /// <summary>The next block to write; null after <paramref name="patience"/>, and for ever once <see cref="IsFinished"/>.</summary>
    public RecordingBlock? Take(TimeSpan patience)
    {
        lock (Gate)
        {
            if (_full.Count == 0 && !_closing) Monitor.Wait(Gate, patience);
            // A person may pause: what came before must not wait for what comes after.
            if (_full.Count == 0 && _current is { } block && IsStale(block, _clock.GetTimestamp())) HandOver();
            return _full.TryDequeue(out var next) ? next : null;
        }
    }

    /// <summary>True when all is written that ever comes.</summary>
    public bool IsFinished
    {
        get
        {
            lock (Gate) return _closing && _full.Count == 0;
        }
    }

    /// <summary>Gives a block back after it was written.</summary>
    public void Return(RecordingBlock block)
    {
        lock (Gate)
        {
            _free.Enqueue(block);
            if (_current is null) Open();
            Monitor.PulseAll(Gate);
        }
    }

    /// <summary>Makes every later entry throw.</summary>
    public void Fail(Exception error)
    {
        lock (Gate)
        {
            _failure = error;
            Monitor.PulseAll(Gate);
        }
    }

    /// <summary>What made it fail, if anything.</summary>
    public Exception? Failure
    {
        get
        {
            lock (Gate) return _failure;
        }
    }

    private bool IsStale(RecordingBlock block, long now) => !block.IsEmpty && now - block.OpenedAt >= _staleTicks;

    private void HandOver()
    {
        var block = _current!;
        _nextStep = block.FirstStep + (ulong)block.Steps;
        _full.Enqueue(block);
        _current = null;
        Open();
        Monitor.PulseAll(Gate);
    }

    private void Open()
    {
        if (!_free.TryDequeue(out _current)) return;
        _current.Begin(_nextStep);
    }
}
