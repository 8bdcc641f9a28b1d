using System.Net.Security;
using Sim.Environments;

namespace Sim.Protocols.Client;

/// <summary>How a client presents itself to a server.</summary>
public sealed record ClientOptions
{
    /// <summary>Where the server asks for one.</summary>
    public string? Token { get; init; }

    /// <summary>Whether the server speaks TLS.</summary>
    public bool Tls { get; init; }

    /// <summary>The name its certificate must bear; the address's host when null.</summary>
    public string? TlsHost { get; init; }

    /// <summary>Judges the server's certificate, such as one signed by itself; the system's trust when null.</summary>
    public RemoteCertificateValidationCallback? CheckCertificate { get; init; }

    /// <summary>The client's name, for the server's records.</summary>
    public string Name { get; init; } = "sim.net";
}

/// <summary>What batch to make on a server.</summary>
public sealed record RemoteOptions
{
    /// <summary>Environments, at least 1.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Seed of lane 0; lane k has seed + k.</summary>
    public ulong Seed { get; init; }

    public AutoresetMode Autoreset { get; init; } = AutoresetMode.SameStep;

    /// <summary>Settings by name, as after <c>--set</c>.</summary>
    public IReadOnlyDictionary<string, string>? Settings { get; init; }

    /// <summary>Also fetch the <c>privileged</c> group.</summary>
    public bool Privileged { get; init; }

    /// <summary>Threads of the batch on the server; 0 for its choice.</summary>
    public int Threads { get; init; }

    /// <summary>Use shared memory where the server is on this machine.</summary>
    public bool SharedMemory { get; init; } = true;

    /// <summary>Name of a demonstration file in the server's folder, to record the batch; null for none.</summary>
    public string? Record { get; init; }

    /// <summary>Who chooses the actions of a recorded batch: <c>policy</c>, <c>human</c>, <c>script</c> or <c>both</c>.</summary>
    public string Source { get; init; } = "policy";
}
