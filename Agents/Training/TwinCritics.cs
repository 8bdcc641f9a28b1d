using Sim.Agents.Metrics;
using Sim.Agents.Networks;

namespace Sim.Agents.Training;

/// <summary>
/// Two critics of (state, action) and their slow copies, whose minimum keeps targets from running away (Fujimoto, van
/// Hoof and Meger, "Addressing Function Approximation Error in Actor-Critic Methods", 2018).
/// </summary>
internal sealed class TwinCritics : IDisposable
{
    private readonly OffPolicySettings _settings;
    private readonly MatrixBuffer _gradients;
    private double _loss1, _loss2, _value1, _value2;
    private long _updates;

    /// <param name="settings">Learning rate, norm clip and blending rate.</param>
    /// <param name="create">Makes the critic of a number; equal numbers begin with equal parameters.</param>
    public TwinCritics(OffPolicySettings settings, Func<uint, INetwork> create)
    {
        _settings = settings;
        (First, Second, Target1, Target2) = (create(1), create(2), create(1), create(2));
        _gradients = new MatrixBuffer(settings.Batch, 1);
        Targets = new float[settings.Batch];
    }

    public INetwork First { get; }

    public INetwork Second { get; }

    public INetwork Target1 { get; }

    public INetwork Target2 { get; }

    /// <summary>y of each row, to be written before <see cref="Learn"/>.</summary>
    public float[] Targets { get; }

    /// <summary>Q ← Q − λ ∇ Σ mean (Q − y)².</summary>
    /// <param name="pairs">States and actions <c>[rows, inputs]</c>.</param>
    /// <param name="check">Throws when the loss it is given is not finite; nothing has been stepped by then.</param>
    public void Learn(in Matrix pairs, Action<string, double> check)
    {
        double loss1 = Regress(First, pairs, out double value1), loss2 = Regress(Second, pairs, out double value2);
        check("critic loss", loss1 + loss2);
        float scale = _settings.MaxGradientNorm == 0 ? 1 : _settings.GradientScale(First.GradientSquaredNorm() + Second.GradientSquaredNorm());
        First.Step(_settings.CriticLearningRate, scale);
        Second.Step(_settings.CriticLearningRate, scale);
        _loss1 += loss1;
        _loss2 += loss2;
        _value1 += value1;
        _value2 += value2;
        _updates++;
    }

    /// <summary>Moves the slow copies on by one Polyak step.</summary>
    public void Blend()
    {
        Target1.BlendFrom(First, _settings.Tau);
        Target2.BlendFrom(Second, _settings.Tau);
    }

    /// <summary>Begins a new round of sums.</summary>
    public void ClearSums() => (_loss1, _loss2, _value1, _value2, _updates) = (0, 0, 0, 0, 0);

    /// <summary>Adds the means of this round.</summary>
    public void Report(ICollection<Metric> metrics)
    {
        double n = Math.Max(1, _updates);
        metrics.Add(new(MetricNames.Critic1Values, _value1 / n));
        metrics.Add(new(MetricNames.Critic2Values, _value2 / n));
        metrics.Add(new(MetricNames.Critic1Loss, _loss1 / n));
        metrics.Add(new(MetricNames.Critic2Loss, _loss2 / n));
        metrics.Add(new(MetricNames.CriticLoss, (_loss1 + _loss2) / (2 * n)));
    }

    public void Save(Checkpoint checkpoint)
    {
        checkpoint.PutNetwork("critic-1", First);
        checkpoint.PutNetwork("critic-2", Second);
        checkpoint.PutNetwork("target-critic-1", Target1);
        checkpoint.PutNetwork("target-critic-2", Target2);
    }

    public void Load(Checkpoint checkpoint)
    {
        checkpoint.GetNetwork("critic-1", First);
        checkpoint.GetNetwork("critic-2", Second);
        checkpoint.GetNetwork("target-critic-1", Target1);
        checkpoint.GetNetwork("target-critic-2", Target2);
    }

    public void Dispose()
    {
        First.Dispose();
        Second.Dispose();
        Target1.Dispose();
        Target2.Dispose();
        _gradients.Dispose();
    }

    private double Regress(INetwork critic, in Matrix pairs, out double meanValue)
    {
        double loss = CriticLoss.MeanSquare(critic.Forward(pairs), Targets, _gradients.Matrix, out meanValue);
        critic.Backward(pairs, _gradients.Matrix, parameterGradients: true);
        return loss;
    }
}
