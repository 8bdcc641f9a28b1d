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
    private readonly SlowCritic _first, _second;
    private long _updates;

    /// <param name="settings">Learning rate, norm clip and blending rate.</param>
    /// <param name="rows">Rows of a batch.</param>
    /// <param name="create">Makes the critic of a number; equal numbers begin with equal parameters.</param>
    public TwinCritics(OffPolicySettings settings, int rows, Func<uint, INetwork> create)
    {
        _settings = settings;
        (_first, _second) = (new SlowCritic(rows, () => create(1)), new SlowCritic(rows, () => create(2)));
        Targets = new float[rows];
    }

    public INetwork First => _first.Network;

    public INetwork Second => _second.Network;

    public INetwork Target1 => _first.Target;

    public INetwork Target2 => _second.Target;

    /// <summary>y of each row, to be written before <see cref="Learn"/>.</summary>
    public float[] Targets { get; }

    /// <summary>Q ← Q − λ ∇ Σ mean (Q − y)².</summary>
    /// <param name="pairs">States and actions <c>[rows, inputs]</c>.</param>
    /// <param name="check">Throws when the loss it is given is not finite; nothing has been stepped by then.</param>
    public void Learn(in Matrix pairs, Action<string, double> check)
    {
        check("critic loss", _first.Regress(pairs, Targets) + _second.Regress(pairs, Targets));
        float scale = _settings.MaxGradientNorm == 0 ? 1 : _settings.GradientScale(First.GradientSquaredNorm() + Second.GradientSquaredNorm());
        First.Step(_settings.CriticLearningRate, scale);
        Second.Step(_settings.CriticLearningRate, scale);
        _updates++;
    }

    /// <summary>Moves the slow copies on by one Polyak step.</summary>
    public void Blend()
    {
        _first.Blend(_settings.Tau);
        _second.Blend(_settings.Tau);
    }

    /// <summary>Begins a new round of sums.</summary>
    public void ClearSums()
    {
        _first.ClearSums();
        _second.ClearSums();
        _updates = 0;
    }

    /// <summary>Adds the means of this round.</summary>
    public void Report(ICollection<Metric> metrics)
    {
        double n = Math.Max(1, _updates);
        metrics.Add(new(MetricNames.Critic1Values, _first.ValueSum / n));
        metrics.Add(new(MetricNames.Critic2Values, _second.ValueSum / n));
        metrics.Add(new(MetricNames.Critic1Loss, _first.LossSum / n));
        metrics.Add(new(MetricNames.Critic2Loss, _second.LossSum / n));
        metrics.Add(new(MetricNames.CriticLoss, (_first.LossSum + _second.LossSum) / (2 * n)));
    }

    public void Save(Checkpoint checkpoint)
    {
        _first.Save(checkpoint, "critic-1");
        _second.Save(checkpoint, "critic-2");
    }

    public void Load(Checkpoint checkpoint)
    {
        _first.Load(checkpoint, "critic-1");
        _second.Load(checkpoint, "critic-2");
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }
}
