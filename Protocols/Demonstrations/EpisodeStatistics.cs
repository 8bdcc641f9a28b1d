using System.Runtime.InteropServices;
using Sim.Environments.Spaces;

namespace Sim.Protocols.Demonstrations;

/// <summary>What one episode was like.</summary>
/// <param name="Episode">Its number.</param>
/// <param name="Steps">Its steps.</param>
/// <param name="Return">Sum of its rewards.</param>
/// <param name="Success">Whether it succeeded; null where nobody says.</param>
/// <param name="Ending">Why it ended.</param>
/// <param name="WallSeconds">Time from its first step to its last, by the clock; null where not kept.</param>
/// <param name="IdleFraction">Share of steps whose action is that of the step before.</param>
/// <param name="HumanFraction">Share of steps in which a person had a hand; null where not kept.</param>
/// <param name="Inputs">Inputs of a person.</param>
/// <param name="ClutchCount">Times that the clutch was pressed.</param>
/// <param name="LatencyMedianMilliseconds">From an input to the end of the first step that feels it, median; null without inputs.</param>
/// <param name="Latency95Milliseconds">95th percentile of the same.</param>
/// <param name="ActionHistogram">By number of the action, how often each of its bins or choices was taken.</param>
public sealed record EpisodeStatistics(int Episode, int Steps, double Return, bool? Success, EpisodeEnding Ending, double? WallSeconds,
    double IdleFraction, double? HumanFraction, int Inputs, int ClutchCount, double? LatencyMedianMilliseconds, double? Latency95Milliseconds,
    IReadOnlyList<ActionHistogram> ActionHistogram)
{
    /// <summary>Reads an episode and counts.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static EpisodeStatistics Of(Demonstration demonstration, EpisodeRows rows)
    {
        ArgumentNullException.ThrowIfNull(demonstration);
        ArgumentNullException.ThrowIfNull(rows);
        var inputs = demonstration.ReadEvents(rows.Episode).ToArray();
        double[] latencies = [.. Latencies(rows, inputs).Order()];
        double sum = 0;
        foreach (float reward in rows.Rewards) sum += reward;
        var times = rows.Times;
        return new(rows.Episode.Number, rows.Length, sum, rows.Episode.Success, rows.Episode.Ending,
            times.Length > 1 && times[^1] > 0 ? (times[^1] - times[0]) / 1e6 : null,
            rows.Length > 1 ? Trim.CountIdle(rows) / (double)(rows.Length - 1) : 0,
            Human(rows.Sources), inputs.Length, inputs.Count(input => input is { Kind: InputKind.Clutch, Value: > 0 }),
            Percentile(latencies, 0.5), Percentile(latencies, 0.95), Demonstrations.ActionHistogram.Of(rows));
    }

    private static List<double> Latencies(EpisodeRows rows, InputEvent[] inputs)
    {
        var latencies = new List<double>();
        foreach (var input in inputs)
        {
            int step = (int)(input.Step - rows.Episode.FirstStep);
            if (input.ReceivedMicroseconds > 0 && step < rows.Times.Length) latencies.Add((rows.Times[step] - input.ReceivedMicroseconds) / 1e3);
        }
        return latencies;
    }

    private static double? Human(ReadOnlySpan<ActionSource> sources)
    {
        if (sources.IsEmpty) return null;
        int human = 0;
        foreach (var source in sources)
        {
            if (source is ActionSource.Human or ActionSource.Both) human++;
        }
        return (double)human / sources.Length;
    }

    private static double? Percentile(double[] sorted, double share)
        => sorted.Length == 0 ? null : sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
}

/// <summary>How often the values of one number of the actions were taken.</summary>
/// <param name="Low">Lower end of the first bin; of a choice, 0.</param>
/// <param name="High">Upper end of the last bin; of a choice, the number of choices.</param>
/// <param name="Counts">Steps by bin; values beyond the ends count in the outer bins.</param>
public sealed record ActionHistogram(double Low, double High, int[] Counts)
{
    private const int Bins = 10;

    internal static IReadOnlyList<ActionHistogram> Of(EpisodeRows rows) => rows.Session.Action switch
    {
        Box box => [.. Enumerable.Range(0, box.Size).Select(number => OfBox(rows, box, number))],
        Discrete discrete => [OfChoices(rows, 0, 1, discrete.Count)],
        MultiDiscrete several => [.. several.Counts.Select((count, number) => OfChoices(rows, number, several.Counts.Count, count))],
        _ => [],
    };

    private static ActionHistogram OfBox(EpisodeRows rows, Box box, int number)
    {
        var actions = MemoryMarshal.Cast<byte, float>(rows.Actions);
        float low = box.Low[number], high = box.High[number];
        if (!float.IsFinite(low) || !float.IsFinite(high) || low >= high)
        {
            (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
            for (int i = number; i < actions.Length; i += box.Size) (low, high) = (Math.Min(low, actions[i]), Math.Max(high, actions[i]));
        }
        int[] counts = new int[Bins];
        for (int i = number; i < actions.Length; i += box.Size)
        {
            float place = (actions[i] - low) / (high - low);
            counts[float.IsNaN(place) ? 0 : (int)Math.Clamp(place * Bins, 0, Bins - 1)]++;
        }
        return new(low, high, counts);
    }

    private static ActionHistogram OfChoices(EpisodeRows rows, int number, int width, int choices)
    {
        var actions = MemoryMarshal.Cast<byte, int>(rows.Actions);
        const int MostChoices = 1 << 10;
        int[] counts = new int[Math.Min(choices, MostChoices)];
        for (int i = number; i < actions.Length; i += width)
        {
            if (actions[i] >= 0 && actions[i] < counts.Length) counts[actions[i]]++;
        }
        return new(0, choices, counts);
    }
}
