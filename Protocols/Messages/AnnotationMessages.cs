using MessagePack;

namespace Sim.Protocols.Messages;

/// <summary>What a person did beside the actions.</summary>
[MessagePackObject]
public sealed record AnnotateMessage
{
    [Key(0)] public uint Batch { get; init; }

    [Key(1)] public HumanEventMessage[]? Events { get; init; }

    [Key(2)] public EpisodeLabelMessage? Label { get; init; }
}

/// <summary>One input of a device, as it came.</summary>
[MessagePackObject]
public sealed record HumanEventMessage
{
    [Key(0)] public int Lane { get; init; }

    [Key(1)] public string? Device { get; init; }

    /// <summary>Clock of the device, milliseconds.</summary>
    [Key(2)] public double DeviceMilliseconds { get; init; }

    /// <summary><c>axis</c>, <c>button</c>, <c>key</c>, <c>mouse</c>, <c>clutch</c>, <c>jaw</c>, <c>mark</c> or <c>note</c>.</summary>
    [Key(3)] public string? Kind { get; init; }

    [Key(4)] public float[]? Values { get; init; }

    [Key(5)] public string? Text { get; init; }

    /// <summary>Number of the axis, button or key of the first value; those of the next follow it.</summary>
    [Key(6)] public int Code { get; init; }
}

/// <summary>What a person says of an episode; null where they say nothing.</summary>
[MessagePackObject]
public sealed record EpisodeLabelMessage
{
    [Key(0)] public int Lane { get; init; }

    [Key(1)] public bool? Success { get; init; }

    /// <summary>0 to 5.</summary>
    [Key(2)] public int? Quality { get; init; }

    [Key(3)] public string? Notes { get; init; }

    [Key(4)] public bool Discard { get; init; }
}
