using System.Security.Cryptography.X509Certificates;
using Sim.Environments;

namespace Sim.Protocols.Server;

/// <summary>What a server offers, to whom, and how much of it.</summary>
public sealed record ServerSettings
{
    /// <summary>Environments that clients may make.</summary>
    public IReadOnlyList<EnvironmentDefinition> Environments { get; init; } = Registry.All;

    /// <summary>Answers observations with actions; null where no policy is served.</summary>
    public PolicyService? Policy { get; init; }

    /// <summary>What clients must present; null for nothing. Needed wherever other machines can connect.</summary>
    public string? Token { get; init; }

    /// <summary>Certificate with its private key, to speak TLS; null for plain sockets.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Largest frame, bytes.</summary>
    public int MaxFrameBytes { get; init; } = 256 << 20;

    /// <summary>Most sessions at a time.</summary>
    public int MaxSessions { get; init; } = 64;

    /// <summary>Most environments of a session.</summary>
    public int MaxEnvironments { get; init; } = 1 << 17;

    /// <summary>Most environments of all sessions together.</summary>
    public int MaxTotalEnvironments { get; init; } = 1 << 19;

    /// <summary>Most batches of a session.</summary>
    public int MaxBatches { get; init; } = 64;

    /// <summary>Most threads of a batch; 0 for as many as there are cores.</summary>
    public int MaxThreads { get; init; }

    /// <summary>After how long without a request, or with an answer that is not taken, a session ends.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a client has to say hello.</summary>
    public TimeSpan HelloTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long sessions may go on with what they have asked for when the server ends.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Where the batches of clients are recorded; null where nobody may.</summary>
    public RecordingRules? Recordings { get; init; }

    /// <summary>Whether steps wait for the clock, so that none comes before its control period is over.</summary>
    public bool RealTime { get; init; }

    /// <summary>Told of what should never happen, by the session's thread: the session ends, the server does not.</summary>
    public Action<Exception>? Failed { get; init; }
}
