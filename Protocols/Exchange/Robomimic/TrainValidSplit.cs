using Sim.Physics.Numerics;

namespace Sim.Protocols.Exchange.Robomimic;

/// <summary>Which episodes validate: a choice that depends on the seed, the ratio and their number alone.</summary>
internal static class TrainValidSplit
{
    /// <summary>
    /// For each episode whether it validates: ratio · count of them, rounded down, but at least one where there are two
    /// episodes or more.
    /// </summary>
    public static bool[] Of(int count, float ratio, ulong seed)
    {
        int valid = ratio <= 0 || count < 2 ? 0 : Math.Max(1, (int)(count * (double)ratio));
        var random = new LaneRandom<Lane1>
        {
            SeedLow = Lane1.OfBits((uint)seed),
            SeedHigh = Lane1.OfBits((uint)(seed >> 32)),
            Episode = Lane1.OfBits(0),
            Step = Lane1.Of(0),
        };
        var draws = random.Stream(RandomStream.Sampling);
        double[] order = new double[count];
        for (int i = 0; i < count; i++) order[i] = draws.Unit().Value;
        bool[] isValid = new bool[count];
        foreach (int index in Enumerable.Range(0, count).OrderBy(index => order[index]).ThenBy(index => index).Take(valid))
            isValid[index] = true;
        return isValid;
    }
}
