namespace Sim.Agents.Evaluation;

/// <summary>A confidence interval, both ends included.</summary>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>Half its width: what stands after the ± sign.</summary>
    public double HalfWidth => (High - Low) / 2;
}
