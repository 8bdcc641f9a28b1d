using Sim.Environments;
using Sim.Environments.Configuration;
using Sim.Environments.Episodes;
using Sim.Environments.Spaces;

namespace Sim.Tests.Protocols.Exchange;

/// <summary>Episodes as environments of the registry show them under random actions.</summary>
internal static class PlayedEpisodes
{
    /// <summary>A set with the first episodes that end; playing them again for every enumeration would give the same.</summary>
    public static EpisodeSet Of(string id, int episodes, bool privileged = false, params string[] settings)
    {
        var definition = Registry.Find(id);
        object configured = SettingsOverride.Apply(definition.DefaultSettings, settings);
        var spec = definition.Describe(configured);
        return new()
        {
            Environment = spec.Id,
            Version = spec.Version,
            Settings = SettingsJson.Write(configured),
            Observation = privileged || spec.Observation is not Dict ? spec.Observation : Shown(definition, configured),
            Action = spec.Action,
            ControlPeriod = spec.ControlPeriod,
            TimeLimit = spec.TimeLimit,
            Episodes = [.. Play(definition, configured, privileged).Take(episodes)],
        };
    }

    /// <summary>The space of the groups that a batch writes without the privileged one.</summary>
    private static Space Shown(EnvironmentDefinition definition, object settings)
    {
        using var environments = definition.Create(new EnvironmentOptions(), settings);
        return environments.Groups.Count == 1
            ? environments.Groups[0].Space
            : new Dict([.. environments.Groups.Select(group => (group.Name, group.Space))]);
    }

    private static IEnumerable<RecordedEpisode> Play(EnvironmentDefinition definition, object settings, bool privileged)
    {
        using var environments = definition.Create(new EnvironmentOptions { Seed = 5, Privileged = privileged, Lanes = 1 }, settings);
        environments.Reset();
        var playing = new Playing(environments);
        for (int step = 0; ; step++)
        {
            RandomActions.Fill(environments, seed: 9, step);
            playing.BeforeStep();
            environments.Step();
            if (playing.AfterStep() is { } episode) yield return episode;
        }
    }

    /// <summary>Keeps what lane 0 shows until its episode ends.</summary>
    private sealed class Playing(BatchEnvironment environments)
    {
        private readonly List<byte>[] _observations = [.. environments.Groups.Select(_ => new List<byte>())];
        private readonly List<float> _actions = [], _rewards = [];
        private readonly List<int> _choices = [];
        private readonly List<bool> _terminated = [], _truncated = [], _success = [];
        private EpisodeStart _start;

        public void BeforeStep()
        {
            _start = environments.EpisodeOf(0);
            for (int i = 0; i < _observations.Length; i++)
                _observations[i].AddRange(environments.Groups[i].Current.RowBytes(0));
            _actions.AddRange(environments.Actions);
            _choices.AddRange(environments.DiscreteActions);
        }

        public RecordedEpisode? AfterStep()
        {
            _rewards.Add(environments.Rewards[0]);
            _terminated.Add(environments.Terminated[0]);
            _truncated.Add(environments.Truncated[0]);
            _success.Add(environments.IsSuccess[0]);
            if (!environments.Terminated[0] && !environments.Truncated[0]) return null;
            for (int i = 0; i < _observations.Length; i++)
                _observations[i].AddRange(environments.Groups[i].Final.RowBytes(0));
            var episode = new RecordedEpisode
            {
                Start = _start,
                Length = _rewards.Count,
                Observations = [.. environments.Groups.Select((group, i) => new RecordedObservations(group.Name, group.Space, [.. _observations[i]]))],
                Actions = [.. _actions],
                Choices = [.. _choices],
                Rewards = [.. _rewards],
                Terminated = [.. _terminated],
                Truncated = [.. _truncated],
                Success = environments.Spec.HasSuccess ? [.. _success] : null,
            };
            foreach (var list in _observations) list.Clear();
            _actions.Clear();
            _choices.Clear();
            _rewards.Clear();
            _terminated.Clear();
            _truncated.Clear();
            _success.Clear();
            return episode;
        }
    }
}
