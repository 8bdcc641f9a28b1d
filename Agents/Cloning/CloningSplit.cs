using Sim.Agents.Training;
using Sim.Environments.Configuration;
using Sim.Physics.Numerics;

namespace Sim.Agents.Cloning;

/// <summary>
/// Which demonstrated steps are learnt from and which are kept out to judge by. Whole episodes go one way or the
/// other: neighbouring steps are too alike to judge by.
/// </summary>
/// <param name="Training">Rows to learn from, 1 or more.</param>
/// <param name="Validation">Rows to judge by; none where there is a single episode or the fraction is 0.</param>
public sealed record CloningSplit(int[] Training, int[] Validation)
{
    /// <summary>Draws the split from the stream <see cref="RandomStream.Sampling"/>, at time 0.</summary>
    /// <exception cref="SettingsException">No episode succeeded, where only those count, or the task has no success.</exception>
    public static CloningSplit Of(DemonstrationData data, CloningSettings settings, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.OnlySuccess && !data.Spec.HasSuccess)
            throw new SettingsException($"only_success = true: {data.Spec.Id} does not say when an episode succeeds");
        int[] episodes = [.. Enumerable.Range(0, data.Episodes.Count).Where(i => !settings.OnlySuccess || data.Episodes[i].IsSuccess == true)];
        if (episodes.Length == 0)
            throw new SettingsException($"only_success = true: none of the {data.Episodes.Count} demonstrated episodes ended in success");
        CounterRandom.Shuffle(episodes, new float[episodes.Length], seed, RandomStream.Sampling, time: 0);
        int kept = settings.ValidationFraction == 0 ? 0 : Math.Max(1, (int)Math.Round(settings.ValidationFraction * episodes.Length));
        kept = Math.Min(kept, episodes.Length - 1);
        return new CloningSplit(Rows(data, episodes.AsSpan(kept)), Rows(data, episodes.AsSpan(0, kept)));
    }

    private static int[] Rows(DemonstrationData data, ReadOnlySpan<int> episodes)
    {
        var rows = new List<int>();
        foreach (int episode in episodes) rows.AddRange(Enumerable.Range(data.Episodes[episode].Start, data.Episodes[episode].Length));
        return [.. rows];
    }
}
