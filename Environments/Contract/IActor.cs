namespace Sim.Environments;

/// <summary>Chooses actions: a trained policy, a scripted expert, a person at the controls.</summary>
public interface IActor : IDisposable
{
    /// <summary>Reads what the last step or reset showed and writes an action for every environment.</summary>
    void Act(BatchEnvironment environments);
}
