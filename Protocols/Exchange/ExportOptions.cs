namespace Sim.Protocols.Exchange;

/// <summary>How an export is written. Options that a format has no use for are ignored by it.</summary>
public sealed record ExportOptions
{
    public ExportCompression Compression { get; init; } = ExportCompression.None;

    /// <summary>Leave out every episode that did not end in success.</summary>
    public bool OnlySuccess { get; init; }

    /// <summary>Minari's name of the data set, <c>(namespace/)(environment/)name-v0</c>; made from the environment when null.</summary>
    public string? DatasetId { get; init; }

    /// <summary>LeRobot's frames a second, at least 1; from the control period when null.</summary>
    public int? FramesPerSecond { get; init; }

    /// <summary>Part of the episodes that robomimic's mask calls <c>valid</c>, 0 to below 1; at 0 no mask is written.</summary>
    public float ValidRatio { get; init; } = 0.1f;

    /// <summary>Seed of the choice of those episodes.</summary>
    public ulong Seed { get; init; }

    internal void Check()
    {
        if (!(ValidRatio is >= 0 and < 1))
            throw new ArgumentException($"a valid ratio of {ValidRatio} is out of range: expected 0 to below 1");
        if (FramesPerSecond < 1)
            throw new ArgumentException($"{FramesPerSecond} frames a second are out of range: expected at least 1");
    }
}

/// <summary>How much time an export spends on making files smaller.</summary>
public enum ExportCompression
{
    None,

    /// <summary>HDF5: bytes shuffled, then deflate at its fastest. Parquet: Snappy.</summary>
    Fast,
}
