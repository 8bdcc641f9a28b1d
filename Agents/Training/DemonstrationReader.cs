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
    private readonly int _observed, _acted;
    private readonly ActionScale? _scale;
    private int _episode;

    /// <exception cref="SettingsException">The environment's observations or actions are of a kind that agents do not learn from.</exception>
    public DemonstrationReader(EnvironmentSpec spec)
    {
        _spec = spec;
        _observed = spec.ObservationBox.Size;
        _acted = spec.Action.Size;
        _scale = spec.Action is Box box ? new ActionScale(box) : null;
        if (spec.ObservationBox.Type != ElementType.Float32)
            throw new SettingsException($"{spec.Id} observes {spec.ObservationBox}; demonstrations are learnt from float32 alone");
        if (spec.Action is not (Box or Discrete))
            throw new SettingsException($"{spec.Id} takes {spec.Action}; demonstrations are learnt from for a box or one choice");
    }

    public int Rows { get; private set; }

    public List<DemonstratedEpisode> Episodes { get; } = [];

    public List<float> Observations { get; } = [];

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
            if (episode.Length > 0) Read(episode);
        }
    }

    private void Read(RecordedEpisode episode)
    {
        AddObservations(episode);
        if (_scale is null) AddChoices(episode);
        else AddActions(episode);
        Episodes.Add(new DemonstratedEpisode(Rows, episode.Length, episode.IsSuccess));
        Rows = checked(Rows + episode.Length);
    }

    /// <summary>All but the last row, which nobody acted on.</summary>
    private void AddObservations(RecordedEpisode episode)
    {
        var group = episode.Observations.FirstOrDefault(group => group.Name == "observation")
            ?? throw Damaged($"holds no group 'observation', but {string.Join(", ", episode.Observations.Select(group => group.Name))}");
        if (group.Space.Size != _observed || group.Space.Type != ElementType.Float32)
            throw Damaged($"observes {group.Space}, not {_spec.ObservationBox}");
        long bytes = (episode.Length + 1L) * _observed * sizeof(float);
        if (group.Rows.Length != bytes)
            throw Damaged($"holds {group.Rows.Length} bytes of observations; {episode.Length} steps make {bytes}");
        var rows = MemoryMarshal.Cast<byte, float>(group.Rows)[..(episode.Length * _observed)];
        int bad = Matrices.IndexOfNonFinite(rows);
        if (bad >= 0) throw Damaged($"observes {rows[bad]} in step {bad / _observed}, number {bad % _observed}");
        Observations.AddRange(rows);
    }

    private void AddActions(RecordedEpisode episode)
    {
        long numbers = (long)episode.Length * _acted;
        if (episode.Actions.Length != numbers)
            throw Damaged($"holds {episode.Actions.Length} numbers of action; {episode.Length} steps of {_spec.Action} make {numbers}");
        int bad = Matrices.IndexOfNonFinite(episode.Actions);
        if (bad >= 0) throw Damaged($"acts {episode.Actions[bad]} in step {bad / _acted}, number {bad % _acted}");
        int start = Actions.Count;
        CollectionsMarshal.SetCount(Actions, start + episode.Actions.Length);
        _scale!.Normalise(episode.Actions, CollectionsMarshal.AsSpan(Actions)[start..]);
    }

    private void AddChoices(RecordedEpisode episode)
    {
        if (episode.Choices.Length != episode.Length)
            throw Damaged($"holds {episode.Choices.Length} choices for {episode.Length} steps");
        int count = ((Discrete)_spec.Action).Count;
        int bad = episode.Choices.AsSpan().IndexOfAnyExceptInRange(0, count - 1);
        if (bad >= 0) throw Damaged($"chooses {episode.Choices[bad]} in step {bad}; {_spec.Action} has 0 to {count - 1}");
        foreach (int choice in episode.Choices) Actions.Add(choice);
    }

    private InvalidDataException Damaged(string what) => new($"episode {_episode} of the demonstrations of {_spec.Id} {what}");
}
