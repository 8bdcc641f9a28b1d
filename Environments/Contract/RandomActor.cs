namespace Sim.Environments;

/// <summary>Acts at random, uniformly over the action space; the same seed gives the same actions.</summary>
/// <param name="seed">Seed of lane 0; lane k has seed + k.</param>
public sealed class RandomActor(ulong seed) : IActor
{
    private int _step;

    public void Act(BatchEnvironment environments) => RandomActions.Fill(environments, seed, _step++);

    public void Dispose()
    {
    }
}
