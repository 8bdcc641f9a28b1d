using System.Runtime.InteropServices;

namespace Sim.Cli;

/// <summary>
/// Turns the first Ctrl-C (or SIGTERM) into a cancellation, so that work can save and end; the second ends the
/// process at once.
/// </summary>
public sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt, _terminate;
    private readonly Action _announce;

    /// <param name="announce">Called once, from the signal's thread, to say that saving has begun.</param>
    public Interruption(Action announce)
    {
        _announce = announce;
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        // Left uncancelled, the second signal does what it does by default.
        if (_source.IsCancellationRequested)
            return;
        context.Cancel = true;
        _announce();
        _source.Cancel();
    }
}
