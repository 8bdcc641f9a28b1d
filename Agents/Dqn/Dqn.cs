using Sim.Agents.Metrics;
using Sim.Agents.Networks;
using Sim.Agents.Policies;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;

namespace Sim.Agents.Dqn;

/// <summary>
/// Deep Q-learning (Mnih et al. 2015, algorithm 1) over batched environments with choices. Only termination ends all rewards: a truncated episode bootstraps
/// from its final observation.
/// </summary>
public sealed class Dqn : Learner
{
    /// <summary>Environment steps of one round, about.</summary>
    private const int RoundSteps = 100;

    private readonly DqnSettings _settings;
    private readonly INetwork _network, _target;
    private readonly ActorInputs _read;
    private readonly ChoiceReplay _replay;
    private readonly MatrixBuffer _before, _after, _gradients, _values;
    private readonly ChoiceStep[] _steps;
    private readonly float[] _targets, _draws;
    private readonly byte[] _shown;
    private readonly int _choices;
    private double _lossSum, _valueSum;
    private long _summed, _updates;
    private ulong _time;

    /// <summary>Training in process: all else is as the settings say.</summary>
    public Dqn(BatchEnvironment environments, DqnSettings settings, ulong seed = 1)
        : this(LearnerContext.Of(environments, settings, seed), settings)
    {
    }

    /// <exception cref="ArgumentException">The action space is not discrete, or there are goals.</exception>
    public Dqn(LearnerContext context, DqnSettings settings)
        : base(context, settings)
    {
        _settings = settings;
        var spec = Environments.Spec;
        if (spec.Action is not Discrete discrete)
            throw new ArgumentException($"{spec.Id} has actions of type {spec.Action.GetType().Name}; dqn takes choices (Discrete)");
        if (spec.GoalBox is not null || settings.PrivilegedCritic)
            throw new ArgumentException($"{spec.Id}: dqn reads the observation alone, neither goals nor a privileged group");
        _choices = discrete.Count;
        _read = new ActorInputs(Environments);
        var shape = new MlpShape(_read.Size, settings.Hidden, _choices, settings.Activation) { Front = ConvolutionFront.For(spec.ActorBox, settings.Filters) };
        float[] initial = MlpInitialiser.Uniform(shape, context.Seed, 0);
        int rows = Math.Max(settings.Batch, Environments.Count);
        _network = NetworkFactory.Create(shape, initial, new AdamSettings(), rows, settings.Backend, context.Device, Pool);
        _target = NetworkFactory.Create(shape, initial, new AdamSettings(), rows, settings.Backend, context.Device, Pool);
        Policy = new Policy(spec, _network, PolicyHead.Categorical, null);
        int capacity = (int)Math.Max(Environments.Count, Math.Min(settings.ReplayCapacity, context.TotalSteps));
        _replay = new ChoiceReplay(spec.ObservationBox, capacity, settings.Batch);
        _before = new MatrixBuffer(settings.Batch, _read.Size);
        _after = new MatrixBuffer(settings.Batch, _read.Size);
        _gradients = new MatrixBuffer(settings.Batch, _choices);
        _values = new MatrixBuffer(settings.Batch, _choices);
        _steps = new ChoiceStep[settings.Batch];
        _targets = new float[settings.Batch];
        _draws = new float[2 * Environments.Count];
        _shown = new byte[Environments.Observations.Bytes.Length];
    }

    public override string Algorithm => "dqn";

    public override Policy Policy { get; }

    public override void Iterate()
    {
        (_lossSum, _valueSum, _summed) = (0, 0, 0);
        int count = Environments.Count;
        for (int taken = 0; taken < RoundSteps; taken += count)
        {
            Act();
            Steps += count;
            if (Steps < _settings.LearningStarts) continue;
            for (long due = (long)((Steps - _settings.LearningStarts) * _settings.UpdatesPerStep); _updates < due; _updates++) Update();
        }
    }

    public override void Report(ICollection<Metric> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        metrics.Add(new(MetricNames.LearningRate, _settings.LearningRate));
        metrics.Add(new(MetricNames.Epsilon, _settings.EpsilonAt(Steps)));
        if (_summed == 0) return;
        metrics.Add(new(MetricNames.TemporalDifferenceLoss, _lossSum / _summed));
        metrics.Add(new(MetricNames.QValues, _valueSum / _summed));
    }

    public override void Save(Checkpoint checkpoint)
    {
        base.Save(checkpoint);
        checkpoint.PutNetwork("actor", _network);
        checkpoint.PutNetwork("target", _target);
        _replay.Save(checkpoint);
        checkpoint.Put<ulong>("time", [_time]);
        checkpoint.Put<long>("updates", [_updates]);
    }

    public override void Load(Checkpoint checkpoint)
    {
        base.Load(checkpoint);
        checkpoint.GetNetwork("actor", _network);
        checkpoint.GetNetwork("target", _target);
        _replay.Load(checkpoint);
        _time = checkpoint.Get<ulong>("time")[0];
        _updates = checkpoint.Get<long>("updates")[0];
    }

    protected override void Dispose(bool disposing)
    {
        Policy.Dispose();
        _network.Dispose();
        _target.Dispose();
        foreach (var buffer in (MatrixBuffer[])[_before, _after, _gradients, _values]) buffer.Dispose();
    }

    /// <summary>One step of every environment: now and then at random, else by the largest value.</summary>
    private void Act()
    {
        Environments.Observations.Bytes.CopyTo(_shown);
        float epsilon = Steps < _settings.LearningStarts ? 1 : _settings.EpsilonAt(Steps);
        CounterRandom.FillUniform(_draws, Context.Seed, RandomStream.Policy, _time++);
        var values = epsilon < 1 ? _network.Forward(_read.Read().AsMatrix()) : default;
        var choices = Environments.DiscreteActions;
        for (int lane = 0; lane < choices.Length; lane++)
        {
            choices[lane] = _draws[2 * lane] < epsilon
                ? Math.Min((int)(_draws[(2 * lane) + 1] * _choices), _choices - 1)
                : Policy.Best(values.Row(lane));
        }
        Environments.Step();
        Episodes.Observe(Environments);
        _replay.Add(_shown, Environments);
    }

    /// <summary>Q ← Q − λ ∇ mean loss(Q(s, a), y).</summary>
    private void Update()
    {
        Matrix before = _before.Matrix, after = _after.Matrix, gradients = _gradients.Matrix;
        _replay.Draw(before, after, _steps, Context.Seed, _time++);
        if (_settings.DoubleQ) _network.Forward(after).CopyTo(_values.Matrix);
        var targets = _target.Forward(after);
        var chooser = _settings.DoubleQ ? _values.Matrix : targets;
        for (int row = 0; row < _steps.Length; row++)
            _targets[row] = DqnLoss.Target(targets, chooser, row, _steps[row].Reward, _steps[row].Terminated, _settings.Gamma);
        var values = _network.Forward(before);
        _gradients.Floats.Clear();
        double loss = 0;
        for (int row = 0; row < _steps.Length; row++)
        {
            int choice = _steps[row].Choice;
            var (one, gradient) = DqnLoss.Of(values[row, choice], _targets[row], _settings.Huber);
            gradients[row, choice] = gradient / _steps.Length;
            loss += one / _steps.Length;
            _valueSum += values[row, choice] / _steps.Length;
        }
        if (!double.IsFinite(loss)) throw new NonFiniteException($"dqn: after {Steps} steps and {_updates} updates the loss is {loss}");
        _network.Backward(before, gradients, parameterGradients: true);
        _network.Step(_settings.LearningRate, GradientScale());
        if ((_updates + 1) % _settings.TargetInterval == 0) _target.BlendFrom(_network, 1);
        _lossSum += loss;
        _summed++;
    }

    private float GradientScale()
    {
        if (_settings.MaxGradientNorm == 0) return 1;
        double norm = Math.Sqrt(_network.GradientSquaredNorm());
        return norm > _settings.MaxGradientNorm ? (float)(_settings.MaxGradientNorm / norm) : 1;
    }
}
