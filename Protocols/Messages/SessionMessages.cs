using MessagePack;

namespace Sim.Protocols.Messages;

/// <summary>The first message of a client.</summary>
[MessagePackObject]
public sealed record HelloMessage
{
    /// <summary>Newest protocol version the client speaks.</summary>
    [Key(0)] public int Newest { get; init; }

    /// <summary>Oldest it speaks.</summary>
    [Key(1)] public int Oldest { get; init; }

    [Key(2)] public string? Client { get; init; }

    [Key(3)] public string? ClientVersion { get; init; }

    [Key(4)] public string? Token { get; init; }
}

/// <summary>The server's answer to a hello.</summary>
[MessagePackObject]
public sealed record WelcomeMessage
{
    [Key(0)] public int Version { get; init; }

    [Key(1)] public string? Server { get; init; }

    [Key(2)] public string? SdkVersion { get; init; }

    [Key(3)] public string[]? Capabilities { get; init; }

    /// <summary>Largest frame the server takes, bytes.</summary>
    [Key(4)] public int MaxFrameBytes { get; init; }

    /// <summary>Most environments a session may hold.</summary>
    [Key(5)] public int MaxEnvironments { get; init; }

    /// <summary>Most batches a session may hold.</summary>
    [Key(6)] public int MaxBatches { get; init; }
}

/// <summary>All environments of a server.</summary>
[MessagePackObject]
public sealed record EnvironmentsMessage
{
    [Key(0)] public EnvironmentRow[]? Environments { get; init; }
}

/// <summary>One of them.</summary>
[MessagePackObject]
public sealed record EnvironmentRow
{
    [Key(0)] public string? Id { get; init; }

    [Key(1)] public string[]? Aliases { get; init; }

    [Key(2)] public string? Summary { get; init; }

    [Key(3)] public string? Kind { get; init; }
}

/// <summary>Asks what an environment is under given settings.</summary>
[MessagePackObject]
public sealed record DescribeMessage
{
    [Key(0)] public string? Id { get; init; }

    [Key(1)] public Dictionary<string, string>? Settings { get; init; }
}

/// <summary>Answers it.</summary>
[MessagePackObject]
public sealed record DescriptionMessage
{
    [Key(0)] public SpecMessage? Spec { get; init; }
}

/// <summary>What was refused, and why.</summary>
[MessagePackObject]
public sealed record ErrorMessage
{
    [Key(0)] public string? Code { get; init; }

    [Key(1)] public string? Sentence { get; init; }

    [Key(2)] public bool EndsConnection { get; init; }
}
