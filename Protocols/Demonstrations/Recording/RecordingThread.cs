using Sim.Protocols.Demonstrations.Files;

namespace Sim.Protocols.Demonstrations.Recording;

/// <summary>Takes blocks from the pipe and writes them, so that stepping never waits for a disk.</summary>
internal sealed class RecordingThread
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(200), s_soon = TimeSpan.FromSeconds(1);

    private readonly RecordingPipe _pipe;
    private readonly BlockWriter _writer;
    private readonly ChunkAppender _file;
    private readonly RecordingOptions _options;
    private readonly bool _syncEnds;
    private readonly Thread _thread;
    private long _synced;
    private bool _unsynced, _endWaits;
    private Task _sync = Task.CompletedTask;

    /// <param name="pipe">Where blocks come from.</param>
    /// <param name="writer">Where they go.</param>
    /// <param name="file">The file below.</param>
    /// <param name="options">How long what was written may wait before the disk has it, and the clock.</param>
    /// <param name="syncEnds">Whether the end of an episode asks for the disk at once; at most once a second.</param>
    public RecordingThread(RecordingPipe pipe, BlockWriter writer, ChunkAppender file, RecordingOptions options, bool syncEnds)
    {
        (_pipe, _writer, _file, _options, _syncEnds) = (pipe, writer, file, options, syncEnds);
        _synced = options.Clock.GetTimestamp();
        _thread = new Thread(Run) { IsBackground = true, Name = "recording" };
        _thread.Start();
    }

    /// <summary>Waits until all is written.</summary>
    public void Join() => _thread.Join();

    private void Run()
    {
        try
        {
            while (!_pipe.IsFinished)
            {
                if (_pipe.Take(s_patience) is { } block) Write(block);
                SyncWhenDue();
            }
            _sync.GetAwaiter().GetResult();
        }
        catch (Exception error)
        {
            // Whatever it is, the thread that steps must hear of it.
            _pipe.Fail(error);
        }
    }

    private void Write(RecordingBlock block)
    {
        _writer.Write(block);
        _unsynced = true;
        _endWaits |= _syncEnds && block.Ends.Count > 0;
        _pipe.Return(block);
    }

    private void SyncWhenDue()
    {
        if (!_unsynced || !_sync.IsCompleted) return;
        var since = _options.Clock.GetElapsedTime(_synced);
        if (since < _options.SyncEvery && !(_endWaits && since >= s_soon)) return;
        // What a disk refused comes out here; a slow one must not hold up what is written meanwhile.
        _sync.GetAwaiter().GetResult();
        _sync = Task.Run(_file.Sync);
        (_synced, _unsynced, _endWaits) = (_options.Clock.GetTimestamp(), false, false);
    }
}
