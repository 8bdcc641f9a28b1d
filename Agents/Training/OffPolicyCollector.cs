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
    private readonly ObservationGroup _observation;
    private readonly ObservationGroup? _privileged;
    private readonly RunningMoments? _privilegedStatistics;
    private readonly MatrixBuffer? _normalised;
    private readonly float[] _actions;
    private readonly ulong _seed;

    /// <param name="context">Whose environments to step.</param>
    /// <param name="settings">Capacity, noise, normalisation.</param>
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
        _observation = _environments.Groups[0];
        if (settings.PrivilegedCritic)
            _privileged = _environments.Privileged ?? throw new ArgumentException($"{spec.Id} was made without its privileged group, which privileged_critic needs");
        Observations = _observation.Space.Size;
        CriticInputs = Observations + (_privileged?.Space.Size ?? 0);
        ActionWidth = action.Size;
        _scale = new ActionScale(action);
        int count = _environments.Count;
        _actions = new float[count * ActionWidth];
        Noise = new ExplorationNoise(count, ActionWidth, settings.NoiseCorrelation, context.Seed);
        Replay = new ReplayBuffer((int)Math.Max(count, Math.Min(settings.ReplayCapacity, context.TotalSteps)), CriticInputs, ActionWidth);
        if (!settings.NormaliseObservations) return;
        Statistics = new RunningMoments(Observations);
        if (_privileged is not null) _privilegedStatistics = new RunningMoments(_privileged.Space.Size);
        _normalised = new MatrixBuffer(count, Observations);
    }

    public ReplayBuffer Replay { get; }

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

    /// <summary>The actor's inputs <c>[environments, Observations]</c>; the statistics take the observations in, once per step.</summary>
    public Matrix Observe()
    {
        var observations = _observation.Current.AsMatrix();
        if (Statistics is null) return observations;
        Statistics.Update(observations);
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
        }
        Replay.Commit(_environments.Count);
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
        checkpoint.Put<float>("exploration-noise", Noise.Values);
        if (Statistics is not null) checkpoint.Put<double>("observation-statistics", Statistics.Save());
        if (_privilegedStatistics is not null) checkpoint.Put<double>("privileged-statistics", _privilegedStatistics.Save());
    }

    public void Load(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        Replay.Load(checkpoint, "replay");
        checkpoint.Get("exploration-noise", Noise.Values);
        Statistics?.Load(checkpoint.Get<double>("observation-statistics"));
        _privilegedStatistics?.Load(checkpoint.Get<double>("privileged-statistics"));
    }

    public void Dispose()
    {
        Replay.Dispose();
        _normalised?.Dispose();
    }

    private void WriteInputs(int lane, bool ended, Span<float> target)
    {
        (ended ? _observation.Final : _observation.Current).Row(lane).CopyTo(target);
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
