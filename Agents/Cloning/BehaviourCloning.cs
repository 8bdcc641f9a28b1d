using Sim.Agents.Metrics;
using Sim.Agents.Networks;
using Sim.Agents.Policies;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Environments.Configuration;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;

namespace Sim.Agents.Cloning;

/// <summary>
/// Behaviour cloning: a policy learns to do what a demonstrator did, by squared error where actions are a box and by
/// cross-entropy where they are choices. It never learns from the environments; the best policy so far is only watched
/// in them, one step a round.
/// </summary>
public sealed class BehaviourCloning : Learner
{
    private readonly CloningSettings _settings;
    private readonly DemonstrationData _data;
    private readonly CloningSplit _split;
    private readonly bool _discrete;
    private readonly INetwork _student, _actor;
    private readonly RunningMoments? _statistics;
    private readonly MatrixBuffer _inputs, _targets, _gradients;
    private readonly int[] _order;
    private readonly float[] _shuffle;
    private float _learningRate;
    private long _epoch, _shuffled = -1;
    private int _position;
    private CloningSums _training, _validation;
    private double _best = double.PositiveInfinity;

    /// <summary>Learning in process: all else is as the settings say.</summary>
    public BehaviourCloning(BatchEnvironment environments, DemonstrationData demonstrations, CloningSettings settings, ulong seed = 1)
        : this(LearnerContext.Of(environments, settings, seed) with { Demonstrations = demonstrations }, settings)
    {
    }

    /// <exception cref="ArgumentException">There are no demonstrations, or they are of another environment.</exception>
    /// <exception cref="SettingsException">A setting asks for what the task or the demonstrations lack.</exception>
    public BehaviourCloning(LearnerContext context, CloningSettings settings) : base(context, settings)
    {
        _settings = settings;
        var spec = Environments.Spec;
        _data = context.Demonstrations ?? throw new ArgumentException("bc learns from demonstrations, and was given none", nameof(context));
        if (_data.Spec.Id != spec.Id)
            throw new ArgumentException($"the demonstrations are of {_data.Spec.Id}, not of {spec.Id}", nameof(context));
        if (settings.PrivilegedCritic) throw new SettingsException("privileged_critic = true: bc has no critic");
        _split = CloningSplit.Of(_data, settings, context.Seed);
        _discrete = spec.Action is Discrete;
        int inputs = spec.ActorBox.Size, outputs = spec.Action is Discrete discrete ? discrete.Count : spec.Action.Size;
        int batch = Math.Min(settings.Batch, _split.Training.Length);
        var shape = new MlpShape(inputs, settings.Hidden, outputs, settings.Activation);
        _student = Create(shape, batch);
        _actor = Create(shape, Math.Max(batch, Environments.Count));
        if (settings.NormaliseObservations) _statistics = new RunningMoments(inputs);
        Policy = new Policy(spec, _actor, _discrete ? PolicyHead.Categorical : PolicyHead.Deterministic, _statistics);
        _inputs = new MatrixBuffer(batch, inputs);
        _targets = new MatrixBuffer(batch, _data.Actions.Columns);
        _gradients = new MatrixBuffer(batch, outputs);
        _order = new int[_split.Training.Length];
        _shuffle = new float[_order.Length];
    }

    public override string Algorithm => "bc";

    public override Policy Policy { get; }

    public override void Begin()
    {
        base.Begin();
        Measure();
    }

    /// <summary>One gradient step, a judgement at the end of every pass over the data, and one step of the environments.</summary>
    public override void Iterate()
    {
        if (_shuffled != _epoch) Shuffle();
        if (_position == 0) _training = default;
        int rows = Math.Min(_inputs.Matrix.Rows, _order.Length - _position);
        Learn(_order.AsSpan(_position, rows));
        Steps += rows;
        _position += rows;
        if (_position == _order.Length) (_position, _epoch) = (0, _epoch + 1);
        if (_position == 0 || Steps >= Context.TotalSteps || _split.Validation.Length == 0) Judge();
        Policy.Act(Environments);
        Environments.Step();
        Episodes.Observe(Environments);
    }

    public override void Report(ICollection<Metric> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        metrics.Add(new(MetricNames.LearningRate, _learningRate));
        metrics.Add(new(MetricNames.Epoch, _epoch + ((double)_position / _order.Length)));
        metrics.Add(new(MetricNames.TrainingLoss, _training.MeanLoss));
        metrics.Add(new(MetricNames.TrainingActionError, _training.MeanError));
        if (_validation.Rows == 0) return;
        metrics.Add(new(MetricNames.ValidationLoss, _validation.MeanLoss));
        metrics.Add(new(MetricNames.ValidationActionError, _validation.MeanError));
        metrics.Add(new(MetricNames.BestValidationLoss, _best));
    }

    public override void Save(Checkpoint checkpoint)
    {
        base.Save(checkpoint);
        checkpoint.PutNetwork("actor", _actor);
        checkpoint.PutNetwork("student", _student);
        if (_statistics is not null) checkpoint.Put<double>("observation-statistics", _statistics.Save());
        checkpoint.Put<long>("cloning/place", [_epoch, _position]);
        checkpoint.Put<double>("cloning/losses", [_training.Loss, _training.Error, _validation.Loss, _validation.Error, _best]);
        checkpoint.Put<long>("cloning/rows", [_training.Rows, _validation.Rows]);
        checkpoint.Put<float>("learning-rate", [_learningRate]);
    }

    public override void Load(Checkpoint checkpoint)
    {
        base.Load(checkpoint);
        checkpoint.GetNetwork("actor", _actor);
        checkpoint.GetNetwork("student", _student);
        _statistics?.Load(checkpoint.Get<double>("observation-statistics"));
        long[] place = new long[2], rows = new long[2];
        double[] losses = new double[5];
        checkpoint.Get<long>("cloning/place", place);
        checkpoint.Get<double>("cloning/losses", losses);
        checkpoint.Get<long>("cloning/rows", rows);
        if (place[1] < 0 || place[1] >= _order.Length)
            throw new InvalidDataException($"the checkpoint stands at step {place[1]} of a pass; these demonstrations have {_order.Length} to learn from");
        (_epoch, _position, _shuffled) = (place[0], (int)place[1], -1);
        _training = new CloningSums { Loss = losses[0], Error = losses[1], Rows = rows[0] };
        _validation = new CloningSums { Loss = losses[2], Error = losses[3], Rows = rows[1] };
        _best = losses[4];
        _learningRate = checkpoint.Get<float>("learning-rate")[0];
    }

    protected override void Dispose(bool disposing)
    {
        Policy.Dispose();
        _actor.Dispose();
        _student.Dispose();
        _inputs.Dispose();
        _targets.Dispose();
        _gradients.Dispose();
    }

    private INetwork Create(MlpShape shape, int rows)
        => NetworkFactory.Create(shape, MlpInitialiser.Orthogonal(shape, Context.Seed, 0, headGain: 0.01f),
            new AdamSettings { WeightDecay = _settings.WeightDecay }, rows, _settings.Backend, Context.Device, Pool);

    /// <summary>
    /// Takes mean and deviation of what is learnt from. A column that never changes is only shifted: divided by a
    /// deviation of nothing, its slightest change in play would look huge.
    /// </summary>
    private void Measure()
    {
        if (_statistics is null) return;
        var first = _data.Observations.Row(_split.Training[0]);
        bool[] varies = new bool[_statistics.Columns];
        foreach (int[] chunk in _split.Training.Chunk(_inputs.Matrix.Rows))
        {
            var rows = _inputs.First(chunk.Length);
            Gather(_data.Observations, chunk, rows);
            _statistics.Update(rows);
            for (int row = 0; row < rows.Rows; row++)
            {
                for (int i = 0; i < varies.Length; i++) varies[i] |= rows[row, i] != first[i];
            }
        }
        double[] moments = _statistics.Save();
        for (int i = 0; i < varies.Length; i++)
        {
            if (!varies[i]) moments[1 + varies.Length + i] = 1;
        }
        _statistics.Load(moments);
    }

    /// <summary>The order of a pass follows from seed and pass alone.</summary>
    private void Shuffle()
    {
        _split.Training.CopyTo(_order, 0);
        CounterRandom.Shuffle(_order, _shuffle, Context.Seed, RandomStream.Sampling, (ulong)_epoch + 1);
        _shuffled = _epoch;
    }

    private void Learn(ReadOnlySpan<int> rows)
    {
        float left = Math.Max(0, 1f - ((float)Steps / Context.TotalSteps));
        _learningRate = _settings.LearningRate * (_settings.AnnealLearningRate ? left : 1);
        var gradients = Compare(rows, ref _training);
        _student.Backward(_inputs.First(rows.Length), gradients, parameterGradients: true);
        double norm = Math.Sqrt(_student.GradientSquaredNorm());
        if (!double.IsFinite(norm + _training.Loss))
            throw new NonFiniteException($"bc: after {Steps} steps the loss is {_training.MeanLoss}, the gradient norm {norm}");
        _student.Step(_learningRate);
    }

    /// <summary>Runs the student on demonstrated steps; the gradients of its loss by its outputs.</summary>
    private Matrix Compare(ReadOnlySpan<int> rows, ref CloningSums sums)
    {
        Matrix inputs = _inputs.First(rows.Length), targets = _targets.First(rows.Length), gradients = _gradients.First(rows.Length);
        Gather(_data.Observations, rows, inputs);
        Gather(_data.Actions, rows, targets);
        _statistics?.Normalise(inputs, inputs);
        var outputs = _student.Forward(inputs);
        if (_discrete) CloningLoss.CrossEntropy(outputs, targets, gradients, ref sums);
        else CloningLoss.Squared(outputs, targets, gradients, ref sums);
        return gradients;
    }

    /// <summary>Lets the student act if no earlier one did better on what it has not learnt from.</summary>
    private void Judge()
    {
        _validation = default;
        var rows = _split.Validation.AsSpan();
        for (int start = 0; start < rows.Length; start += _inputs.Matrix.Rows)
            Compare(rows.Slice(start, Math.Min(_inputs.Matrix.Rows, rows.Length - start)), ref _validation);
        if (rows.Length > 0 && !(_validation.MeanLoss < _best)) return;
        _best = _validation.MeanLoss;
        _actor.BlendFrom(_student, 1);
    }

    private static void Gather(in Matrix source, ReadOnlySpan<int> rows, in Matrix target)
    {
        for (int i = 0; i < rows.Length; i++) source.Row(rows[i]).CopyTo(target.Row(i));
    }
}
