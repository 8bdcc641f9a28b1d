using System.Runtime.InteropServices;
using Sim.Environments;
using Sim.Environments.Spaces;
using Sim.Protocols.Messages;

namespace Sim.Protocols.Client;

/// <summary>A policy that a server computes, for a robot, a game or another simulator.</summary>
public sealed class RemotePolicy : IActor
{
    private readonly SimClient _client;
    private readonly int _observationBytes, _actionBytes;
    private ActorInputs? _inputs;

    internal RemotePolicy(SimClient client, EnvironmentSpec spec)
    {
        (_client, Spec) = (client, spec);
        _observationBytes = spec.ActorBox.Size * spec.ActorBox.Type.Size();
        _actionBytes = spec.Action.Size * sizeof(float);
    }

    /// <summary>What the policy observes and does.</summary>
    public EnvironmentSpec Spec { get; }

    /// <summary>Asks for actions.</summary>
    /// <param name="observations">Observations <c>[rows, …]</c> as bytes, in the type of <see cref="EnvironmentSpec.ActorBox"/>: in goal tasks the desired goal stands behind each.</param>
    /// <param name="actions">Where they go <c>[rows, …]</c>: float32, or int32 choices, as bytes.</param>
    /// <exception cref="ArgumentException">The lengths do not make the same number of rows.</exception>
    /// <exception cref="WireException">The server refuses.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public void Act(ReadOnlySpan<byte> observations, Span<byte> actions)
    {
        int rows = observations.Length / _observationBytes;
        if (rows * _observationBytes != observations.Length || rows * _actionBytes != actions.Length)
            throw new ArgumentException($"{observations.Length} bytes of observations and {actions.Length} of actions are not rows of {_observationBytes} and {_actionBytes}");
        var writer = _client.Writer;
        var header = writer.Begin(MessageType.Act, _client.Next());
        header.WriteArrayHeader(1);
        header.Write(rows);
        writer.EndHeader(ref header);
        observations.CopyTo(writer.Append(observations.Length));
        writer.Send();
        _client.Expect(MessageType.Actions);
        if (_client.Reader.Block.Length != actions.Length)
            throw new WireException(ErrorCode.BadMessage, $"the server sent {_client.Reader.Block.Length} bytes of actions, not {actions.Length}");
        _client.Reader.Block.CopyTo(actions);
    }

    public void Act(BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        var actions = environments.Spec.Action is Box ? MemoryMarshal.AsBytes(environments.Actions) : MemoryMarshal.AsBytes(environments.DiscreteActions);
        if (_inputs?.Environments != environments) _inputs = new ActorInputs(environments);
        Act(_inputs.Read().Bytes, actions);
    }

    /// <summary>Nothing to give back: the session belongs to the client.</summary>
    public void Dispose()
    {
    }
}
