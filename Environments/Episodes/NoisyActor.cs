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
/// The noise is a function of each lane's episode and of its calls since that began (stream
/// <see cref="RandomStream.Policy"/>), so that the batch changes no bit of an episode.
/// </remarks>
public sealed class NoisyActor : IActor
{
    private readonly IActor _actor;
    private readonly float _noise;
    private EpisodeStart[] _episodes = [];
    private int[] _calls = [];

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
        if (_calls.Length != environments.Count) (_episodes, _calls) = (new EpisodeStart[environments.Count], new int[environments.Count]);
        for (int lane = 0; lane < environments.Count; lane++)
        {
            var start = environments.EpisodeOf(lane);
            if (_episodes[lane] != start) (_episodes[lane], _calls[lane]) = (start, 0);
            var draws = At(start, _calls[lane]++).Stream(RandomStream.Policy);
            if (environments.Spec.Action is Box box) Disturb(environments.Actions.Slice(lane * box.Size, box.Size), box, ref draws);
            else if (environments.Spec.Action is Discrete discrete) Disturb(ref environments.DiscreteActions[lane], discrete, ref draws);
        }
    }

    public void Dispose() => _actor.Dispose();

    private static LaneRandom<Lane1> At(EpisodeStart start, int call) => new()
    {
        SeedLow = Lane1.OfBits((uint)start.Seed),
        SeedHigh = Lane1.OfBits((uint)(start.Seed >> 32)),
        Episode = Lane1.OfBits(start.Number),
        Step = Lane1.Of(call),
    };

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
