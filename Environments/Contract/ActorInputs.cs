using Sim.Environments.Spaces;

namespace Sim.Environments;

/// <summary>
/// What an actor reads of a batch: the observation and, in goal tasks, the desired goal behind it
/// (<see cref="EnvironmentSpec.ActorBox"/>), as float32. Bytes become fractions of their upper limit. Where the observation
/// is float32 and there are no goals, this is the observation in place, uncopied.
/// </summary>
public sealed class ActorInputs
{
    private readonly ObservationGroup _observation;
    private readonly ObservationGroup? _goal;
    private readonly BatchBuffer? _joined;

    /// <exception cref="ArgumentException">A goal task whose observation is not of float32, or bytes of several upper limits.</exception>
    public ActorInputs(BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        Environments = environments;
        _observation = environments.Groups[0];
        Size = environments.Spec.ActorBox.Size;
        if (environments.Spec.GoalBox is not null) _goal = environments.Groups.First(group => group.Name == "desired_goal");
        if (_goal is not null || _observation.Space.Type != ElementType.Float32)
            _joined = new BatchBuffer(environments.Count, Size, ElementType.Float32);
    }

    /// <summary>The batch that is read.</summary>
    public BatchEnvironment Environments { get; }

    /// <summary>Numbers of one environment's input.</summary>
    public int Size { get; }

    /// <summary>The inputs as the environments stand <c>[N, Size]</c>; the next call may overwrite them.</summary>
    public BatchBuffer Read()
    {
        if (_joined is null) return _observation.Current;
        if (_goal is null) _observation.Space.ToUnit(_observation.Current.Bytes, _joined.Floats);
        else for (int lane = 0; lane < _joined.Rows; lane++) Write(lane, ended: false, _joined.Row(lane));
        return _joined;
    }

    /// <summary>Writes one environment's input.</summary>
    /// <param name="lane">Which.</param>
    /// <param name="ended">Whether to read the last observation of the episode that just ended.</param>
    /// <param name="target">Takes <see cref="Size"/> numbers.</param>
    public void Write(int lane, bool ended, Span<float> target)
    {
        var buffer = ended ? _observation.Final : _observation.Current;
        if (buffer.Type == ElementType.UInt8)
        {
            _observation.Space.ToUnit(buffer.RowBytes(lane), target);
            return;
        }
        buffer.Row(lane).CopyTo(target);
        if (_goal is not null) (ended ? _goal.Final : _goal.Current).Row(lane).CopyTo(target[_observation.Space.Size..]);
    }
}
