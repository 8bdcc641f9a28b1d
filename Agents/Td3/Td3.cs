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
public sealed class Td3 : Learner
{
    /// <summary>Environment steps of one round, about.</summary>
    private const int RoundSteps = 100;

    private readonly Td3Settings _settings;
    private readonly OffPolicyCollector _collector;
    private readonly ReplayBatch _batch;
    private readonly INetwork _actor, _targetActor;
    private readonly TwinCritics _critics;
    private readonly Action<string, double> _checkFinite;
    private readonly MatrixBuffer _gradients, _pairGradients, _actorGradients, _noise, _fields;
    private ulong _time;
    private long _updates;
    private Td3Sums _sums;

    /// <summary>Training in process: all else is as the settings say.</summary>
    public Td3(BatchEnvironment environments, Td3Settings settings, ulong seed = 1)
        : this(LearnerContext.Of(environments, settings, seed), settings)
    {
    }

    public Td3(LearnerContext context, Td3Settings settings) : base(context, settings)
    {
        _settings = settings;
        _collector = new OffPolicyCollector(context, settings, Episodes);
        int rows = settings.Batch, width = _collector.ActionWidth;
        var actorShape = new MlpShape(_collector.Observations, settings.Hidden, width, settings.Activation);
        var criticShape = new MlpShape(_collector.CriticInputs + width, settings.Hidden, 1, settings.Activation);
        _actor = Create(actorShape, 0, Math.Max(rows, Environments.Count));
        _targetActor = Create(actorShape, 0, Math.Max(rows, Environments.Count));
        _critics = new TwinCritics(settings, rows, number => Create(criticShape, number, rows));
        _checkFinite = CheckFinite;
        Policy = new Policy(Environments.Spec, _actor, PolicyHead.Deterministic, _collector.Statistics);

        _batch = new ReplayBatch(_collector, rows);
        _gradients = new MatrixBuffer(rows, 1);
        _pairGradients = new MatrixBuffer(rows, criticShape.Inputs);
        _actorGradients = new MatrixBuffer(rows, width);
        _noise = new MatrixBuffer(width, rows);
        _fields = new MatrixBuffer(width, rows);
    }

    public override string Algorithm => "td3";

    public override Policy Policy { get; }

    public override void Iterate()
    {
        _sums = default;
        _critics.ClearSums();
        int count = Environments.Count;
        for (int taken = 0; taken < RoundSteps; taken += count)
        {
            Act();
            Steps += count;
            if (Steps / count % _settings.UpdateInterval != 0) continue;
            for (long due = _settings.UpdatesDue(Steps); _updates < due; _updates++) Update();
        }
    }

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
        _collector.Save(checkpoint);
        checkpoint.Put<ulong>("time", [_time]);
        checkpoint.Put<long>("updates", [_updates]);
    }

    public override void Load(Checkpoint checkpoint)
    {
        base.Load(checkpoint);
        checkpoint.GetNetwork("actor", _actor);
        checkpoint.GetNetwork("target-actor", _targetActor);
        _critics.Load(checkpoint);
        _collector.Load(checkpoint);
        _time = checkpoint.Get<ulong>("time")[0];
        _updates = checkpoint.Get<long>("updates")[0];
    }

    protected override void Dispose(bool disposing)
    {
        Policy.Dispose();
        _actor.Dispose();
        _targetActor.Dispose();
        _critics.Dispose();
        foreach (var buffer in (MatrixBuffer[])[_gradients, _pairGradients, _actorGradients, _noise, _fields]) buffer.Dispose();
        _batch.Dispose();
        _collector.Dispose();
    }

    /// <summary>Equal numbers give equal initial parameters: a target starts as its network.</summary>
    private INetwork Create(MlpShape shape, uint number, int maxRows)
        => NetworkFactory.Create(shape, MlpInitialiser.Uniform(shape, Context.Seed, number), new AdamSettings { WeightDecay = _settings.WeightDecay },
            maxRows, _settings.Backend, Context.Device, Pool);

    /// <summary>One step of every environment: uniform at first, then a = clip(μ(s) + noise, ±1).</summary>
    private void Act()
    {
        var inputs = _collector.Observe();
        if (Steps < _settings.LearningStarts)
        {
            _collector.ChooseUniform(_time++);
        }
        else
        {
            _collector.Noise.Advance(Environments, _time++);
            var outputs = _actor.Forward(inputs);
            var actions = _collector.Actions;
            var noise = _collector.Noise.Values;
            int width = _collector.ActionWidth;
            for (int i = 0; i < actions.Length; i++)
                actions[i] = Math.Clamp(MathF.Tanh(outputs[i / width, i % width]) + (_settings.ExplorationNoise * noise[i]), -1, 1);
        }
        _collector.Step();
    }

    private void Update()
    {
        _batch.Draw(Context.Seed, ref _time);
        UpdateCritics();
        if ((_updates + 1) % _settings.PolicyDelay != 0) return;
        UpdateActor();
        _targetActor.BlendFrom(_actor, _settings.Tau);
        _critics.Blend();
    }

    /// <summary>Q ← Q − λ ∇ Σ mean (Q − y)², with the smoothed actions of the target policy.</summary>
    private void UpdateCritics()
    {
        CounterRandom.FillNormal(_noise.Floats, Context.Seed, RandomStream.Policy, _time++);
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

    private void CheckFinite(string what, double value)
    {
        if (!double.IsFinite(value))
            throw new NonFiniteException($"td3: after {Steps} steps and {_updates} updates the {what} is {value}");
    }
}
