namespace Sim.Environments.Spaces;

/// <summary>One choice out of 0 … <paramref name="count"/> − 1.</summary>
public sealed class Discrete(int count) : Space
{
    /// <summary>Number of choices.</summary>
    public int Count { get; } = count > 0
        ? count
        : throw new ArgumentOutOfRangeException(nameof(count), count, "a discrete space needs at least one choice");

    public override IReadOnlyList<int> Shape => [];

    public override bool Contains(ReadOnlySpan<float> values)
        => values.Length == 1 && values[0] >= 0 && values[0] < Count && values[0] == MathF.Floor(values[0]);

    public override string ToString() => $"Discrete({Count})";
}
