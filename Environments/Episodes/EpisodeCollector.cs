using Sim.Environments.Configuration;

namespace Sim.Environments.Episodes;

/// <summary>
/// Plays whole episodes with an actor and keeps them in memory: demonstrations without a file. Episode k starts from
/// seed + k, one episode a lane, so that long and short episodes count alike and the batch size changes nothing.
/// </summary>
public static class EpisodeCollector
{
    private const int LargestBatch = 512;

    /// <param name="definition">The environment.</param>
    /// <param name="makeActor">
    /// Makes the actor of a batch, such as <see cref="EnvironmentDefinition.Expert"/>. The batch shows its privileged
    /// group, which is then part of the episodes; the collector disposes the actor.
    /// </param>
    /// <param name="episodes">How many, 1 or more.</param>
    /// <param name="seed">Start states: episode k takes seed + k.</param>
    /// <param name="settings">The environment's settings; default when null.</param>
    /// <param name="demonstrator">Name of the actor, kept with the episodes.</param>
    /// <exception cref="ArgumentException">
    /// The settings are out of range, or the environment has no time limit and its episodes might never end.
    /// </exception>
    public static EpisodeSet Collect(EnvironmentDefinition definition, Func<BatchEnvironment, IActor> makeActor, int episodes,
        ulong seed = 0, object? settings = null, string demonstrator = "")
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(makeActor);
        ArgumentOutOfRangeException.ThrowIfLessThan(episodes, 1);
        var spec = definition.Describe(settings ?? definition.DefaultSettings);
        if (spec.TimeLimit == 0) throw new ArgumentException($"{spec.Id} has no time limit: its episodes might never end");
        var played = new List<RecordedEpisode>(episodes);
        for (int start = 0; start < episodes; start += LargestBatch)
        {
            var options = new EnvironmentOptions
            {
                Count = Math.Min(LargestBatch, episodes - start),
                Seed = seed + (ulong)start,
                Autoreset = AutoresetMode.Disabled,
                Privileged = true,
            };
            using var environments = definition.Create(options, settings);
            using var actor = makeActor(environments);
            played.AddRange(Play(environments, actor).Select(tape => tape.Cut(demonstrator)));
        }
        return new EpisodeSet
        {
            Environment = spec.Id,
            Version = spec.Version,
            Settings = SettingsJson.Write(spec.Settings),
            Observation = spec.Observation,
            Action = spec.Action,
            Info = spec.Info,
            InfoNames = spec.InfoNames,
            ControlPeriod = spec.ControlPeriod,
            TimeLimit = spec.TimeLimit,
            Episodes = played,
        };
    }

    private static EpisodeTape[] Play(BatchEnvironment environments, IActor actor)
    {
        environments.Reset();
        EpisodeTape[] tapes = [.. Enumerable.Range(0, environments.Count).Select(lane => new EpisodeTape(environments, lane))];
        int running = tapes.Length;
        while (running > 0)
        {
            actor.Act(environments);
            foreach (var tape in tapes) tape.RecordAction();
            environments.Step();
            foreach (var tape in tapes)
            {
                if (tape.RecordOutcome()) running--;
            }
        }
        return tapes;
    }

    /// <summary>The steps of one lane's episode, as they are played.</summary>
    private sealed class EpisodeTape
    {
        private readonly BatchEnvironment _environments;
        private readonly int _lane;
        private readonly EpisodeStart _start;
        private readonly List<byte>[] _observations;
        private readonly List<float> _actions = [], _rewards = [], _info = [];
        private readonly List<int> _choices = [];
        private readonly List<bool> _terminated = [], _truncated = [], _success = [];
        private bool _ended, _faulted;

        public EpisodeTape(BatchEnvironment environments, int lane)
        {
            (_environments, _lane, _start) = (environments, lane, environments.EpisodeOf(lane));
            _observations = [.. environments.Groups.Select(_ => new List<byte>())];
            RecordShown();
        }

        /// <summary>Keeps what the actor chose, until the episode has ended.</summary>
        public void RecordAction()
        {
            if (_ended) return;
            Append(_actions, _environments.Actions, _environments.Spec.Action.Size);
            Append(_choices, _environments.DiscreteActions, _environments.Spec.Action.Size);
        }

        /// <summary>Keeps what the step led to; whether it ended the episode.</summary>
        public bool RecordOutcome()
        {
            if (_ended) return false;
            _rewards.Add(_environments.Rewards[_lane]);
            _terminated.Add(_environments.Terminated[_lane]);
            _truncated.Add(_environments.Truncated[_lane]);
            _success.Add(_environments.IsSuccess[_lane]);
            RecordShown();
            _faulted = _environments.Faulted[_lane];
            return _ended = _terminated[^1] || _truncated[^1];
        }

        public RecordedEpisode Cut(string demonstrator) => new()
        {
            Start = _start,
            Length = _rewards.Count,
            Observations = [.. _environments.Groups.Zip(_observations, (group, rows) => new RecordedObservations(group.Name, group.Space, [.. rows]))],
            Actions = [.. _actions],
            Choices = [.. _choices],
            Rewards = [.. _rewards],
            Terminated = [.. _terminated],
            Truncated = [.. _truncated],
            Info = [.. _info],
            Success = _environments.Spec.HasSuccess ? [.. _success] : null,
            Faulted = _faulted,
            Operator = demonstrator,
        };

        private void RecordShown()
        {
            for (int i = 0; i < _observations.Length; i++)
                _observations[i].AddRange((ReadOnlySpan<byte>)_environments.Groups[i].Current.RowBytes(_lane));
            if (_environments.Info is { } info) _info.AddRange((ReadOnlySpan<float>)info.Current.Row(_lane));
        }

        private void Append<T>(List<T> rows, ReadOnlySpan<T> actions, int size)
        {
            if (!actions.IsEmpty) rows.AddRange(actions.Slice(_lane * size, size));
        }
    }
}
