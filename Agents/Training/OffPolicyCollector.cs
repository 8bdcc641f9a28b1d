using Sim.Agents.Hindsight;
using Sim.Agents.Networks;
using Sim.Agents.Policies;
using Sim.Environments;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;

namespace Sim.Agents.Training;

/// <summary>
/// Steps the environments for an algorithm with a replay buffer, and stores what happened. The successor of a step
/// that ended an episode is that episode's final observation, and only termination is stored as the end of all
/// rewards: a truncated episode bootstraps.
/// </summary>
public sealed class OffPolicyCollector : IDisposable
{
    private readonly BatchEnvironment _environments;
    private readonly EpisodeTracker _episodes;
    private readonly ActionScale _scale;
    private readonly ActorInputs _read;
    private readonly ObservationGroup? _privileged, _achieved;
    private readonly RunningMoments? _privilegedStatistics;
    private readonly MatrixBuffer? _normalised;
    private readonly EpisodeStatistics? _episodeStatistics;
    private readonly float[] _actions, _draws;
    private readonly ulong _seed;

    /// <param name="context">Whose environments to step.</param>
    /// <param name="settings">Capacity, noise, normalisation, hindsight.</param>
    /// <param name="episodes">Takes in the episodes that end.</param>
    /// <exception cref="ArgumentException">The action space is no box, or the privileged group is asked for and not there.</exception>
    public OffPolicyCollector(LearnerContext context, OffPolicySettings settings, EpisodeTracker episodes)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(episodes);
        (_environments, _episodes, _seed) = (context.Environments, episodes, context.Seed);
        var spec = _environments.Spec;
        if (spec.Action is not Box action)
            throw new ArgumentException($"{spec.Id} has actions of type {spec.Action.GetType().Name}; this algorithm takes continuous ones (Box)");
        _read = new ActorInputs(_environments);
        if (settings.PrivilegedCritic)
            _privileged = _environments.Privileged ?? throw new ArgumentException($"{spec.Id} was made without its privileged group, which privileged_critic needs");
        Observations = _read.Size;
        CriticInputs = Observations + (_privileged?.Space.Size ?? 0);
        ActionWidth = action.Size;
        _scale = new ActionScale(action);
        int count = _environments.Count;
        _actions = new float[count * ActionWidth];
        _draws = new float[count * (1 + ActionWidth)];
        Noise = new ExplorationNoise(count, ActionWidth, settings.NoiseCorrelation, context.Seed);
        int capacity = (int)Math.Max(count, Math.Min(settings.ReplayCapacity, context.TotalSteps));
        Replay = new ReplayBuffer(capacity, CriticInputs, ActionWidth, spec.GoalBox?.Size ?? 0);
        if (spec.GoalBox is not null)
        {
            _achieved = _environments.Groups.First(group => group.Name == "achieved_goal");
            Hindsight = new HindsightReplay(Replay, _environments, count, settings.Hindsight, settings.HindsightRatio);
        }
        if (settings.NormaliseObservations) Statistics = new RunningMoments(Observations);
        if (context.Demonstrations is not null) Demonstrations = new DemonstratedTransitions(context, settings, Statistics);
        if (Statistics is null) return;
        if (_privileged is not null) _privilegedStatistics = new RunningMoments(_privileged.Space.Size);
        if (Hindsight is not null) _episodeStatistics = new EpisodeStatistics(Statistics, context.Seed);
        _normalised = new MatrixBuffer(count, Observations);
    }

    public ReplayBuffer Replay { get; }

    /// <summary>Other goals for what is drawn; null where the task has none.</summary>
    public HindsightReplay? Hindsight { get; }

    /// <summary>What others did; null where nobody showed anything.</summary>
    public DemonstratedTransitions? Demonstrations { get; }

    public ExplorationNoise Noise { get; }

    /// <summary>Observation statistics; null where networks read raw observations.</summary>
    public RunningMoments? Statistics { get; }

    /// <summary>Width of an actor's input.</summary>
    public int Observations { get; }

    /// <summary>Width of a critic's input without the action.</summary>
    public int CriticInputs { get; }

    public int ActionWidth { get; }

    /// <summary>The next actions <c>[environments, ActionWidth]</c> in [−1, 1]; to be written before <see cref="Step"/>.</summary>
    public Span<float> Actions => _actions;

    /// <summary>
    /// The actor's inputs <c>[environments, Observations]</c>. The statistics take them in, once per step; in goal tasks
    /// they wait for the end of the episode, and take in its steps with the goals that they are learnt with.
    /// </summary>
    public Matrix Observe()
    {
        var observations = _read.Read().AsMatrix();
        if (Statistics is null) return observations;
        if (_episodeStatistics is null) Statistics.Update(observations);
        if (_privileged is not null) _privilegedStatistics!.Update(_privileged.Current.AsMatrix());
        Statistics.Normalise(observations, _normalised!.Matrix);
        return _normalised.Matrix;
    }

    /// <summary>Chooses uniform random actions, of <see cref="RandomStream.RandomAction"/>.</summary>
    public void ChooseUniform(ulong time)
    {
        CounterRandom.FillUniform(_actions, _seed, RandomStream.RandomAction, time);
        foreach (ref float action in _actions.AsSpan()) action = (2 * action) - 1;
    }

    /// <summary>Chooses clip(tanh(output) + deviation · noise, ±1).</summary>
    /// <param name="outputs">Of a deterministic actor <c>[environments, ActionWidth]</c>.</param>
    /// <param name="deviation">Of <see cref="Noise"/>, in units of the half-range.</param>
    public void ChooseAround(in Matrix outputs, float deviation)
    {
        var noise = Noise.Values;
        for (int i = 0; i < _actions.Length; i++)
            _actions[i] = Math.Clamp(MathF.Tanh(outputs[i / ActionWidth, i % ActionWidth]) + (deviation * noise[i]), -1, 1);
    }

    /// <summary>Replaces the chosen actions of some environments by uniform random ones, of the same stream.</summary>
    /// <param name="share">Probability for each environment.</param>
    /// <param name="time">Of the draws.</param>
    public void MixUniform(float share, ulong time)
    {
        CounterRandom.FillUniform(_draws, _seed, RandomStream.RandomAction, time);
        int row = 1 + ActionWidth;
        for (int lane = 0; lane < _environments.Count; lane++)
        {
            if (_draws[lane * row] >= share) continue;
            for (int i = 0; i < ActionWidth; i++) _actions[(lane * ActionWidth) + i] = (2 * _draws[(lane * row) + 1 + i]) - 1;
        }
    }

    /// <summary>Steps every environment with <see cref="Actions"/> and stores the transitions.</summary>
    /// <exception cref="NonFiniteException">An action, a reward or an observation is not finite.</exception>
    public void Step()
    {
        for (int lane = 0; lane < _environments.Count; lane++)
        {
            var transition = Replay.Open(lane);
            WriteInputs(lane, ended: false, transition.Inputs);
            _actions.AsSpan(lane * ActionWidth, ActionWidth).CopyTo(transition.Action);
        }
        _scale.Send(_actions, _environments);
        _environments.Step();
        _episodes.Observe(_environments);
        var rewards = _environments.Rewards;
        var terminated = _environments.Terminated;
        var truncated = _environments.Truncated;
        for (int lane = 0; lane < _environments.Count; lane++)
        {
            var transition = Replay.Open(lane);
            transition.Reward = rewards[lane];
            WriteInputs(lane, terminated[lane] || truncated[lane], transition.NextInputs);
            transition.Term = terminated[lane] ? 1 : 0;
            Check(lane, transition);
            if (Hindsight is null) continue;
            (terminated[lane] || truncated[lane] ? _achieved!.Final : _achieved!.Current).Row(lane).CopyTo(transition.Achieved);
            transition.Success = _environments.IsSuccess[lane] ? 1 : 0;
            Hindsight.Append(lane, terminated[lane] || truncated[lane]);
        }
        int first = Replay.Next;
        Replay.Commit(_environments.Count);
        if (_episodeStatistics is null) return;
        for (int lane = 0; lane < _environments.Count; lane++)
        {
            if (terminated[lane] || truncated[lane]) _episodeStatistics.Add(Replay, Hindsight!, (int)(((long)first + lane) % Replay.Capacity));
        }
    }

    /// <summary>Normalises sampled critic inputs in place.</summary>
    public void Normalise(in Matrix criticInputs)
    {
        if (Statistics is null) return;
        var observations = criticInputs.SliceColumns(0, Observations);
        Statistics.Normalise(observations, observations);
        if (_privilegedStatistics is null) return;
        var privileged = criticInputs.SliceColumns(Observations, CriticInputs - Observations);
        _privilegedStatistics.Normalise(privileged, privileged);
    }

    public void Save(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        Replay.Save(checkpoint, "replay");
        Hindsight?.Save(checkpoint, "hindsight");
        _episodeStatistics?.Save(checkpoint);
        checkpoint.Put<float>("exploration-noise", Noise.Values);
        if (Statistics is not null) checkpoint.Put<double>("observation-statistics", Statistics.Save());
        if (_privilegedStatistics is not null) checkpoint.Put<double>("privileged-statistics", _privilegedStatistics.Save());
    }

    public void Load(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        Replay.Load(checkpoint, "replay");
        Hindsight?.Load(checkpoint, "hindsight");
        _episodeStatistics?.Load(checkpoint);
        checkpoint.Get("exploration-noise", Noise.Values);
        Statistics?.Load(checkpoint.Get<double>("observation-statistics"));
        _privilegedStatistics?.Load(checkpoint.Get<double>("privileged-statistics"));
    }

    public void Dispose()
    {
        Replay.Dispose();
        Demonstrations?.Dispose();
        _normalised?.Dispose();
        _episodeStatistics?.Dispose();
    }

    private void WriteInputs(int lane, bool ended, Span<float> target)
    {
        _read.Write(lane, ended, target);
        if (_privileged is not null) (ended ? _privileged.Final : _privileged.Current).Row(lane).CopyTo(target[Observations..]);
    }

    private void Check(int lane, in Transition transition)
    {
        if (!float.IsFinite(transition.Reward))
            throw new NonFiniteException($"{_environments.Spec.Id}: the reward of lane {lane} is {transition.Reward}");
        int bad = Matrices.IndexOfNonFinite(transition.NextInputs);
        if (bad >= 0)
            throw new NonFiniteException($"{_environments.Spec.Id}: number {bad} of the observation of lane {lane} is {transition.NextInputs[bad]}");
    }
}
