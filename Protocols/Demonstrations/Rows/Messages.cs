using MessagePack;

namespace Sim.Protocols.Demonstrations.Rows;

/// <summary>Header of a chunk that begins episodes; its data are rows, then the first observations of each where observations are kept.</summary>
[MessagePackObject]
public sealed record BeginMessage
{
    [Key(0)] public required int Rows { get; init; }

    /// <summary>What few starts have.</summary>
    [Key(1)] public StartMessage[]? Starts { get; init; }
}

/// <summary>What sets the start of an episode apart from that of its seed alone.</summary>
[MessagePackObject]
public sealed record StartMessage
{
    /// <summary>Which row of the chunk.</summary>
    [Key(0)] public required int Row { get; init; }

    /// <summary>Options of the reset: name, value, name, value.</summary>
    [Key(1)] public string[]? Options { get; init; }

    /// <summary>Whole state to start from, where seed and options do not give it.</summary>
    [Key(2)] public byte[]? Snapshot { get; init; }

    /// <summary>The episode that it branches from.</summary>
    [Key(3)] public ParentMessage? Parent { get; init; }
}

/// <summary>Where an episode branches from.</summary>
[MessagePackObject]
public sealed record ParentMessage
{
    /// <summary>Id of the session that recorded the parent.</summary>
    [Key(0)] public required string Session { get; init; }

    /// <summary>Number of the parent in its file.</summary>
    [Key(1)] public required int Episode { get; init; }

    /// <summary>Steps of the parent before the branch.</summary>
    [Key(2)] public required int Step { get; init; }
}

/// <summary>Header of a chunk that ends episodes.</summary>
[MessagePackObject]
public sealed record EndMessage
{
    [Key(0)] public required int Rows { get; init; }
}

/// <summary>Header of a chunk of steps; its data are the columns that are present, in the order of the session.</summary>
[MessagePackObject]
public sealed record StepsMessage
{
    [Key(0)] public required int Steps { get; init; }

    /// <summary>Bit i: column i of the session is there.</summary>
    [Key(1)] public required ulong Present { get; init; }
}

/// <summary>Header of a chunk of states; its data are rows, then snapshots.</summary>
[MessagePackObject]
public sealed record StateMessage
{
    [Key(0)] public required int Rows { get; init; }

    /// <summary>Bytes of one snapshot.</summary>
    [Key(1)] public required int SnapshotBytes { get; init; }

    [Key(2)] public required int Snapshots { get; init; }
}

/// <summary>Header of a chunk of inputs.</summary>
[MessagePackObject]
public sealed record EventsMessage
{
    [Key(0)] public required int Rows { get; init; }

    [Key(1)] public required string[] Devices { get; init; }

    /// <summary>Words of notes.</summary>
    [Key(2)] public NoteMessage[]? Notes { get; init; }
}

/// <summary>Words of one row.</summary>
[MessagePackObject]
public sealed record NoteMessage
{
    [Key(0)] public required int Row { get; init; }

    [Key(1)] public required string Text { get; init; }
}

/// <summary>What somebody says about an episode; null leaves what was said before.</summary>
[MessagePackObject]
public sealed record LabelMessage
{
    [Key(0)] public required int Episode { get; init; }

    [Key(1)] public bool? Success { get; init; }

    /// <summary>0 (useless) to 5 (as good as can be).</summary>
    [Key(2)] public int? Quality { get; init; }

    [Key(3)] public string? Note { get; init; }

    /// <summary>Names of the masks that the episode belongs to, such as <c>train</c>; replaces earlier ones.</summary>
    [Key(4)] public string[]? Masks { get; init; }
}

/// <summary>Hides an episode, or shows it again.</summary>
[MessagePackObject]
public sealed record TombstoneMessage
{
    [Key(0)] public required int Episode { get; init; }

    [Key(1)] public required bool Hidden { get; init; }
}
