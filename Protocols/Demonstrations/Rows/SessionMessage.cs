using MessagePack;
using Sim.Protocols.Messages;

namespace Sim.Protocols.Demonstrations.Rows;

/// <summary>What the chunks of a session are about: environment, machine and people.</summary>
[MessagePackObject]
public sealed record SessionMessage
{
    public const string SameStep = "same_step", Disabled = "disabled";

    /// <summary>Random, 32 hexadecimal digits.</summary>
    [Key(0)] public required string Id { get; init; }

    /// <summary>Microseconds since 1970 (UTC).</summary>
    [Key(1)] public required long Started { get; init; }

    /// <summary>What wrote it, with version and build.</summary>
    [Key(2)] public required string Software { get; init; }

    [Key(3)] public required SpecMessage Spec { get; init; }

    /// <summary>Environments recorded together.</summary>
    [Key(4)] public required int Lanes { get; init; }

    /// <summary><see cref="SameStep"/>: the step that ends an episode begins the next. <see cref="Disabled"/>: it does not.</summary>
    [Key(5)] public required string Autoreset { get; init; }

    /// <summary>What a step holds.</summary>
    [Key(6)] public required ColumnMessage[] Columns { get; init; }

    /// <summary>
    /// What the environment promises of a replay. <c>D0</c>: nothing. <c>D1</c>: the same bits on the same machine.
    /// <c>D2</c>: on any x64 processor with FMA, at any lane width. <c>D3</c>: on any machine.
    /// </summary>
    [Key(7)] public required string Determinism { get; init; }

    /// <summary>Bytes of a snapshot, and of its first part that is hashed.</summary>
    [Key(8)] public int SnapshotBytes { get; init; }

    [Key(9)] public int StateBytes { get; init; }

    /// <summary>Whether the batch was made with the privileged group.</summary>
    [Key(10)] public bool Privileged { get; init; }

    /// <summary>Steps between two states.</summary>
    [Key(11)] public int CheckpointEvery { get; init; }

    /// <summary>Environments a register, threads, processor and system: changes no bit.</summary>
    [Key(12)] public int LaneWidth { get; init; }

    [Key(13)] public int Threads { get; init; }

    [Key(14)] public string Platform { get; init; } = "";

    /// <summary>Who or what chose the actions: <c>expert</c>, <c>policy runs/cartpole-1</c>, <c>human</c>.</summary>
    [Key(15)] public string Demonstrator { get; init; } = "";

    /// <summary>A pseudonym.</summary>
    [Key(16)] public string Operator { get; init; } = "";

    [Key(17)] public string[] Devices { get; init; } = [];

    /// <summary>Licence and consent.</summary>
    [Key(18)] public string Licence { get; init; } = "";
}

/// <summary>A column of the steps: <c>[steps, lanes, width]</c>, or <c>[steps, width]</c> when all lanes share it.</summary>
[MessagePackObject]
public sealed record ColumnMessage
{
    [Key(0)] public required string Name { get; init; }

    /// <summary><c>float32</c>, <c>int32</c>, <c>uint32</c>, <c>int64</c> or <c>uint8</c>, little-endian.</summary>
    [Key(1)] public required string DType { get; init; }

    /// <summary>Numbers a lane.</summary>
    [Key(2)] public required int Width { get; init; }

    [Key(3)] public required bool PerLane { get; init; }
}
