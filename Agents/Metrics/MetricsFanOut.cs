namespace Sim.Agents.Metrics;

/// <summary>Gives every record to several sinks, in order, and disposes them together.</summary>
public sealed class MetricsFanOut(params IMetricsSink[] sinks) : IMetricsSink
{
    public void Write(long step, ReadOnlySpan<Metric> values)
    {
        foreach (var sink in sinks)
            sink.Write(step, values);
    }

    public void Dispose()
    {
        foreach (var sink in sinks)
            sink.Dispose();
    }
}
