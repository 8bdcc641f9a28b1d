namespace Sim.Environments.Surgical.Manipulation;

/// <summary>
/// The scripted expert of the manipulation tasks. The tasks keep their plan themselves and show in the privileged group
/// what the expert would do, so it acts from there: in a process, over the protocol, after a restore.
/// </summary>
public sealed class PlanExpert : IActor
{
    private readonly BatchBuffer _plan;
    private readonly int _width;

    /// <exception cref="ArgumentException">The batch was made without its privileged group.</exception>
    public PlanExpert(BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        _plan = environments.Privileged?.Current
            ?? throw new ArgumentException($"{environments.Spec.Id} was made without its privileged group, in which its scripted expert's actions are: set EnvironmentOptions.Privileged");
        _width = environments.Spec.Action.Size;
    }

    public static IActor Of(BatchEnvironment environments) => new PlanExpert(environments);

    public void Act(BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        for (int lane = 0; lane < environments.Count; lane++)
            _plan.Row(lane)[.._width].CopyTo(environments.Actions.Slice(lane * _width, _width));
    }

    public void Dispose()
    {
    }
}
