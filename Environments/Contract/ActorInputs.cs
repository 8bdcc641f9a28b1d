namespace Sim.Environments;

/// <summary>
/// What an actor reads of a batch: the observation and, in goal tasks, the desired goal behind it
/// (<see cref="EnvironmentSpec.ActorBox"/>). Where a task has no goals this is the observation in place, uncopied.
/// </summary>
public sealed class ActorInputs
{
    private readonly ObservationGroup _observation;
    private readonly ObservationGroup? _goal;
    private readonly BatchBuffer? _joined;

    /// <exception cref="ArgumentException">A goal task whose observation is not of float32.</exception>
    public ActorInputs(BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        Environments = environments;
        _observation = environments.Groups[0];
        var box = environments.Spec.ActorBox;
        Size = box.Size;
        if (environments.Spec.GoalBox is null) return;
        _goal = environments.Groups.First(group => group.Name == "desired_goal");
        _joined = new BatchBuffer(environments.Count, Size, box.Type);
    }

    /// <summary>The batch that is read.</summary>
    public BatchEnvironment Environments { get; }

    /// <summary>Numbers of one environment's input.</summary>
    public int Size { get; }

    /// <summary>The inputs as the environments stand <c>[N, Size]</c>; the next call may overwrite them.</summary>
    public BatchBuffer Read()
    {
        if (_joined is null) return _observation.Current;
        for (int lane = 0; lane < _joined.Rows; lane++) Write(lane, ended: false, _joined.Row(lane));
        return _joined;
    }

    /// <summary>Writes one environment's input.</summary>
    /// <param name="lane">Which.</param>
    /// <param name="ended">Whether to read the last observation of the episode that just ended.</param>
    /// <param name="target">Takes <see cref="Size"/> numbers.</param>
    public void Write(int lane, bool ended, Span<float> target)
    {
        (ended ? _observation.Final : _observation.Current).Row(lane).CopyTo(target);
        if (_goal is not null) (ended ? _goal.Final : _goal.Current).Row(lane).CopyTo(target[_observation.Space.Size..]);
    }
}
