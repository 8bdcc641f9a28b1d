using System.ComponentModel.DataAnnotations;

namespace Sim.Protocols.Exchange;

/// <summary>How an export is written. Options that a format has no use for are ignored by it.</summary>
public sealed record ExportOptions
{
    public ExportCompression Compression { get; init; } = ExportCompression.None;

    /// <summary>Leave out every episode that did not end in success.</summary>
    public bool OnlySuccess { get; init; }

    /// <summary>Minari's name of the data set, <c>(namespace/)(environment/)name-v0</c>; made from the environment when null.</summary>
    public string? DatasetId { get; init; }

    /// <summary>LeRobot's frames a second; from the control period when null.</summary>
    [Range(1, 100_000)] public int? FramesPerSecond { get; init; }

    /// <summary>Part of the episodes that robomimic's mask calls <c>valid</c>, 0 to below 1; at 0 no mask is written.</summary>
    [Range(0f, 0.99f)] public float ValidRatio { get; init; } = 0.1f;

    /// <summary>Seed of the choice of those episodes.</summary>
    public ulong Seed { get; init; }
}

/// <summary>How much time an export spends on making files smaller.</summary>
public enum ExportCompression
{
    None,

    /// <summary>HDF5: bytes shuffled, then deflate at its fastest. Parquet: Snappy.</summary>
    Fast,
}
