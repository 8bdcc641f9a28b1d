using MessagePack;

namespace Sim.Protocols.Messages;

/// <summary>Asks for a batch of environments.</summary>
[MessagePackObject]
public sealed record MakeMessage
{
    [Key(0)] public string? Id { get; init; }

    [Key(1)] public int Count { get; init; }

    [Key(2)] public Dictionary<string, string>? Settings { get; init; }

    [Key(3)] public ulong Seed { get; init; }

    /// <summary><c>same_step</c>, <c>next_step</c> or <c>disabled</c>.</summary>
    [Key(4)] public string? Autoreset { get; init; }

    [Key(5)] public bool Privileged { get; init; }

    [Key(6)] public bool RewardTerms { get; init; }

    /// <summary>0 for the server's choice.</summary>
    [Key(7)] public int Threads { get; init; }

    /// <summary>Slots of shared memory wanted.</summary>
    [Key(8)] public int Slots { get; init; }

    /// <summary>Name of a demonstration file in the server's folder, or null.</summary>
    [Key(9)] public string? Record { get; init; }

    /// <summary>Who chooses the actions of a recorded batch: <c>policy</c>, <c>human</c>, <c>script</c> or <c>both</c>.</summary>
    [Key(10)] public string? Source { get; init; }

    /// <summary>Whether results hold what a task tells beside its observation.</summary>
    [Key(11)] public bool Info { get; init; }
}

/// <summary>A batch and how its blocks are laid out.</summary>
[MessagePackObject]
public sealed record MadeMessage
{
    [Key(0)] public uint Batch { get; init; }

    [Key(1)] public SpecMessage? Spec { get; init; }

    [Key(2)] public int Count { get; init; }

    /// <summary>The block of a step.</summary>
    [Key(3)] public FieldMessage? Actions { get; init; }

    /// <summary>Fields of a result for every environment.</summary>
    [Key(4)] public FieldMessage[]? Fields { get; init; }

    /// <summary>Fields of a result for ended episodes; shapes and bytes are those of one.</summary>
    [Key(5)] public FieldMessage[]? EndedFields { get; init; }

    [Key(6)] public SharedMemoryMessage? Shared { get; init; }

    /// <summary>Bytes of one lane's snapshot.</summary>
    [Key(7)] public int SnapshotBytes { get; init; }

    /// <summary>What its snapshots are called.</summary>
    [Key(8)] public string? SnapshotName { get; init; }

    /// <summary>Leading bytes of a snapshot that say all the next step depends on.</summary>
    [Key(9)] public int StateBytes { get; init; }
}

/// <summary>One array in a block.</summary>
[MessagePackObject]
public sealed record FieldMessage
{
    [Key(0)] public string? Name { get; init; }

    /// <summary><c>float32</c>, <c>int32</c>, <c>uint8</c> or <c>bool</c>.</summary>
    [Key(1)] public string? DType { get; init; }

    [Key(2)] public int[]? Shape { get; init; }

    /// <summary>Where it begins in the block; 0 where the place follows from the number of rows.</summary>
    [Key(3)] public int Offset { get; init; }

    [Key(4)] public int Bytes { get; init; }
}

/// <summary>Memory that client and server both map.</summary>
[MessagePackObject]
public sealed record SharedMemoryMessage
{
    /// <summary>File to open and map, read and write.</summary>
    [Key(0)] public string? Path { get; init; }

    [Key(1)] public int Slots { get; init; }

    /// <summary>Bytes of a slot.</summary>
    [Key(2)] public int SlotBytes { get; init; }

    /// <summary>Where in a slot the result begins; the actions lie at 0.</summary>
    [Key(3)] public int ResultOffset { get; init; }
}

/// <summary>Asks for new episodes.</summary>
[MessagePackObject]
public sealed record ResetMessage
{
    [Key(0)] public uint Batch { get; init; }

    [Key(1)] public ulong? Seed { get; init; }

    [Key(2)] public Dictionary<string, string>? Options { get; init; }

    /// <summary>Whether the block holds a mask.</summary>
    [Key(3)] public bool HasMask { get; init; }

    /// <summary>Whether the block holds a seed for each lane.</summary>
    [Key(4)] public bool HasSeeds { get; init; }

    [Key(5)] public int Slot { get; init; } = -1;

    /// <summary>Whether the block holds an episode number for each lane, behind the seeds.</summary>
    [Key(6)] public bool HasNumbers { get; init; }
}

/// <summary>Asks for a step; the block or the slot holds the actions.</summary>
[MessagePackObject]
public sealed record StepMessage
{
    [Key(0)] public uint Batch { get; init; }

    [Key(1)] public int Slot { get; init; } = -1;
}

/// <summary>Puts lanes where snapshots were taken.</summary>
[MessagePackObject]
public sealed record RestoreMessage
{
    [Key(0)] public uint Batch { get; init; }

    /// <summary>What the snapshots are called.</summary>
    [Key(1)] public string? Name { get; init; }

    /// <summary>Lanes in the block.</summary>
    [Key(2)] public int Lanes { get; init; }

    [Key(3)] public int Slot { get; init; } = -1;
}

/// <summary>What a reset, a step or a restore shows; the block or the slot holds it.</summary>
[MessagePackObject]
public sealed record ResultMessage
{
    [Key(0)] public uint Batch { get; init; }

    /// <summary>Episodes that ended in this step.</summary>
    [Key(1)] public int Ended { get; init; }

    [Key(2)] public int Slot { get; init; } = -1;
}

/// <summary>A message about a whole batch: snapshot, close, closed, annotated.</summary>
[MessagePackObject]
public sealed record BatchMessage
{
    [Key(0)] public uint Batch { get; init; }
}

/// <summary>Answers a request for snapshots.</summary>
[MessagePackObject]
public sealed record SnapshotsMessage
{
    /// <summary>Bytes of the seed, number and padding of each lane's episode, behind the snapshots.</summary>
    public const int EpisodeBytes = 16;

    [Key(0)] public uint Batch { get; init; }

    [Key(1)] public string? Name { get; init; }

    /// <summary>Bytes of each.</summary>
    [Key(2)] public int Bytes { get; init; }

    [Key(3)] public int Count { get; init; }
}

/// <summary>Asks for a picture, and answers with it.</summary>
[MessagePackObject]
public sealed record PictureMessage
{
    [Key(0)] public uint Batch { get; init; }

    [Key(1)] public int Lane { get; init; }

    [Key(2)] public int Width { get; init; }

    [Key(3)] public int Height { get; init; }
}

/// <summary>Rows of goals or of rewards.</summary>
[MessagePackObject]
public sealed record RewardsMessage
{
    [Key(0)] public uint Batch { get; init; }

    [Key(1)] public int Rows { get; init; }
}

/// <summary>Rows of observations or of actions.</summary>
[MessagePackObject]
public sealed record ActMessage
{
    [Key(0)] public int Rows { get; init; }
}

/// <summary>Is anybody there.</summary>
[MessagePackObject]
public sealed record PingMessage
{
    [Key(0)] public long Value { get; init; }
}

/// <summary>Yes.</summary>
[MessagePackObject]
public sealed record PongMessage
{
    [Key(0)] public long Value { get; init; }

    /// <summary>The server's clock, microseconds since 1970.</summary>
    [Key(1)] public long ServerMicroseconds { get; init; }
}
