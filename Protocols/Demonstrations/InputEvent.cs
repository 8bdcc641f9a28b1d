namespace Sim.Protocols.Demonstrations;

/// <summary>One thing that a person did at the controls, raw: before any dead zone, scaling or mapping.</summary>
public readonly record struct InputEvent
{
    /// <summary>Which device, by a name that lasts: <c>gamepad-0</c>, <c>keyboard</c>.</summary>
    public required string Device { get; init; }

    /// <summary>When, by the clock of the device, in milliseconds; 0 where it has none.</summary>
    public double DeviceMilliseconds { get; init; }

    /// <summary>When it came in, in microseconds since 1970 (UTC).</summary>
    public long ReceivedMicroseconds { get; init; }

    public required InputKind Kind { get; init; }

    /// <summary>Which axis, button or key.</summary>
    public int Code { get; init; }

    public float Value { get; init; }

    /// <summary>Which environment it is for.</summary>
    public int Lane { get; init; }

    /// <summary>Words of a note.</summary>
    public string? Text { get; init; }

    /// <summary>The file's step that is the first to feel it; the recorder fills it in.</summary>
    public ulong Step { get; init; }
}

/// <summary>Kinds of input. Numbers are stable.</summary>
public enum InputKind : byte
{
    Axis = 1,
    Button = 2,
    Key = 3,
    Mouse = 4,
    Clutch = 5,
    Jaw = 6,

    /// <summary>Something worth finding again happened here.</summary>
    Mark = 7,

    Note = 8,
}

/// <summary>Who chose an action. Numbers are stable.</summary>
public enum ActionSource : byte
{
    Unknown = 0,
    Human = 1,
    Policy = 2,
    Script = 3,

    /// <summary>A person and a policy together.</summary>
    Both = 4,
}
