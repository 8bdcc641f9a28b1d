using Sim.Environments.Spaces;
using Sim.Physics.Numerics;

namespace Sim.Environments.Episodes;

/// <summary>
/// An actor with a shaking hand: Gaussian noise on its actions, or now and then a random choice. Demonstrations by it
/// also show how to come back from small errors, without which a clone of them drifts off (Laskey, Lee, Fox, Dragan and
/// Goldberg, "DART: Noise Injection for Robust Imitation Learning", 2017), and they do not let a policy that sees past
/// actions learn to copy them.
/// </summary>
/// <remarks>
/// The noise is a function of each lane's episode and of the calls so far (stream <see cref="RandomStream.Policy"/>), so
/// that one episode a lane from the first call on is the same at any batch size.
/// </remarks>
public sealed class NoisyActor : IActor
{
    private readonly IActor _actor;
    private readonly float _noise;
    private int _calls;

    /// <param name="actor">Whose actions are disturbed; disposed with this.</param>
    /// <param name="noise">
    /// Deviation in units of each action's half-range (of 1 where it has no limits), 0 or more; or for choices the share
    /// of random ones, in [0, 1].
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The noise is negative or not finite.</exception>
    public NoisyActor(IActor actor, float noise)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (!(noise >= 0) || float.IsInfinity(noise))
            throw new ArgumentOutOfRangeException(nameof(noise), noise, "noise is a deviation, or a share of random choices: it must be 0 or more");
        (_actor, _noise) = (actor, noise);
    }

    public void Act(BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        _actor.Act(environments);
        for (int lane = 0; lane < environments.Count; lane++)
        {
            var start = environments.EpisodeOf(lane);
            var random = new LaneRandom<Lane1>
            {
                SeedLow = Lane1.OfBits((uint)start.Seed),
                SeedHigh = Lane1.OfBits((uint)(start.Seed >> 32)),
                Episode = Lane1.OfBits(start.Number),
                Step = Lane1.Of(_calls),
            };
            var draws = random.Stream(RandomStream.Policy);
            if (environments.Spec.Action is Box box) Disturb(environments.Actions.Slice(lane * box.Size, box.Size), box, ref draws);
            else if (environments.Spec.Action is Discrete discrete) Disturb(ref environments.DiscreteActions[lane], discrete, ref draws);
        }
        _calls++;
    }

    public void Dispose() => _actor.Dispose();

    private void Disturb(Span<float> action, Box box, ref Draws<Lane1> draws)
    {
        for (int i = 0; i < action.Length; i++)
        {
            float half = (box.High[i] - box.Low[i]) / 2;
            float noise = _noise * draws.Normal().Value;
            action[i] = float.IsFinite(half) ? Math.Clamp(action[i] + (half * noise), box.Low[i], box.High[i]) : action[i] + noise;
        }
    }

    private void Disturb(ref int choice, Discrete space, ref Draws<Lane1> draws)
    {
        float chance = draws.Unit().Value, other = draws.Unit().Value;
        if (chance < _noise) choice = Math.Min((int)(other * space.Count), space.Count - 1);
    }
}
