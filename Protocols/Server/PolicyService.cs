using Sim.Environments;

namespace Sim.Protocols.Server;

/// <summary>Chooses actions for rows of observations.</summary>
/// <param name="observations">What an actor reads <c>[rows, …]</c> as bytes, in the type of <see cref="EnvironmentSpec.ActorBox"/>.</param>
/// <param name="rows">How many.</param>
/// <param name="actions">Where actions go <c>[rows, …]</c>: float32 in the action space's units, or int32 choices.</param>
public delegate void PolicyFunction(ReadOnlySpan<byte> observations, int rows, Span<byte> actions);

/// <summary>
/// Answers observations of many clients with one pass of a policy: whoever comes first computes, whoever comes
/// meanwhile is taken along in the next pass. A lone request waits for nobody.
/// </summary>
public sealed class PolicyService
{
    private readonly PolicyFunction _act;
    private readonly object _gate = new();
    private readonly List<Ticket> _waiting = [], _taken = [];
    private byte[] _observations = [], _actions = [];
    private bool _busy;

    /// <param name="spec">What the policy observes and does.</param>
    /// <param name="act">The policy; it is called by one thread at a time.</param>
    public PolicyService(EnvironmentSpec spec, PolicyFunction act)
    {
        ArgumentNullException.ThrowIfNull(spec);
        (Spec, _act) = (spec, act);
        var box = spec.ActorBox;
        ObservationBytes = box.Size * Messages.ElementTypes.Size(box.Type);
        ActionBytes = spec.Action.Size * sizeof(float);
    }

    public EnvironmentSpec Spec { get; }

    /// <summary>Bytes of one row of observations; in goal tasks the desired goal belongs to it.</summary>
    public int ObservationBytes { get; }

    /// <summary>Bytes of one row of actions.</summary>
    public int ActionBytes { get; }

    /// <summary>Passes of the policy so far.</summary>
    public long Passes { get; private set; }

    /// <summary>Waits until the ticket's rows have their actions.</summary>
    /// <exception cref="InvalidOperationException">The policy failed.</exception>
    public void Act(Ticket ticket)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        lock (_gate)
        {
            ticket.Done = false;
            ticket.Failure = null;
            _waiting.Add(ticket);
            while (_busy && !ticket.Done) Monitor.Wait(_gate);
            if (!ticket.Done)
            {
                _busy = true;
                _taken.Clear();
                _taken.AddRange(_waiting);
                _waiting.Clear();
            }
        }
        if (!ticket.Done) Lead();
        if (ticket.Failure is not null) throw new InvalidOperationException(ticket.Failure.Message, ticket.Failure);
    }

    /// <summary>Computes for all that were taken.</summary>
    private void Lead()
    {
        Exception? failure = null;
        try
        {
            int rows = 0;
            foreach (var taken in _taken) rows += taken.Rows;
            Compute(rows);
        }
        catch (Exception error)
        {
            // Every client that was taken along must hear of it, whatever it was.
            failure = error;
        }
        lock (_gate)
        {
            foreach (var taken in _taken)
            {
                taken.Failure = failure;
                taken.Done = true;
            }
            Passes++;
            _busy = false;
            Monitor.PulseAll(_gate);
        }
    }

    private void Compute(int rows)
    {
        if (_taken.Count == 1)
        {
            _act(_taken[0].Observations.Span, rows, _taken[0].Actions.Span);
            return;
        }
        if (_observations.Length < rows * ObservationBytes) _observations = new byte[rows * ObservationBytes];
        if (_actions.Length < rows * ActionBytes) _actions = new byte[rows * ActionBytes];
        int at = 0;
        foreach (var taken in _taken)
        {
            taken.Observations.Span.CopyTo(_observations.AsSpan(at * ObservationBytes));
            at += taken.Rows;
        }
        _act(_observations.AsSpan(0, rows * ObservationBytes), rows, _actions.AsSpan(0, rows * ActionBytes));
        at = 0;
        foreach (var taken in _taken)
        {
            _actions.AsSpan(at * ActionBytes, taken.Rows * ActionBytes).CopyTo(taken.Actions.Span);
            at += taken.Rows;
        }
    }

    /// <summary>The rows of one client; used again for each of its requests.</summary>
    public sealed class Ticket
    {
        public int Rows { get; set; }

        /// <summary>Observations <c>[Rows, …]</c>.</summary>
        public ReadOnlyMemory<byte> Observations { get; set; }

        /// <summary>Room for actions <c>[Rows, …]</c>.</summary>
        public Memory<byte> Actions { get; set; }

        internal bool Done { get; set; }

        internal Exception? Failure { get; set; }
    }
}
