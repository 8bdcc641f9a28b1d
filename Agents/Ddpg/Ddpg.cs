using Sim.Agents.Hindsight;
using Sim.Agents.Metrics;
using Sim.Agents.Networks;
using Sim.Agents.Policies;
using Sim.Agents.Td3;
using Sim.Agents.Training;
using Sim.Environments;

namespace Sim.Agents.Ddpg;

/// <summary>
/// Deep deterministic policy gradient (Lillicrap et al., "Continuous Control with Deep Reinforcement Learning", 2015,
/// algorithm 1) over batched environments with continuous actions; in goal tasks with hindsight, and with a cloning
/// loss behind a Q-filter where there are demonstrations (Nair et al., "Overcoming Exploration in Reinforcement Learning
/// with Demonstrations", 2018).
/// </summary>
public sealed class Ddpg : OffPolicyLearner
{
    private readonly DdpgSettings _settings;
    private readonly ReplayBatch _batch;
    private readonly INetwork _actor, _targetActor;
    private readonly SlowCritic _critic;
    private readonly MatrixBuffer _gradients, _pairGradients, _actorGradients, _fields;
    private readonly QFilter? _filter;
    private readonly float[] _targets;
    private readonly (float Low, float High) _limits;
    private double _actorLoss, _cloningLoss, _filtered;
    private long _actorUpdates;

    /// <summary>Training in process: all else is as the settings say.</summary>
    public Ddpg(BatchEnvironment environments, DdpgSettings settings, ulong seed = 1)
        : this(LearnerContext.Of(environments, settings, seed), settings)
    {
    }

    public Ddpg(LearnerContext context, DdpgSettings settings) : base(context, settings)
    {
        _settings = settings;
        _batch = new ReplayBatch(Collector, settings.Batch, settings.DemonstrationBatch);
        int rows = _batch.Rows, width = Collector.ActionWidth;
        var actorShape = new MlpShape(Collector.Observations, settings.Hidden, width, settings.Activation);
        var criticShape = new MlpShape(Collector.CriticInputs + width, settings.Hidden, 1, settings.Activation);
        _actor = Create(actorShape, 0, Math.Max(rows, Environments.Count));
        _targetActor = Create(actorShape, 0, rows);
        _critic = new SlowCritic(rows, () => Create(criticShape, 1, rows));
        Policy = new Policy(Environments.Spec, _actor, PolicyHead.Deterministic, Collector.Statistics);
        _gradients = new MatrixBuffer(rows, 1);
        _pairGradients = new MatrixBuffer(rows, criticShape.Inputs);
        _actorGradients = new MatrixBuffer(rows, width);
        _fields = new MatrixBuffer(width, rows);
        _targets = new float[rows];
        if (_batch.Demonstrated > 0) _filter = new QFilter(_batch, settings.QFilter);
        _limits = settings.LimitTargets ? PossibleReturns(Environments.Spec.RewardRange, settings.Gamma) : (float.NegativeInfinity, float.PositiveInfinity);
    }

    public override string Algorithm => "ddpg";

    public override Policy Policy { get; }

    public override void Report(ICollection<Metric> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        double updates = Math.Max(1, _actorUpdates);
        metrics.Add(new(MetricNames.LearningRate, _settings.ActorLearningRate));
        metrics.Add(new(MetricNames.Critic1Values, _critic.ValueSum / updates));
        metrics.Add(new(MetricNames.CriticLoss, _critic.LossSum / updates));
        metrics.Add(new(MetricNames.ActorLoss, _actorLoss / updates));
        if (_filter is null) return;
        metrics.Add(new(MetricNames.CloningLoss, _cloningLoss / updates));
        metrics.Add(new(MetricNames.FilteredDemonstrations, _filtered / updates));
    }

    public override void Save(Checkpoint checkpoint)
    {
        base.Save(checkpoint);
        checkpoint.PutNetwork("actor", _actor);
        checkpoint.PutNetwork("target-actor", _targetActor);
        _critic.Save(checkpoint, "critic");
    }

    public override void Load(Checkpoint checkpoint)
    {
        base.Load(checkpoint);
        checkpoint.GetNetwork("actor", _actor);
        checkpoint.GetNetwork("target-actor", _targetActor);
        _critic.Load(checkpoint, "critic");
    }

    protected override void Dispose(bool disposing)
    {
        Policy.Dispose();
        _actor.Dispose();
        _targetActor.Dispose();
        _critic.Dispose();
        foreach (var buffer in (MatrixBuffer[])[_gradients, _pairGradients, _actorGradients, _fields]) buffer.Dispose();
        _filter?.Dispose();
        _batch.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The sums of rewards that a reward range allows: r (1 + γ + γ² + …) at either end.</summary>
    private static (float Low, float High) PossibleReturns((float Low, float High) rewards, float gamma)
        => gamma == 1 ? (float.NegativeInfinity, float.PositiveInfinity) : (Math.Min(0, rewards.Low) / (1 - gamma), Math.Max(0, rewards.High) / (1 - gamma));

    /// <summary>Equal numbers give equal initial parameters: a target starts as its network.</summary>
    private INetwork Create(MlpShape shape, uint number, int maxRows)
        => NetworkFactory.Create(shape, MlpInitialiser.Uniform(shape, Context.Seed, number), new AdamSettings { WeightDecay = _settings.WeightDecay },
            maxRows, _settings.Backend, Context.Device, Pool);

    protected override void ClearSums()
    {
        (_actorLoss, _cloningLoss, _filtered, _actorUpdates) = (0, 0, 0, 0);
        _critic.ClearSums();
    }

    /// <summary>a = clip(μ(s) + σ ε, ±1), or uniform with some probability.</summary>
    protected override void Explore(in Matrix inputs)
    {
        Collector.ChooseAround(_actor.Forward(inputs), _settings.ExplorationNoise);
        if (_settings.RandomActions > 0) Collector.MixUniform(_settings.RandomActions, Time++);
    }

    protected override void Update()
    {
        _batch.Draw(Context.Seed, ref Time);
        UpdateCritic();
        UpdateActor();
        _targetActor.BlendFrom(_actor, _settings.Tau);
        _critic.Blend(_settings.Tau);
    }

    /// <summary>Q ← Q − λ ∇ mean (Q − y)².</summary>
    private void UpdateCritic()
    {
        Td3Loss.Actions(_targetActor.Forward(_batch.NextInputs), _fields.Matrix, _batch.NextActions);
        DdpgLoss.Targets(_batch.Rewards, _batch.Terms, _critic.Target.Forward(_batch.NextPairs), _settings.Gamma, _limits, _targets);
        CheckFinite("critic loss", _critic.Regress(_batch.Pairs, _targets));
        float scale = _settings.MaxGradientNorm == 0 ? 1 : _settings.GradientScale(_critic.Network.GradientSquaredNorm());
        _critic.Network.Step(_settings.CriticLearningRate, scale);
    }

    /// <summary>μ ← μ − λ ∇ (w (−mean Q(s, μ(s)) + c mean μ²) + cloning loss).</summary>
    private void UpdateActor()
    {
        _filter?.TakeDemonstrated(_critic.Target);
        Td3Loss.Actions(_actor.Forward(_batch.Inputs), _fields.Matrix, _batch.Actions);
        double loss = DdpgLoss.Actor(_critic.Network.Forward(_batch.Pairs), _batch.Own, _settings.PolicyWeight, _gradients.Matrix);
        _critic.Network.Backward(_batch.Pairs, _gradients.Matrix, parameterGradients: false, _pairGradients.Matrix);
        var gradients = _batch.ActionsOf(_pairGradients.Matrix);
        if (_settings.ActionPenalty > 0)
            loss += DdpgLoss.Penalty(_batch.Actions, _batch.Own, _settings.PolicyWeight * _settings.ActionPenalty, gradients);
        if (_filter is not null)
        {
            _filtered += _filter.Compare(_critic.Target);
            double cloning = ImitationLoss.Squared(_batch.ActionsOf(_batch.DemonstratedPairs), _filter.Actions, _filter.Mask, _settings.CloningWeight,
                gradients.Slice(_batch.Own, _batch.Demonstrated));
            _cloningLoss += cloning;
            loss += cloning;
        }
        CheckFinite("actor loss", loss);
        Td3Loss.ActorGradients(_fields.Matrix, gradients, _actorGradients.Matrix);
        _actor.Backward(_batch.Inputs, _actorGradients.Matrix, parameterGradients: true);
        _actor.Step(_settings.ActorLearningRate, _settings.MaxGradientNorm == 0 ? 1 : _settings.GradientScale(_actor.GradientSquaredNorm()));
        _actorLoss += loss;
        _actorUpdates++;
    }
}
