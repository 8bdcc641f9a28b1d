using Sim.Environments.Spaces;
using Sim.Protocols.Demonstrations.Rows;

namespace Sim.Protocols.Demonstrations;

/// <summary>One sitting of a recording: an environment under its settings, a machine, an operator.</summary>
public sealed class DemonstrationSession
{
    private const int MostLanes = 1 << 24;

    private DemonstrationSession(SessionMessage message, Space action, Space observation, Box? info, StepLayout layout)
        => (Message, Action, Observation, Info, InfoNames, Layout) = (message, action, observation, info, message.Spec.ToInfoNames(), layout);

    /// <summary>All that it says.</summary>
    public SessionMessage Message { get; }

    public Space Action { get; }

    public Space Observation { get; }

    /// <summary>Info outputs of the environment, labelled; null where it has none.</summary>
    public Box? Info { get; }

    /// <summary>What the numbers 0, 1, … of those info outputs that are categories are called, by label.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> InfoNames { get; }

    /// <summary>Whether info outputs were kept.</summary>
    public bool HasInfo => Layout.Info is not null;

    /// <summary>Whether observations were kept.</summary>
    public bool HasObservations => Layout.Observations.Count > 0;

    internal StepLayout Layout { get; }

    /// <exception cref="InvalidDataException">The message does not hold together.</exception>
    internal static DemonstrationSession Of(SessionMessage message)
    {
        if (message.Spec is not { Id: not null, Action: not null, Observation: not null, Settings: not null } spec || message.Columns is null
            || message.Id is null || message.Autoreset is null || message.Determinism is null)
            throw new InvalidDataException("the session lacks its environment, its columns or its id");
        if (message.Lanes is < 1 or > MostLanes)
            throw new InvalidDataException($"the session says it has {message.Lanes} environments: expected 1 to {MostLanes}");
        if (message.SnapshotBytes < 0 || message.StateBytes < 0 || message.StateBytes > message.SnapshotBytes)
            throw new InvalidDataException($"the session says that a state has {message.StateBytes} of the {message.SnapshotBytes} bytes of a snapshot");
        try
        {
            var (action, observation, info) = (spec.Action.ToSpace(), spec.Observation.ToSpace(), spec.ToInfo());
            if (observation is not (Box or Dict)) throw new InvalidDataException($"the session observes {observation}: expected a box or a dict of boxes");
            return new(message, action, observation, info, StepLayout.Of(message.Columns, message.Lanes, action, observation, info));
        }
        catch (Exception error) when (error is ArgumentException or NullReferenceException)
        {
            throw new InvalidDataException($"the session's environment does not hold together: {error.Message}", error);
        }
    }
}
