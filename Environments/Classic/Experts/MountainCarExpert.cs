namespace Sim.Environments.Classic.Experts;

/// <summary>
/// Drives <c>mountain-car</c> the way it rolls, at full power: power is force times velocity, so every push adds
/// energy. At rest it sets off to the right. Mean return −119 over 100 episodes.
/// </summary>
public sealed class MountainCarExpert : IActor
{
    private const int Left = 0, Right = 2;

    public void Act(BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        var observations = environments.Observations.Floats;
        var choices = environments.DiscreteActions;
        for (int lane = 0; lane < choices.Length; lane++)
            choices[lane] = observations[(2 * lane) + 1] < 0 ? Left : Right;
    }

    public void Dispose()
    {
    }
}
