using Sim.Environments;

namespace Sim.Agents.Policies;

/// <summary>
/// How to act in an environment, as training left it. It makes an actor for a batch; what an actor remembers of the
/// episodes it sees lies in the actor, so that one policy acts in many batches.
/// </summary>
public interface IPolicy : IDisposable
{
    /// <summary>What it acts in.</summary>
    EnvironmentSpec Spec { get; }

    /// <summary>A new actor for a batch whose episodes begin. The policy must outlive it; disposing the actor leaves the policy whole.</summary>
    IActor ActIn(BatchEnvironment environments);
}
