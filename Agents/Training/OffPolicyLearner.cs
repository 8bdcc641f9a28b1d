using Sim.Agents.Networks;

namespace Sim.Agents.Training;

/// <summary>
/// What algorithms with a replay buffer do alike: rounds of acting with the updates that are due, uniform actions at
/// first, and the counts of steps, draws and updates that a checkpoint keeps. How actions are chosen and what an update
/// is stands in the algorithm.
/// </summary>
public abstract class OffPolicyLearner : Learner
{
    /// <summary>Environment steps of one round, about.</summary>
    private const int RoundSteps = 100;

    private readonly OffPolicySettings _settings;
    private ulong _time;

    protected OffPolicyLearner(LearnerContext context, OffPolicySettings settings) : base(context, settings)
    {
        _settings = settings;
        Collector = new OffPolicyCollector(context, settings, Episodes);
    }

    protected OffPolicyCollector Collector { get; }

    /// <summary>Counts the draws of the learner.</summary>
    protected ref ulong Time => ref _time;

    /// <summary>Updates made so far, the running one left out.</summary>
    protected long Updates { get; private set; }

    public sealed override void Iterate()
    {
        ClearSums();
        int count = Environments.Count;
        for (int taken = 0; taken < RoundSteps; taken += count)
        {
            Act();
            Steps += count;
            if (Steps / count % _settings.UpdateInterval != 0) continue;
            for (long due = _settings.UpdatesDue(Steps); Updates < due; Updates++) Update();
        }
    }

    public override void Save(Checkpoint checkpoint)
    {
        base.Save(checkpoint);
        Collector.Save(checkpoint);
        checkpoint.Put<ulong>("time", [_time]);
        checkpoint.Put<long>("updates", [Updates]);
    }

    public override void Load(Checkpoint checkpoint)
    {
        base.Load(checkpoint);
        Collector.Load(checkpoint);
        _time = checkpoint.Get<ulong>("time")[0];
        Updates = checkpoint.Get<long>("updates")[0];
    }

    protected override void Dispose(bool disposing) => Collector.Dispose();

    /// <summary>Begins the sums that a round reports.</summary>
    protected abstract void ClearSums();

    /// <summary>Writes <see cref="OffPolicyCollector.Actions"/> by the policy, with the collector's noise, which is new.</summary>
    protected abstract void Explore(in Matrix inputs);

    protected abstract void Update();

    /// <exception cref="NonFiniteException">The value is not finite.</exception>
    protected void CheckFinite(string what, double value)
    {
        if (!double.IsFinite(value))
            throw new NonFiniteException($"{Algorithm}: after {Steps} steps and {Updates} updates the {what} is {value}");
    }

    /// <summary>One step of every environment: uniform at first, then by the policy.</summary>
    private void Act()
    {
        var inputs = Collector.Observe();
        if (Steps < _settings.LearningStarts)
        {
            Collector.ChooseUniform(_time++);
        }
        else
        {
            Collector.Noise.Advance(Environments, _time++);
            Explore(inputs);
        }
        Collector.Step();
    }
}
