using System.Runtime.InteropServices;
using Sim.Agents.Policies;
using Sim.Environments;
using Sim.Environments.Configuration;
using Sim.Environments.Episodes;
using Sim.Environments.Spaces;

namespace Sim.Agents.Training;

/// <summary>
/// Checks episodes against the environment to be learnt for, and strings their steps together. Episodes come from
/// files, so nothing about them is taken for granted.
/// </summary>
internal sealed class DemonstrationReader
{
    private readonly EnvironmentSpec _spec;
    private readonly int _acted;
    private readonly ActionScale? _scale;
    private int _episode;

    /// <exception cref="SettingsException">The environment's actions are of a kind that agents do not learn from.</exception>
    public DemonstrationReader(EnvironmentSpec spec)
    {
        _spec = spec;
        _acted = spec.Action.Size;
        _scale = spec.Action is Box box ? new ActionScale(box) : null;
        if (spec.Action is not (Box or Discrete))
            throw new SettingsException($"{spec.Id} takes {spec.Action}; demonstrations are learnt from for a box or one choice");
    }

    public int Rows { get; private set; }

    public List<DemonstratedEpisode> Episodes { get; } = [];

    /// <summary>What actors read before each step: the desired goal stands behind the observation in goal tasks.</summary>
    public List<float> Observations { get; } = [];

    /// <summary>The same after the last step of each episode.</summary>
    public List<float> Finals { get; } = [];

    /// <summary>Goals achieved by each step, in goal tasks.</summary>
    public List<float> Achieved { get; } = [];

    public List<float> Rewards { get; } = [];

    public List<bool> Successes { get; } = [];

    public List<float> Actions { get; } = [];

    /// <exception cref="SettingsException">The set is of something else.</exception>
    /// <exception cref="InvalidDataException">An episode is damaged.</exception>
    public void Read(EpisodeSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        DemonstrationFit.Check(_spec, set);
        foreach (var episode in set.Episodes)
        {
            _episode++;
            // What a step at fault led to means nothing: it is left out.
            int length = episode.Faulted ? episode.Length - 1 : episode.Length;
            if (length > 0) Read(episode, length);
        }
    }

    private void Read(RecordedEpisode episode, int length)
    {
        AddObservations(episode, length);
        if (_scale is null) AddChoices(episode, length);
        else AddActions(episode, length);
        AddOutcomes(episode, length);
        Episodes.Add(new DemonstratedEpisode(Rows, length, episode.IsSuccess) { Terminated = !episode.Faulted && episode.Terminated[^1] });
        Rows = checked(Rows + length);
    }

    /// <summary>What was read before each step goes to one list, what was read after the last to another.</summary>
    private void AddObservations(RecordedEpisode episode, int length)
    {
        var observations = RowsOf(episode, "observation", _spec.ObservationBox);
        var desired = _spec.GoalBox is { } box ? RowsOf(episode, "desired_goal", box) : default;
        int observed = _spec.ObservationBox.Size, goal = desired.Length / (episode.Length + 1);
        for (int row = 0; row <= length; row++)
        {
            var target = row < length ? Observations : Finals;
            target.AddRange(observations.Slice(row * observed, observed));
            target.AddRange(desired.Slice(row * goal, goal));
        }
        if (goal > 0) Achieved.AddRange(RowsOf(episode, "achieved_goal", _spec.GoalBox!).Slice(goal, length * goal));
    }

    /// <summary>All rows of a group, one more than there are steps.</summary>
    private ReadOnlySpan<float> RowsOf(RecordedEpisode episode, string name, Box box)
    {
        var group = episode.Observations.FirstOrDefault(group => group.Name == name)
            ?? throw Damaged($"holds no group '{name}', but {string.Join(", ", episode.Observations.Select(group => group.Name))}");
        if (group.Space.Size != box.Size || group.Space.Type != box.Type)
            throw Damaged($"observes {group.Space}, not {box}");
        long bytes = (episode.Length + 1L) * box.Size * (box.Type == ElementType.Float32 ? sizeof(float) : 1);
        if (group.Rows.Length != bytes)
            throw Damaged($"holds {group.Rows.Length} bytes of {(name == "observation" ? "observations" : name)}; {episode.Length} steps make {bytes}");
        if (box.Type == ElementType.UInt8)
        {
            float[] fractions = new float[bytes];
            box.ToUnit(group.Rows, fractions);
            return fractions;
        }
        var rows = MemoryMarshal.Cast<byte, float>(group.Rows);
        int bad = Matrices.IndexOfNonFinite(rows);
        return bad < 0 ? rows : throw Damaged($"observes {rows[bad]} in step {bad / box.Size}, number {bad % box.Size}");
    }

    private void AddOutcomes(RecordedEpisode episode, int length)
    {
        if (episode.Rewards.Length != episode.Length || episode.Terminated.Length != episode.Length || episode.Success?.Length is { } marks && marks != episode.Length)
            throw Damaged($"holds {episode.Rewards.Length} rewards, {episode.Terminated.Length} flags and {episode.Success?.Length} marks of success for {episode.Length} steps");
        var rewards = episode.Rewards.AsSpan(0, length);
        int bad = Matrices.IndexOfNonFinite(rewards);
        if (bad >= 0) throw Damaged($"is rewarded {rewards[bad]} in step {bad}");
        Rewards.AddRange(rewards);
        for (int step = 0; step < length; step++) Successes.Add(episode.Success?[step] == true);
    }

    private void AddActions(RecordedEpisode episode, int length)
    {
        long numbers = (long)episode.Length * _acted;
        if (episode.Actions.Length != numbers)
            throw Damaged($"holds {episode.Actions.Length} numbers of action; {episode.Length} steps of {_spec.Action} make {numbers}");
        var actions = episode.Actions.AsSpan(0, length * _acted);
        int bad = Matrices.IndexOfNonFinite(actions);
        if (bad >= 0) throw Damaged($"acts {actions[bad]} in step {bad / _acted}, number {bad % _acted}");
        int start = Actions.Count;
        CollectionsMarshal.SetCount(Actions, start + actions.Length);
        _scale!.Normalise(actions, CollectionsMarshal.AsSpan(Actions)[start..]);
    }

    private void AddChoices(RecordedEpisode episode, int length)
    {
        if (episode.Choices.Length != episode.Length)
            throw Damaged($"holds {episode.Choices.Length} choices for {episode.Length} steps");
        int count = ((Discrete)_spec.Action).Count;
        var choices = episode.Choices.AsSpan(0, length);
        int bad = choices.IndexOfAnyExceptInRange(0, count - 1);
        if (bad >= 0) throw Damaged($"chooses {choices[bad]} in step {bad}; {_spec.Action} has 0 to {count - 1}");
        foreach (int choice in choices) Actions.Add(choice);
    }

    private InvalidDataException Damaged(string what) => new($"episode {_episode} of the demonstrations of {_spec.Id} {what}");
}
