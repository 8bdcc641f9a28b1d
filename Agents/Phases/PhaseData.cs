using System.Runtime.InteropServices;
using Sim.Agents.Training;
using Sim.Environments.Episodes;
using Sim.Environments.Spaces;

namespace Sim.Agents.Phases;

/// <summary>Recorded episodes whose task tells its phase, as sequences to learn from.</summary>
public sealed class PhaseData
{
    /// <summary>The info outputs that are learnt: the phase, a category, and the steps of the expert's plan, where told.</summary>
    public const string PhaseLabel = "phase", PlanLabel = "remaining_steps";

    /// <summary>What critics see would give the phase away.</summary>
    private const string Hidden = "privileged";

    private PhaseData(EpisodeSet first)
    {
        Environment = first.Environment;
        Names = first.InfoNames.GetValueOrDefault(PhaseLabel) is { Count: > 1 } names ? names : throw new ArgumentException(
            $"the episodes of {first.Environment} do not tell a phase: their task has no info output '{PhaseLabel}' with two names or more");
        HasPlan = first.Info!.Labels.Contains(PlanLabel);
        Groups = [.. BoxesOf(first.Observation).Where(group => group.Name != Hidden)];
        if (Groups.FirstOrDefault(group => group.Space.Type != ElementType.Float32) is { Space: not null } images)
            throw new ArgumentException($"{first.Environment} observes {images.Space} as '{images.Name}'; phases are recognised from float32 vectors");
        Inputs = Groups.Sum(group => group.Space.Size);
    }

    /// <summary>Id of the environment.</summary>
    public string Environment { get; }

    /// <summary>The phases, by their numbers.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether the task tells how many steps the expert's plan still has.</summary>
    public bool HasPlan { get; }

    /// <summary>Observed numbers of a moment: all groups but the privileged one, side by side.</summary>
    public int Inputs { get; }

    /// <summary>The episodes, in the order in which they came.</summary>
    public IReadOnlyList<PhaseSequence> Sequences { get; private set; } = [];

    private IReadOnlyList<(string Name, Box Space)> Groups { get; }

    /// <exception cref="ArgumentException">The episodes tell no phase, are of different tasks, or are fewer than two.</exception>
    /// <exception cref="InvalidDataException">An episode is damaged.</exception>
    public static PhaseData Of(IEnumerable<EpisodeSet> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        PhaseData? data = null;
        var sequences = new List<PhaseSequence>();
        foreach (var set in sets)
        {
            data ??= new PhaseData(set);
            data.RequireSame(set);
            foreach (var episode in set.Episodes) sequences.Add(data.Read(set.Info!, episode, sequences.Count));
        }
        if (data is null || sequences.Count < 2)
            throw new ArgumentException($"{sequences.Count} episodes are too few: some are learnt from, and others judge");
        data.Sequences = sequences;
        return data;
    }

    private void RequireSame(EpisodeSet set)
    {
        if (set.Environment != Environment || !set.InfoNames.GetValueOrDefault(PhaseLabel, []).SequenceEqual(Names)
            || set.Info!.Labels.Contains(PlanLabel) != HasPlan || BoxesOf(set.Observation).Where(group => group.Name != Hidden).Sum(group => group.Space.Size) != Inputs)
            throw new ArgumentException($"episodes of {set.Environment} with other phases or observations cannot be learnt from together with those of {Environment}");
    }

    private PhaseSequence Read(Box info, RecordedEpisode episode, int number)
    {
        int moments = episode.Length + 1, outputs = info.Size;
        if (episode.Info.Length != moments * outputs)
            throw new InvalidDataException($"episode {number} tells {episode.Info.Length} info outputs; {moments} moments make {moments * outputs}");
        float[] phases = Column(PhaseLabel)!;
        if (Array.FindIndex(phases, phase => !(phase >= 0 && phase < Names.Count)) is >= 0 and int bad)
            throw new InvalidDataException($"episode {number} is in phase {phases[bad]} at step {bad}; there are {Names.Count}");
        float[]? plan = Column(PlanLabel);
        if (plan is not null && Matrices.IndexOfNonFinite(plan) is >= 0 and int endless)
            throw new InvalidDataException($"episode {number} has a plan of {plan[endless]} steps at step {endless}");
        return PhaseSequence.Of(ReadObservations(episode, number), Array.ConvertAll(phases, phase => (int)phase), plan);

        float[]? Column(string label)
        {
            int column = info.Labels.ToList().IndexOf(label);
            return column < 0 ? null : [.. Enumerable.Range(0, moments).Select(moment => episode.Info[(moment * outputs) + column])];
        }
    }

    private float[] ReadObservations(RecordedEpisode episode, int number)
    {
        int moments = episode.Length + 1, at = 0;
        float[] rows = new float[moments * Inputs];
        foreach (var (name, space) in Groups)
        {
            var recorded = episode.Observations.FirstOrDefault(group => group.Name == name);
            if (recorded is null || recorded.Rows.Length != (long)moments * space.Size * sizeof(float))
                throw new InvalidDataException($"episode {number} has {recorded?.Rows.Length ?? 0} bytes of '{name}'; {moments} moments of {space} make {(long)moments * space.Size * sizeof(float)}");
            var values = MemoryMarshal.Cast<byte, float>(recorded.Rows);
            if (Matrices.IndexOfNonFinite(values) is >= 0 and int bad)
                throw new InvalidDataException($"episode {number} observes {values[bad]} as '{name}' at step {bad / space.Size}");
            for (int moment = 0; moment < moments; moment++)
                values.Slice(moment * space.Size, space.Size).CopyTo(rows.AsSpan((moment * Inputs) + at));
            at += space.Size;
        }
        return rows;
    }

    private static IReadOnlyList<(string Name, Box Space)> BoxesOf(Space observation)
        => observation is Dict dict ? dict.Entries : [("observation", (Box)observation)];
}
