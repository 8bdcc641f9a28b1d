using Sim.Environments.Spaces;
using Sim.Physics.Numerics;

namespace Sim.Environments;

/// <summary>Uniform random actions: the policy that any task must survive.</summary>
public static class RandomActions
{
    /// <summary>
    /// Writes one uniform action for every environment, drawn from the stream <see cref="RandomStream.RandomAction"/>
    /// of lane seed <paramref name="seed"/> + lane. Unlimited components are drawn from [−1, 1).
    /// </summary>
    /// <param name="environments">Whose action buffer to fill.</param>
    /// <param name="seed">Seed of lane 0.</param>
    /// <param name="step">Counts the calls, so that each draws anew.</param>
    public static void Fill(BatchEnvironment environments, ulong seed, int step = 0)
    {
        ArgumentNullException.ThrowIfNull(environments);
        var space = environments.Spec.Action;
        for (int lane = 0; lane < environments.Count; lane++)
        {
            var random = Scalar(seed + (ulong)lane, step);
            var draws = random.Stream(RandomStream.RandomAction);
            if (space is Discrete discrete)
            {
                environments.DiscreteActions[lane] = (int)(draws.Unit().Value * discrete.Count);
                continue;
            }
            if (space is MultiDiscrete several)
            {
                for (int i = 0; i < several.Counts.Count; i++)
                    environments.DiscreteActions[(lane * several.Counts.Count) + i] = (int)(draws.Unit().Value * several.Counts[i]);
                continue;
            }
            var box = (Box)space;
            var action = environments.Actions.Slice(lane * box.Size, box.Size);
            for (int i = 0; i < action.Length; i++)
            {
                float low = float.IsFinite(box.Low[i]) ? box.Low[i] : -1, high = float.IsFinite(box.High[i]) ? box.High[i] : 1;
                action[i] = draws.Uniform(low, high).Value;
            }
        }
    }

    private static LaneRandom<Lane1> Scalar(ulong seed, int step) => new()
    {
        SeedLow = Lane1.OfBits((uint)seed),
        SeedHigh = Lane1.OfBits((uint)(seed >> 32)),
        Episode = Lane1.OfBits((uint)step),
        Step = Lane1.Of(0),
    };
}
