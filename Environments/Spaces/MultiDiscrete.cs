namespace Sim.Environments.Spaces;

/// <summary>Several independent choices; choice i is out of 0 … counts[i] − 1.</summary>
public sealed class MultiDiscrete : Space
{
    private readonly int[] _counts;

    /// <exception cref="ArgumentException">No counts, or a count below one.</exception>
    public MultiDiscrete(params IReadOnlyList<int> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.Count == 0 || counts.Any(count => count < 1))
            throw new ArgumentException($"every choice needs at least one option, got [{string.Join(", ", counts)}]");
        _counts = [.. counts];
    }

    /// <summary>Options of each choice.</summary>
    public IReadOnlyList<int> Counts => _counts;

    public override IReadOnlyList<int> Shape => [_counts.Length];

    public override bool Contains(ReadOnlySpan<float> values)
    {
        if (values.Length != _counts.Length) return false;
        for (int i = 0; i < values.Length; i++)
        {
            if (!(values[i] >= 0 && values[i] < _counts[i] && values[i] == MathF.Floor(values[i]))) return false;
        }
        return true;
    }

    public override string ToString() => $"MultiDiscrete([{string.Join(", ", _counts)}])";
}
