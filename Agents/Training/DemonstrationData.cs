using System.Runtime.InteropServices;
using Sim.Agents.Networks;
using Sim.Agents.Policies;
using Sim.Environments;
using Sim.Environments.Configuration;
using Sim.Environments.Episodes;

namespace Sim.Agents.Training;

/// <summary>One episode among demonstrations.</summary>
/// <param name="Start">Its first row.</param>
/// <param name="Length">Its steps, 1 or more.</param>
/// <param name="IsSuccess">Whether it ended in success; null where the task does not say.</param>
public readonly record struct DemonstratedEpisode(int Start, int Length, bool? IsSuccess)
{
    /// <summary>Whether nothing follows its last step; an episode that was cut off would have gone on.</summary>
    public bool Terminated { get; init; }
}

/// <summary>
/// Demonstrations as agents learn from them: what was observed and what was done there, step after step and episode
/// after episode, in memory. Several learners may read one instance.
/// </summary>
public sealed unsafe class DemonstrationData
{
    private readonly float[] _observations, _finals, _actions, _achieved, _rewards;
    private readonly bool[] _successes;

    private DemonstrationData(EnvironmentSpec spec, DemonstrationReader reader)
    {
        Spec = spec;
        Rows = reader.Rows;
        Episodes = reader.Episodes;
        // Pinned, so that networks read the rows in place.
        _observations = Pinned(reader.Observations);
        _actions = Pinned(reader.Actions);
        _finals = [.. reader.Finals];
        _achieved = [.. reader.Achieved];
        _rewards = [.. reader.Rewards];
        _successes = [.. reader.Successes];
    }

    /// <summary>The environment that all were made in.</summary>
    public EnvironmentSpec Spec { get; }

    /// <summary>Steps of all episodes together, 1 or more.</summary>
    public int Rows { get; }

    public IReadOnlyList<DemonstratedEpisode> Episodes { get; }

    /// <summary>What the actor read before each step <c>[rows, size]</c>: <see cref="EnvironmentSpec.ActorBox"/>.</summary>
    public Matrix Observations => View(_observations);

    /// <summary>Reward of each step <c>[rows]</c>, as recorded.</summary>
    public ReadOnlySpan<float> Rewards => _rewards;

    /// <summary>Whether the episode counted as a success after each step <c>[rows]</c>; false where the task does not say.</summary>
    public ReadOnlySpan<bool> Successes => _successes;

    /// <summary>
    /// What was done: actions <c>[rows, size]</c> in [−1, 1] of the half-range (<see cref="ActionScale"/>), clipped, or
    /// choices <c>[rows, 1]</c> as whole numbers.
    /// </summary>
    public Matrix Actions => View(_actions);

    /// <summary>Brings demonstrations of one environment into memory.</summary>
    /// <param name="spec">The environment, under the settings to be learnt for.</param>
    /// <param name="sets">One or more; episodes keep their order.</param>
    /// <exception cref="SettingsException">
    /// They are of another environment, version, space or other settings, or hold no step; the message names both sides.
    /// </exception>
    /// <exception cref="InvalidDataException">An episode contradicts itself, or holds a number or choice that cannot be.</exception>
    public static DemonstrationData Of(EnvironmentSpec spec, params IEnumerable<EpisodeSet> sets)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(sets);
        var reader = new DemonstrationReader(spec);
        foreach (var set in sets) reader.Read(set);
        return reader.Rows > 0
            ? new DemonstrationData(spec, reader)
            : throw new SettingsException($"the demonstrations of {spec.Id} hold no step to learn from");
    }

    /// <summary>What the actor would have read after an episode's last step.</summary>
    public ReadOnlySpan<float> FinalObservation(int episode)
    {
        int size = _finals.Length / Episodes.Count;
        return _finals.AsSpan(episode * size, size);
    }

    /// <summary>The goal that the step of a row achieved; empty where the task has no goals.</summary>
    public ReadOnlySpan<float> Achieved(int row)
    {
        int size = _achieved.Length / Rows;
        return _achieved.AsSpan(row * size, size);
    }

    private static float[] Pinned(List<float> values)
    {
        float[] copy = GC.AllocateUninitializedArray<float>(values.Count, pinned: true);
        values.CopyTo(copy);
        return copy;
    }

    private Matrix View(float[] values)
    {
        int columns = values.Length / Rows;
        return new Matrix((float*)Marshal.UnsafeAddrOfPinnedArrayElement(values, 0), Rows, columns, columns);
    }
}
