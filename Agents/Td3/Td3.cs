using Sim.Agents.Metrics;
using Sim.Agents.Networks;
using Sim.Agents.Policies;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Physics.Numerics;

namespace Sim.Agents.Td3;

/// <summary>
/// Twin delayed deep deterministic policy gradient (Fujimoto, van Hoof and Meger, "Addressing Function Approximation
/// Error in Actor-Critic Methods", 2018, algorithm 1) over batched environments with continuous actions.
/// </summary>
public sealed class Td3 : OffPolicyLearner
{
    private readonly Td3Settings _settings;
    private readonly ReplayBatch _batch;
    private readonly INetwork _actor, _targetActor;
    private readonly TwinCritics _critics;
    private readonly Action<string, double> _checkFinite;
    private readonly MatrixBuffer _gradients, _pairGradients, _actorGradients, _noise, _fields;
    private Td3Sums _sums;

    /// <summary>Training in process: all else is as the settings say.</summary>
    public Td3(BatchEnvironment environments, Td3Settings settings, ulong seed = 1)
        : this(LearnerContext.Of(environments, settings, seed), settings)
    {
    }

    public Td3(LearnerContext context, Td3Settings settings) : base(context, settings)
    {
        _settings = settings;
        int rows = settings.Batch, width = Collector.ActionWidth;
        var actorShape = new MlpShape(Collector.Observations, settings.Hidden, width, settings.Activation);
        var criticShape = new MlpShape(Collector.CriticInputs + width, settings.Hidden, 1, settings.Activation);
        _actor = Create(actorShape, 0, Math.Max(rows, Environments.Count));
        _targetActor = Create(actorShape, 0, Math.Max(rows, Environments.Count));
        _critics = new TwinCritics(settings, rows, number => Create(criticShape, number, rows));
        _checkFinite = CheckFinite;
        Policy = new Policy(Environments.Spec, _actor, PolicyHead.Deterministic, Collector.Statistics);

        _batch = new ReplayBatch(Collector, rows);
        _gradients = new MatrixBuffer(rows, 1);
        _pairGradients = new MatrixBuffer(rows, criticShape.Inputs);
        _actorGradients = new MatrixBuffer(rows, width);
        _noise = new MatrixBuffer(width, rows);
        _fields = new MatrixBuffer(width, rows);
    }

    public override string Algorithm => "td3";

    public override Policy Policy { get; }

    public override void Report(ICollection<Metric> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        metrics.Add(new(MetricNames.LearningRate, _settings.ActorLearningRate));
        _critics.Report(metrics);
        metrics.Add(new(MetricNames.ActorLoss, _sums.ActorLoss / Math.Max(1, _sums.ActorUpdates)));
    }

    public override void Save(Checkpoint checkpoint)
    {
        base.Save(checkpoint);
        checkpoint.PutNetwork("actor", _actor);
        checkpoint.PutNetwork("target-actor", _targetActor);
        _critics.Save(checkpoint);
    }

    public override void Load(Checkpoint checkpoint)
    {
        base.Load(checkpoint);
        checkpoint.GetNetwork("actor", _actor);
        checkpoint.GetNetwork("target-actor", _targetActor);
        _critics.Load(checkpoint);
    }

    protected override void Dispose(bool disposing)
    {
        Policy.Dispose();
        _actor.Dispose();
        _targetActor.Dispose();
        _critics.Dispose();
        foreach (var buffer in (MatrixBuffer[])[_gradients, _pairGradients, _actorGradients, _noise, _fields]) buffer.Dispose();
        _batch.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Equal numbers give equal initial parameters: a target starts as its network.</summary>
    private INetwork Create(MlpShape shape, uint number, int maxRows)
        => NetworkFactory.Create(shape, MlpInitialiser.Uniform(shape, Context.Seed, number), new AdamSettings { WeightDecay = _settings.WeightDecay },
            maxRows, _settings.Backend, Context.Device, Pool);

    protected override void ClearSums()
    {
        _sums = default;
        _critics.ClearSums();
    }

    /// <summary>a = clip(μ(s) + noise, ±1).</summary>
    protected override void Explore(in Matrix inputs)
        => Collector.ChooseAround(_actor.Forward(inputs), _settings.ExplorationNoise);

    protected override void Update()
    {
        _batch.Draw(Context.Seed, ref Time);
        UpdateCritics();
        if ((Updates + 1) % _settings.PolicyDelay != 0) return;
        UpdateActor();
        _targetActor.BlendFrom(_actor, _settings.Tau);
        _critics.Blend();
    }

    /// <summary>Q ← Q − λ ∇ Σ mean (Q − y)², with the smoothed actions of the target policy.</summary>
    private void UpdateCritics()
    {
        CounterRandom.FillNormal(_noise.Floats, Context.Seed, RandomStream.Policy, Time++);
        Td3Loss.SmoothedActions(_targetActor.Forward(_batch.NextInputs), _noise.Matrix, _settings.TargetNoise, _settings.TargetNoiseClip,
            _fields.Matrix, _batch.NextActions);
        Td3Loss.Targets(_batch.Rewards, _batch.Terms, _critics.Target1.Forward(_batch.NextPairs), _critics.Target2.Forward(_batch.NextPairs), _settings.Gamma, _critics.Targets);
        _critics.Learn(_batch.Pairs, _checkFinite);
    }

    /// <summary>μ ← μ + λ ∇ mean Q₁(s, μ(s)).</summary>
    private void UpdateActor()
    {
        Td3Loss.Actions(_actor.Forward(_batch.Inputs), _fields.Matrix, _batch.Actions);
        double loss = Td3Loss.Actor(_critics.First.Forward(_batch.Pairs));
        CheckFinite("actor loss", loss);
        _gradients.Floats.Fill(-1f / _settings.Batch);
        _critics.First.Backward(_batch.Pairs, _gradients.Matrix, parameterGradients: false, _pairGradients.Matrix);
        Td3Loss.ActorGradients(_fields.Matrix, _batch.ActionsOf(_pairGradients.Matrix), _actorGradients.Matrix);
        _actor.Backward(_batch.Inputs, _actorGradients.Matrix, parameterGradients: true);
        _actor.Step(_settings.ActorLearningRate, _settings.MaxGradientNorm == 0 ? 1 : _settings.GradientScale(_actor.GradientSquaredNorm()));
        _sums.ActorLoss += loss;
        _sums.ActorUpdates++;
    }
}
