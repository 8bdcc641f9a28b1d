using Sim.Agents.Metrics;
using Sim.Agents.Networks;
using Sim.Agents.Policies;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Physics.Numerics;

namespace Sim.Agents.Sac;

/// <summary>
/// Soft actor-critic with a learnt temperature (Haarnoja et al., "Soft Actor-Critic Algorithms and Applications", 2018,
/// algorithm 1) over batched environments with continuous actions.
/// </summary>
public sealed class Sac : OffPolicyLearner
{
    private readonly SacSettings _settings;
    private readonly ReplayBatch _batch;
    private readonly INetwork _actor;
    private readonly TwinCritics _critics;
    private readonly Action<string, double> _checkFinite;
    private readonly AdamVector _logAlpha;
    private readonly SquashedSamples _samples;
    private readonly SacImitation? _imitation;
    private readonly MatrixBuffer _gradients1, _gradients2, _pairGradients1, _pairGradients2, _actorGradients, _scratch;
    private readonly float _targetEntropy;
    private SacSums _sums;

    /// <summary>Training in process: all else is as the settings say.</summary>
    public Sac(BatchEnvironment environments, SacSettings settings, ulong seed = 1)
        : this(LearnerContext.Of(environments, settings, seed), settings)
    {
    }

    public Sac(LearnerContext context, SacSettings settings) : base(context, settings)
    {
        _settings = settings;
        _batch = new ReplayBatch(Collector, settings.Batch, settings.DemonstrationBatch);
        int rows = _batch.Rows, width = Collector.ActionWidth;
        var actorShape = new MlpShape(Collector.Observations, settings.Hidden, 2 * width, settings.Activation);
        var criticShape = new MlpShape(Collector.CriticInputs + width, settings.Hidden, 1, settings.Activation);
        float[] actor = MlpInitialiser.Uniform(actorShape, context.Seed, 0);
        foreach (ref float bias in actor.AsSpan(actor.Length - width)) bias += settings.InitialLogStd;
        _actor = Create(actorShape, actor, Math.Max(rows, Environments.Count));
        _critics = new TwinCritics(settings, rows, number => Create(criticShape, MlpInitialiser.Uniform(criticShape, context.Seed, number), rows));
        _checkFinite = CheckFinite;
        _logAlpha = new AdamVector([MathF.Log(settings.Alpha)], new AdamSettings());
        _targetEntropy = settings.TargetEntropy * width;
        Policy = new Policy(Environments.Spec, _actor, PolicyHead.SquashedGaussian, Collector.Statistics);

        if (_batch.Demonstrated > 0) _imitation = new SacImitation(_batch, settings);
        _samples = new SquashedSamples(rows, width);
        _gradients1 = new MatrixBuffer(rows, 1);
        _gradients2 = new MatrixBuffer(rows, 1);
        _pairGradients1 = new MatrixBuffer(rows, criticShape.Inputs);
        _pairGradients2 = new MatrixBuffer(rows, criticShape.Inputs);
        _actorGradients = new MatrixBuffer(rows, 2 * width);
        _scratch = new MatrixBuffer(2 * width, rows);
    }

    public override string Algorithm => "sac";

    public override Policy Policy { get; }

    private float Alpha => MathF.Exp(_logAlpha.Values[0]);

    public override void Report(ICollection<Metric> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        double actors = Math.Max(1, _sums.ActorUpdates);
        metrics.Add(new(MetricNames.LearningRate, _settings.ActorLearningRate));
        _critics.Report(metrics);
        metrics.Add(new(MetricNames.ActorLoss, _sums.ActorLoss / actors));
        metrics.Add(new(MetricNames.Entropy, _sums.Entropy / actors));
        metrics.Add(new(MetricNames.Alpha, Alpha));
        if (_settings.LearnAlpha) metrics.Add(new(MetricNames.AlphaLoss, _sums.AlphaLoss / actors));
        if (_imitation is null) return;
        metrics.Add(new(MetricNames.CloningLoss, _sums.CloningLoss / actors));
        metrics.Add(new(MetricNames.FilteredDemonstrations, _sums.Filtered / actors));
    }

    public override void Save(Checkpoint checkpoint)
    {
        base.Save(checkpoint);
        checkpoint.PutNetwork("actor", _actor);
        checkpoint.PutVector("log-alpha", _logAlpha);
        _critics.Save(checkpoint);
    }

    public override void Load(Checkpoint checkpoint)
    {
        base.Load(checkpoint);
        checkpoint.GetNetwork("actor", _actor);
        checkpoint.GetVector("log-alpha", _logAlpha);
        _critics.Load(checkpoint);
    }

    protected override void Dispose(bool disposing)
    {
        Policy.Dispose();
        _actor.Dispose();
        _critics.Dispose();
        foreach (var buffer in (MatrixBuffer[])[_gradients1, _gradients2, _pairGradients1, _pairGradients2, _actorGradients, _scratch]) buffer.Dispose();
        _samples.Dispose();
        _imitation?.Dispose();
        _batch.Dispose();
        base.Dispose(disposing);
    }

    private INetwork Create(MlpShape shape, float[] initial, int maxRows)
        => NetworkFactory.Create(shape, initial, new AdamSettings { WeightDecay = _settings.WeightDecay }, maxRows, _settings.Backend, Context.Device, Pool);

    protected override void ClearSums()
    {
        _sums = default;
        _critics.ClearSums();
    }

    /// <summary>a = tanh(μ + σ ε).</summary>
    protected override void Explore(in Matrix inputs)
    {
        var outputs = _actor.Forward(inputs);
        var actions = Collector.Actions;
        var noise = Collector.Noise.Values;
        int width = Collector.ActionWidth;
        for (int lane = 0; lane < outputs.Rows; lane++)
        {
            for (int i = 0; i < width; i++)
            {
                float std = MathF.Exp(Math.Clamp(outputs[lane, width + i], SacLoss.LowestLogStd, SacLoss.HighestLogStd));
                actions[(lane * width) + i] = MathF.Tanh(outputs[lane, i] + (std * noise[(lane * width) + i]));
            }
        }
    }

    protected override void Update()
    {
        _batch.Draw(Context.Seed, ref Time);
        UpdateCritics();
        if ((Updates + 1) % _settings.ActorInterval == 0) UpdateActor();
        _critics.Blend();
    }

    /// <summary>Q ← Q − λ ∇ Σ mean (Q − y)², with the next actions of the present policy.</summary>
    private void UpdateCritics()
    {
        Sample(_batch.NextInputs, _batch.NextActions);
        SacLoss.Targets(_batch.Rewards, _batch.Terms, _critics.Target1.Forward(_batch.NextPairs), _critics.Target2.Forward(_batch.NextPairs),
            _samples.LogProbability, Alpha, _settings.Gamma, _critics.Targets);
        _critics.Learn(_batch.Pairs, _checkFinite);
    }

    /// <summary>π ← π − λ ∇ (mean (α log π − min Q) + cloning loss), then the temperature.</summary>
    private void UpdateActor()
    {
        _imitation?.TakeDemonstrated(_critics.Target1);
        Sample(_batch.Inputs, _batch.Actions);
        float alpha = Alpha;
        double loss = SacLoss.Actor(_critics.First.Forward(_batch.Pairs), _critics.Second.Forward(_batch.Pairs), _samples.LogProbability, alpha,
            _gradients1.Matrix, _gradients2.Matrix, out double meanLogProbability);
        CheckFinite("actor loss", loss);
        _critics.First.Backward(_batch.Pairs, _gradients1.Matrix, parameterGradients: false, _pairGradients1.Matrix);
        _critics.Second.Backward(_batch.Pairs, _gradients2.Matrix, parameterGradients: false, _pairGradients2.Matrix);
        SacLoss.ActorGradients(_samples, _batch.ActionsOf(_pairGradients1.Matrix), _batch.ActionsOf(_pairGradients2.Matrix), alpha,
            _scratch.Matrix, _actorGradients.Matrix);
        if (_imitation is not null)
        {
            _sums.Filtered += _imitation.Compare(_critics.Target1);
            _sums.CloningLoss += _imitation.AddGradients(_samples.Mean, _actorGradients.Matrix);
        }
        _actor.Backward(_batch.Inputs, _actorGradients.Matrix, parameterGradients: true);
        _actor.Step(_settings.ActorLearningRate, _settings.MaxGradientNorm == 0 ? 1 : _settings.GradientScale(_actor.GradientSquaredNorm()));

        _sums.ActorLoss += loss;
        _sums.Entropy -= meanLogProbability;
        _sums.ActorUpdates++;
        if (!_settings.LearnAlpha) return;
        float gradient = SacLoss.TemperatureGradient(meanLogProbability, _targetEntropy);
        _sums.AlphaLoss += gradient * _logAlpha.Values[0];
        _logAlpha.Gradients[0] = gradient;
        _logAlpha.Step(_settings.AlphaLearningRate);
    }

    /// <summary>Draws an action for every row of the batch into its action columns.</summary>
    private void Sample(in Matrix inputs, in Matrix actions)
    {
        CounterRandom.FillNormal(_samples.NoiseFloats, Context.Seed, RandomStream.Policy, Time++);
        SacLoss.Sample(_actor.Forward(inputs), _samples, actions);
    }
}
