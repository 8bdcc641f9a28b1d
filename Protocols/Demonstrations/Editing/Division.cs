using Sim.Physics.Numerics;
using Sim.Protocols.Demonstrations.Rows;

namespace Sim.Protocols.Demonstrations.Editing;

/// <summary>Which episodes train and which validate.</summary>
internal static class Division
{
    public const string Train = "train", Valid = "valid";

    /// <summary>Masks of every episode that counts; other masks that it has stay.</summary>
    /// <exception cref="ArgumentException">The ratio leaves one of the two without an episode.</exception>
    public static IReadOnlyList<LabelMessage> Of(Demonstration demonstration, double ratio, bool byOperator, ulong seed)
    {
        if (!(ratio is > 0 and < 1)) throw new ArgumentException($"ratio {ratio} is not valid: expected a share between 0 and 1, such as 0.1");
        var groups = demonstration.Episodes
            .GroupBy(episode => byOperator ? demonstration.Sessions[episode.Session].Message.Operator : $"{episode.Number}")
            .OrderBy(group => Order(seed, group.Min(episode => episode.Number)))
            .ToArray();
        int valid = Math.Max(1, (int)Math.Round(ratio * groups.Length));
        if (valid >= groups.Length)
            throw new ArgumentException($"{demonstration.Path} holds {groups.Length} {(byOperator ? "operators" : "episodes")}: too few to divide them into train and valid by {ratio}");
        return [.. groups.SelectMany((group, i) => group.Select(episode => Mask(episode, i < valid ? Valid : Train))).OrderBy(label => label.Episode)];
    }

    private static LabelMessage Mask(DemonstrationEpisode episode, string mask)
        => new() { Episode = episode.Number, Masks = [.. episode.Masks.Where(other => other is not (Train or Valid)), mask] };

    private static uint Order(ulong seed, int number)
    {
        var random = new LaneRandom<Lane1>
        {
            SeedLow = Lane1.OfBits((uint)seed),
            SeedHigh = Lane1.OfBits((uint)(seed >> 32)),
            Episode = Lane1.OfBits((uint)number),
            Step = Lane1.Of(0),
        };
        return BitConverter.SingleToUInt32Bits(random.Stream(RandomStream.Sampling).Unit().Value);
    }
}
