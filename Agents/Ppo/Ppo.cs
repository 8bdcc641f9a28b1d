using Sim.Agents.Metrics;
using Sim.Agents.Networks;
using Sim.Agents.Policies;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;

namespace Sim.Agents.Ppo;

/// <summary>
/// Proximal policy optimisation (Schulman et al., "Proximal Policy Optimization Algorithms", 2017) over batched
/// environments, discrete or continuous. Truncated episodes bootstrap from their final observation.
/// </summary>
public sealed class Ppo : Learner
{
    /// <summary>Normalised values and returns are limited to ± this.</summary>
    private const float LargestValue = 5;

    private readonly PpoSettings _settings;
    private readonly int _count, _actionWidth, _outputs;
    private readonly bool _discrete, _separateCritic;
    private readonly INetwork _actor, _critic;
    private readonly AdamVector? _logStd;
    private readonly RunningMoments? _statistics, _criticStatistics;
    private readonly RunningMoments _returnStatistics = new(1);
    private readonly RunningMoments? _valueStatistics;
    private readonly ActorInputs _read;
    private readonly ActionScale? _scale;
    private readonly Rollout _rollout;
    private readonly PpoMinibatch _minibatch;
    private readonly MatrixBuffer _actorGradients, _valueGradients, _criticRow, _finalRow;
    private readonly float[] _discounted, _noise, _lastValues, _logProbabilities;
    private readonly int[] _order;
    private readonly float[] _shuffle;
    private float[] _finalValues = [];
    private ulong _time;
    private float _learningRate;
    private PpoSums _sums;
    private double _explainedVariance;

    /// <summary>Training in process: all else is as the settings say.</summary>
    public Ppo(BatchEnvironment environments, PpoSettings settings, ulong seed = 1)
        : this(LearnerContext.Of(environments, settings, seed), settings)
    {
    }

    public Ppo(LearnerContext context, PpoSettings settings) : base(context, settings)
    {
        _settings = settings;
        var spec = Environments.Spec;
        _count = Environments.Count;
        _discrete = spec.Action is Discrete;
        _actionWidth = _discrete ? 1 : ((Box)spec.Action).Size;
        _outputs = _discrete ? ((Discrete)spec.Action).Count : _actionWidth;
        _read = new ActorInputs(Environments);
        int inputs = _read.Size;
        var privileged = settings.PrivilegedCritic
            ? Environments.Privileged ?? throw new ArgumentException($"{spec.Id} was made without its privileged group, which privileged_critic needs")
            : null;
        _separateCritic = privileged is not null;
        int criticInputs = inputs + (privileged?.Space.Size ?? 0);
        int rows = checked(settings.RolloutSteps * _count);
        int minibatch = Math.Min(settings.Minibatch, rows);
        int maxRows = Math.Max(_count, minibatch);

        var actorShape = new MlpShape(inputs, settings.Hidden, _outputs, settings.Activation) { Front = ConvolutionFront.For(spec.ActorBox, settings.Filters) };
        var criticShape = new MlpShape(criticInputs, settings.Hidden, 1, settings.Activation) { Front = _separateCritic ? null : actorShape.Front };
        var adam = new AdamSettings { Epsilon = 1e-5f };
        float[] actor = MlpInitialiser.Orthogonal(actorShape, context.Seed, 0, 0.01f);
        if (!_discrete) actor.AsSpan(actor.Length - _outputs).Fill(settings.InitialAction);
        _actor = NetworkFactory.Create(actorShape, actor, adam, maxRows, settings.Backend, context.Device, Pool);
        _critic = NetworkFactory.Create(criticShape, MlpInitialiser.Orthogonal(criticShape, context.Seed, 1, 1f), adam, maxRows,
            settings.Backend, context.Device, Pool);
        if (!_discrete)
        {
            float[] initial = new float[_actionWidth];
            Array.Fill(initial, settings.InitialLogStd);
            _logStd = new AdamVector(initial, adam);
            _scale = new ActionScale((Box)spec.Action);
        }
        if (settings.NormaliseObservations)
        {
            _statistics = new RunningMoments(inputs);
            if (privileged is not null) _criticStatistics = new RunningMoments(privileged.Space.Size);
        }
        if (settings.NormaliseValues) _valueStatistics = new RunningMoments(1);
        Policy = new Policy(spec, _actor, _discrete ? PolicyHead.Categorical : PolicyHead.Gaussian, _statistics);

        _rollout = new Rollout(settings.RolloutSteps, _count, inputs, _separateCritic ? criticInputs : 0, _actionWidth);
        _minibatch = new PpoMinibatch(minibatch, inputs, _separateCritic ? criticInputs : 0, _actionWidth);
        _actorGradients = new MatrixBuffer(minibatch, _outputs);
        _valueGradients = new MatrixBuffer(minibatch, 1);
        _criticRow = new MatrixBuffer(_count, criticInputs);
        _finalRow = new MatrixBuffer(1, inputs);
        _discounted = new float[_count];
        _noise = new float[_count * _actionWidth];
        _lastValues = new float[_count];
        _logProbabilities = new float[_outputs];
        _order = new int[rows];
        _shuffle = new float[rows];
        _learningRate = settings.LearningRate;
    }

    public override string Algorithm => "ppo";

    public override Policy Policy { get; }

    public override void Iterate()
    {
        float left = Math.Max(0, 1f - ((float)Steps / Context.TotalSteps));
        if (_settings.Schedule == LearningRateSchedule.Linear) _learningRate = _settings.LearningRate * left;
        float clipRange = _settings.ClipRange * (_settings.AnnealClipRange ? left : 1);
        Collect();
        Evaluate();
        Optimise(clipRange);
        Steps += _rollout.Rows;
    }

    public override void Report(ICollection<Metric> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        double n = Math.Max(1, _sums.Rows);
        metrics.Add(new(MetricNames.LearningRate, _learningRate));
        metrics.Add(new(MetricNames.PolicyLoss, _sums.PolicyLoss / n));
        metrics.Add(new(MetricNames.ValueLoss, _sums.ValueLoss / n));
        metrics.Add(new(MetricNames.Entropy, _sums.Entropy / n));
        metrics.Add(new(MetricNames.OldApproxKl, _sums.OldApproximateKl / n));
        metrics.Add(new(MetricNames.ApproxKl, _sums.ApproximateKl / n));
        metrics.Add(new(MetricNames.ClipFraction, _sums.Clipped / n));
        metrics.Add(new(MetricNames.ExplainedVariance, _explainedVariance));
    }

    public override void Save(Checkpoint checkpoint)
    {
        base.Save(checkpoint);
        checkpoint.PutNetwork("actor", _actor);
        checkpoint.PutNetwork("critic", _critic);
        if (_logStd is not null) checkpoint.PutVector("log-std", _logStd);
        if (_statistics is not null) checkpoint.Put<double>("observation-statistics", _statistics.Save());
        if (_criticStatistics is not null) checkpoint.Put<double>("privileged-statistics", _criticStatistics.Save());
        if (_valueStatistics is not null) checkpoint.Put<double>("value-statistics", _valueStatistics.Save());
        checkpoint.Put<double>("return-statistics", _returnStatistics.Save());
        checkpoint.Put<float>("discounted-returns", _discounted);
        checkpoint.Put<ulong>("time", [_time]);
        checkpoint.Put<float>("learning-rate", [_learningRate]);
    }

    public override void Load(Checkpoint checkpoint)
    {
        base.Load(checkpoint);
        checkpoint.GetNetwork("actor", _actor);
        checkpoint.GetNetwork("critic", _critic);
        if (_logStd is not null) checkpoint.GetVector("log-std", _logStd);
        _statistics?.Load(checkpoint.Get<double>("observation-statistics"));
        _criticStatistics?.Load(checkpoint.Get<double>("privileged-statistics"));
        _valueStatistics?.Load(checkpoint.Get<double>("value-statistics"));
        _returnStatistics.Load(checkpoint.Get<double>("return-statistics"));
        checkpoint.Get<float>("discounted-returns", _discounted);
        _time = checkpoint.Get<ulong>("time")[0];
        _learningRate = checkpoint.Get<float>("learning-rate")[0];
    }

    protected override void Dispose(bool disposing)
    {
        Policy.Dispose();
        _actor.Dispose();
        _critic.Dispose();
        _rollout.Dispose();
        _minibatch.Dispose();
        _actorGradients.Dispose();
        _valueGradients.Dispose();
        _criticRow.Dispose();
        _finalRow.Dispose();
    }

    /// <summary>Steps the environments T times with the sampled policy.</summary>
    private void Collect()
    {
        _rollout.Clear();
        for (int step = 0; step < _rollout.Steps; step++)
        {
            var inputs = _rollout.Inputs.Slice(step * _count, _count);
            var observations = _read.Read().AsMatrix();
            _statistics?.Update(observations);
            if (_separateCritic) _criticStatistics?.Update(Environments.Privileged!.Current.AsMatrix());
            WriteInputs(observations, inputs);
            if (_separateCritic) WriteCriticInputs(observations, Environments.Privileged!.Current.AsMatrix(), _rollout.CriticInputs.Slice(step * _count, _count));
            Sample(step, _actor.Forward(inputs));
            Environments.Step();
            Episodes.Observe(Environments);
            RecordRewards(step);
            _rollout.RecordEnds(step, Environments, WriteFinal);
        }
    }

    private void WriteInputs(in Matrix observations, in Matrix target)
    {
        if (_statistics is null) observations.CopyTo(target);
        else _statistics.Normalise(observations, target);
    }

    private void WriteCriticInputs(in Matrix observations, in Matrix privileged, in Matrix target)
    {
        WriteInputs(observations, target.SliceColumns(0, observations.Columns));
        var rest = target.SliceColumns(observations.Columns, privileged.Columns);
        if (_criticStatistics is null) privileged.CopyTo(rest);
        else _criticStatistics.Normalise(privileged, rest);
    }

    private void WriteFinal(int lane, Matrix target)
    {
        var observation = _finalRow.Matrix;
        _read.Write(lane, ended: true, observation.Row(0));
        if (_separateCritic) WriteCriticInputs(observation, Environments.Privileged!.Final.AsMatrix().Slice(lane, 1), target);
        else WriteInputs(observation, target);
    }

    private void Sample(int step, in Matrix outputs)
    {
        int start = step * _count;
        var actions = _rollout.Actions.AsSpan(start * _actionWidth, _count * _actionWidth);
        if (_discrete)
        {
            CounterRandom.FillUniform(_noise, Context.Seed, RandomStream.Policy, _time++);
            for (int lane = 0; lane < _count; lane++)
            {
                Softmax.Log(outputs.Row(lane), _logProbabilities);
                float threshold = _noise[lane];
                int choice = 0;
                while (choice < _outputs - 1 && (threshold -= MathF.Exp(_logProbabilities[choice])) >= 0) choice++;
                actions[lane] = choice;
                Environments.DiscreteActions[lane] = choice;
                _rollout.LogProbabilities[start + lane] = _logProbabilities[choice];
            }
            return;
        }
        CounterRandom.FillNormal(_noise, Context.Seed, RandomStream.Policy, _time++);
        var logStd = _logStd!.Values;
        Span<float> std = stackalloc float[_actionWidth];
        for (int i = 0; i < _actionWidth; i++) std[i] = MathF.Exp(logStd[i]);
        for (int lane = 0; lane < _count; lane++)
        {
            var mean = outputs.Row(lane);
            var action = actions.Slice(lane * _actionWidth, _actionWidth);
            for (int i = 0; i < _actionWidth; i++) action[i] = mean[i] + (std[i] * _noise[(lane * _actionWidth) + i]);
            _rollout.LogProbabilities[start + lane] = PpoLoss.GaussianLogProbability(action, mean, logStd);
        }
        _scale!.Send(actions, Environments);
    }

    private unsafe void RecordRewards(int step)
    {
        var target = _rollout.Rewards.AsSpan(step * _count, _count);
        var rewards = Environments.Rewards;
        for (int lane = 0; lane < _count; lane++) target[lane] = _settings.RewardScale * rewards[lane];
        if (!_settings.NormaliseRewards) return;
        for (int lane = 0; lane < _count; lane++) _discounted[lane] = (_settings.Gamma * _discounted[lane]) + target[lane];
        fixed (float* discounted = _discounted) _returnStatistics.Update(new Matrix(discounted, _count, 1, 1));
        float scale = (float)(1 / Math.Sqrt(_returnStatistics.Variance[0] + 1e-8));
        for (int lane = 0; lane < _count; lane++)
        {
            target[lane] = Math.Clamp(target[lane] * scale, -10, 10);
            if (Environments.Terminated[lane] || Environments.Truncated[lane]) _discounted[lane] = 0;
        }
    }

    /// <summary>Values of every stored, final and last observation, then advantages.</summary>
    private void Evaluate()
    {
        ForwardValues(_rollout.CriticInputs, _rollout.Values);
        var last = _criticRow.Matrix;
        var observations = _read.Read().AsMatrix();
        if (_separateCritic) WriteCriticInputs(observations, Environments.Privileged!.Current.AsMatrix(), last);
        else WriteInputs(observations, last);
        ForwardValues(last, _lastValues);
        if (_finalValues.Length < _rollout.FinalRows.Count) _finalValues = new float[_rollout.FinalRows.Count * 2];
        if (_rollout.FinalRows.Count > 0) ForwardValues(_rollout.FinalInputs, _finalValues);
        _rollout.Estimate(_settings.Gamma, _settings.Lambda, _lastValues, _finalValues);
        _explainedVariance = ExplainedVariance(_rollout.Values, _rollout.Returns);
        if (_valueStatistics is not null) NormaliseValues();
    }

    /// <summary>Brings what the critic learns to its scale, by statistics that now count this rollout's returns too.</summary>
    private unsafe void NormaliseValues()
    {
        fixed (float* values = _rollout.Values, returns = _rollout.Returns)
        {
            Matrix before = new(values, _rollout.Rows, 1, 1), after = new(returns, _rollout.Rows, 1, 1);
            _valueStatistics!.Update(after);
            _valueStatistics.Normalise(before, before, LargestValue);
            _valueStatistics.Normalise(after, after, LargestValue);
        }
    }

    private void ForwardValues(in Matrix inputs, Span<float> target)
    {
        for (int start = 0; start < inputs.Rows; start += _critic.MaxRows)
        {
            int rows = Math.Min(_critic.MaxRows, inputs.Rows - start);
            var outputs = _critic.Forward(inputs.Slice(start, rows));
            for (int row = 0; row < rows; row++) target[start + row] = outputs[row, 0];
        }
        if (_valueStatistics is null) return;
        float mean = (float)_valueStatistics.Mean[0], deviation = (float)Math.Sqrt(_valueStatistics.Variance[0] + 1e-8);
        foreach (ref float value in target[..inputs.Rows]) value = (Math.Clamp(value, -LargestValue, LargestValue) * deviation) + mean;
    }

    private void Optimise(float clipRange)
    {
        _sums = default;
        for (int epoch = 0; epoch < _settings.Epochs; epoch++)
        {
            for (int i = 0; i < _order.Length; i++) _order[i] = i;
            CounterRandom.Shuffle(_order, _shuffle, Context.Seed, RandomStream.Sampling, _time++);
            var before = _sums;
            for (int start = 0; start + 1 < _order.Length; start += _minibatch.Capacity)
                Update(_order.AsSpan(start, Math.Min(_minibatch.Capacity, _order.Length - start)), clipRange);
            if (_settings.Schedule == LearningRateSchedule.AdaptiveKl)
                Steer((_sums.ApproximateKl - before.ApproximateKl) / (_sums.Rows - before.Rows));
        }
    }

    /// <summary>One gradient step of actor, deviations and critic on the given rows.</summary>
    private void Update(ReadOnlySpan<int> rows, float clipRange)
    {
        _minibatch.Gather(_rollout, rows, _settings.NormaliseAdvantages);
        int count = rows.Length;
        var actorGradients = _actorGradients.First(count);
        var valueGradients = _valueGradients.First(count);
        var outputs = _actor.Forward(_minibatch.Inputs);
        if (_discrete)
        {
            PpoLoss.Categorical(_minibatch.Actions, _minibatch.LogProbabilities, _minibatch.Advantages, outputs, clipRange,
                _settings.EntropyCoefficient, actorGradients, ref _sums);
        }
        else
        {
            PpoLoss.Gaussian(_minibatch.Actions, _minibatch.LogProbabilities, _minibatch.Advantages, outputs, _logStd!.Values, clipRange,
                _settings.EntropyCoefficient, actorGradients, _logStd.Gradients, ref _sums);
            if (_settings.BoundsCoefficient > 0) PpoLoss.Bounds(outputs, _settings.BoundsCoefficient, _settings.ActionBound, actorGradients);
        }
        _actor.Backward(_minibatch.Inputs, actorGradients, parameterGradients: true);
        var values = _critic.Forward(_minibatch.CriticInputs);
        PpoLoss.Value(_minibatch.Values, _minibatch.Returns, values, _settings.ValueCoefficient, _settings.ClipValueLoss ? clipRange : null,
            valueGradients, ref _sums);
        _critic.Backward(_minibatch.CriticInputs, valueGradients, parameterGradients: true);

        double norm = Math.Sqrt(_actor.GradientSquaredNorm() + _critic.GradientSquaredNorm() + (_logStd?.GradientSquaredNorm() ?? 0));
        if (!double.IsFinite(norm + _sums.PolicyLoss + _sums.ValueLoss))
            throw new NonFiniteException($"ppo: after {Steps} steps the policy loss is {_sums.PolicyLoss}, the value loss {_sums.ValueLoss}, the gradient norm {norm}");
        float scale = (float)Math.Min(1, _settings.MaxGradientNorm / (norm + 1e-6));
        _actor.Step(_learningRate, scale);
        _critic.Step(_learningRate, scale);
        _logStd?.Step(_learningRate, scale);
    }

    private void Steer(double divergence)
    {
        if (divergence > 2 * _settings.TargetKl) _learningRate = Math.Max(1e-5f, _learningRate / 1.5f);
        else if (divergence < _settings.TargetKl / 2) _learningRate = Math.Min(1e-2f, _learningRate * 1.5f);
    }

    private static double ExplainedVariance(ReadOnlySpan<float> values, ReadOnlySpan<float> returns)
    {
        double sum = 0, squares = 0, residual = 0, residualSquares = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double error = returns[i] - values[i];
            sum += returns[i];
            squares += (double)returns[i] * returns[i];
            residual += error;
            residualSquares += error * error;
        }
        double n = values.Length, variance = (squares / n) - (sum / n * (sum / n));
        return variance <= 0 ? double.NaN : 1 - (((residualSquares / n) - (residual / n * (residual / n))) / variance);
    }
}
