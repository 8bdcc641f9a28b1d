using System.CommandLine;
using Sim.Cli.Parsing;

namespace Sim.Cli.Commands;

/// <summary>How a server is reached and limited, whatever it serves.</summary>
public sealed record ServeOptions
{
    /// <summary>Addresses as typed, at least one.</summary>
    public required IReadOnlyList<string> Listen { get; init; }
    public string? Token { get; init; }
    public string? TlsCertificate { get; init; }
    public string? TlsKey { get; init; }

    /// <summary>Address of the metrics page, as typed.</summary>
    public string? Metrics { get; init; }
    public int? MaxSessions { get; init; }
    public int? MaxEnvironments { get; init; }
    public int? Threads { get; init; }
    public int? IdleSeconds { get; init; }

    /// <summary>End when standard input closes.</summary>
    public bool Lifeline { get; init; }
}

/// <summary>What <c>sim serve</c> was asked for.</summary>
/// <param name="Options">How it is reached.</param>
/// <param name="Recordings">Folder of the demonstrations that clients record, or null.</param>
public sealed record ServeRequest(ServeOptions Options, string? Recordings);

/// <summary>What <c>sim serve-policy</c> was asked for.</summary>
public sealed record ServePolicyRequest(string Run, ServeOptions Options);

internal static class ServeCommand
{
    private const string DefaultAddress = "tcp://127.0.0.1:5555";

    public static Command Create(CommandFrame frame, CommandAction<ServeRequest> action)
    {
        var options = new ServeOptionSet();
        var command = new CommandWithExamples("serve", "Serve environments to programs in other processes or languages, until Ctrl-C.",
            "sim serve",
            "sim serve --listen unix:///tmp/sim.socket --metrics 127.0.0.1:9464",
            "SIM_TOKEN=secret sim serve --listen tcp://0.0.0.0:5555 --tls-cert server.pem --tls-key server.key");
        var recordings = Options.Folder("--recordings", "Let clients record their batches as demonstration files in this folder.");
        options.AddTo(command);
        command.Options.Add(recordings);
        return frame.Bind(command, action, parsed => new ServeRequest(options.Read(parsed), parsed.GetValue(recordings)));
    }

    public static Command CreateForPolicies(CommandFrame frame, CommandAction<ServePolicyRequest> action)
    {
        var run = new Argument<string>("run") { Description = "Folder of a training run." };
        var options = new ServeOptionSet();
        var command = new CommandWithExamples("serve-policy", "Answer observations with a trained policy's actions, for robots and other simulators, until Ctrl-C.",
            "sim serve-policy runs/quadrotor-hover-1",
            "sim serve-policy runs/cartpole-1 --listen unix:///tmp/policy.socket")
        {
            run,
        };
        options.AddTo(command);
        return frame.Bind(command, action, parsed => new ServePolicyRequest(parsed.GetRequiredValue(run), options.Read(parsed)));
    }

    /// <summary>The options that both commands have.</summary>
    private sealed class ServeOptionSet
    {
        private readonly Option<string[]> _listen = new("--listen")
        {
            Description = $"Where to listen, tcp://HOST:PORT or unix:///PATH; several may follow. {DefaultAddress} by default.",
            HelpName = "ADDRESS",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [DefaultAddress],
        };

        private readonly Option<string?> _token = new("--token") { Description = "What clients must present; the environment variable SIM_TOKEN keeps it out of process lists.", HelpName = "TOKEN" };
        private readonly Option<string?> _certificate = new("--tls-cert") { Description = "Speak TLS with this certificate (PEM, or PKCS#12 with its key).", HelpName = "FILE" };
        private readonly Option<string?> _key = new("--tls-key") { Description = "Private key of the certificate (PEM).", HelpName = "FILE" };
        private readonly Option<string?> _metrics = new("--metrics") { Description = "Serve counters for Prometheus at http://HOST:PORT/metrics.", HelpName = "HOST:PORT" };
        private readonly Option<long?> _sessions = Options.Count("--max-sessions", "Clients at a time; 64 by default.", 1, 10_000);
        private readonly Option<long?> _environments = Options.Count("--max-envs", "Environments a client may hold; 131072 by default.", 1, 1 << 22);
        private readonly Option<long?> _threads = Options.Count("--threads", "Threads a batch may use; all cores by default.", 1, 1024);
        private readonly Option<long?> _idle = Options.Count("--idle", "Seconds of silence after which a client is dropped; 1800 by default.", 1, 1_000_000);
        private readonly Option<bool> _lifeline = new("--lifeline") { Description = "End when standard input closes: for programs that start a server of their own." };

        public void AddTo(Command command)
        {
            foreach (Option option in (Option[])[_listen, _token, _certificate, _key, _metrics, _sessions, _environments, _threads, _idle, _lifeline])
                command.Options.Add(option);
        }

        public ServeOptions Read(ParseResult parsed) => new()
        {
            Listen = parsed.GetValue(_listen) ?? [DefaultAddress],
            Token = parsed.GetValue(_token) ?? Environment.GetEnvironmentVariable("SIM_TOKEN"),
            TlsCertificate = parsed.GetValue(_certificate),
            TlsKey = parsed.GetValue(_key),
            Metrics = parsed.GetValue(_metrics),
            MaxSessions = (int?)parsed.GetValue(_sessions),
            MaxEnvironments = (int?)parsed.GetValue(_environments),
            Threads = (int?)parsed.GetValue(_threads),
            IdleSeconds = (int?)parsed.GetValue(_idle),
            Lifeline = parsed.GetValue(_lifeline),
        };
    }
}
