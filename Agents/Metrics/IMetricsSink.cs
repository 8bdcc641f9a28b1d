namespace Sim.Agents.Metrics;

/// <summary>Takes the named scalars of a training run. Not thread-safe: one learner writes.</summary>
public interface IMetricsSink : IDisposable
{
    /// <summary>Records <paramref name="values"/> at a number of environment steps, and flushes.</summary>
    void Write(long step, ReadOnlySpan<Metric> values);
}
