namespace Sim.Agents.Metrics;

/// <summary>One named scalar, named as CleanRL names it (<see cref="MetricNames"/>).</summary>
public readonly record struct Metric(string Name, double Value);
