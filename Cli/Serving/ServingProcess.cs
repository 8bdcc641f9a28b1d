using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sim.Agents.Runs;
using Sim.Cli.Actions;
using Sim.Cli.Commands;
using Sim.Cli.Output;
using Sim.Protocols.Server;
using Sim.Protocols.Wire;

namespace Sim.Cli.Serving;

/// <summary>Runs a server until Ctrl-C, or until standard input closes, and says what it does.</summary>
internal static class ServingProcess
{
    private sealed record Answer(IReadOnlyList<string> Listening, string? Metrics);

    /// <param name="options">As typed.</param>
    /// <param name="settings">What is served.</param>
    /// <param name="output">Where it is said.</param>
    /// <param name="enough">Ends the server when there is nothing more to do.</param>
    public static int Run(ServeOptions options, ServerSettings settings, CommandOutput output, CancellationToken enough = default)
    {
        var addresses = options.Listen.Select(text => Refusal.Of(() => WireAddress.Parse(text))).ToArray();
        settings = Configure(options, settings);
        using var server = new SimServer(settings);
        using var interruption = new Interruption(() => output.Line("draining…"));
        using var metrics = options.Metrics is { } page ? MetricsPage.Open(page) : null;
        foreach (var address in addresses)
            Refusal.Of(() => server.Listen(address));
        foreach (var address in server.Addresses)
            output.Line($"listening on {address}");
        if (metrics is not null)
            output.Line($"metrics at {metrics.Address}");
        output.Result(new Answer([.. server.Addresses.Select(address => address.ToString())], metrics?.Address));
        output.Flush();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(interruption.Token, enough);
        if (options.Lifeline)
            Lifeline.Cancel(end);
        WaitAndReport(server.Metrics, output, end.Token);
        server.Drain();
        output.Line(Summary(server.Metrics));
        return interruption.Token.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Success;
    }

    private static ServerSettings Configure(ServeOptions options, ServerSettings settings) => settings with
    {
        Token = options.Token,
        Failed = error => Console.Error.WriteLine($"sim: a session failed: {error}"),
        Certificate = options.TlsCertificate is { } file ? Certificate(file, options.TlsKey) : null,
        MaxSessions = options.MaxSessions ?? settings.MaxSessions,
        MaxEnvironments = options.MaxEnvironments ?? settings.MaxEnvironments,
        MaxTotalEnvironments = Math.Max(settings.MaxTotalEnvironments, options.MaxEnvironments ?? 0),
        MaxThreads = options.Threads ?? 0,
        IdleTimeout = options.IdleSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : settings.IdleTimeout,
    };

    private static X509Certificate2 Certificate(string file, string? key)
    {
        foreach (string? needed in (string?[])[file, key])
        {
            if (needed is not null && !File.Exists(needed))
                throw new BadInputException($"there is no file {needed}");
        }
        try
        {
            return X509Certificate2.GetCertContentType(file) == X509ContentType.Pfx
                ? X509CertificateLoader.LoadPkcs12FromFile(file, null)
                : X509Certificate2.CreateFromPemFile(file, key);
        }
        catch (CryptographicException error)
        {
            throw new BadInputException($"{file} holds no certificate with its private key{(key is null ? " (name the key by --tls-key)" : $" in {key}")}: {error.Message}");
        }
    }

    /// <summary>A line a minute, as long as anybody asks for anything.</summary>
    private static void WaitAndReport(ServerMetrics metrics, CommandOutput output, CancellationToken end)
    {
        var period = TimeSpan.FromMinutes(1);
        long requests = 0, steps = 0, received = 0, sent = 0;
        while (!end.WaitHandle.WaitOne(period))
        {
            if (metrics.Requests == requests) continue;
            double seconds = period.TotalSeconds;
            output.Line($"{metrics.OpenSessions} sessions, {SiPrefix.Format((metrics.Steps - steps) / seconds)} steps/s, {SiPrefix.Format((metrics.Requests - requests) / seconds)} requests/s, {SiPrefix.Format((metrics.BytesReceived - received) / seconds)}B/s in, {SiPrefix.Format((metrics.BytesSent - sent) / seconds)}B/s out, {metrics.Errors} errors so far");
            output.Flush();
            (requests, steps, received, sent) = (metrics.Requests, metrics.Steps, metrics.BytesReceived, metrics.BytesSent);
        }
    }

    private static string Summary(ServerMetrics metrics)
        => $"served {metrics.Sessions} sessions, {metrics.Requests} requests, {metrics.Steps} environment steps, {metrics.BytesReceived} bytes in, {metrics.BytesSent} bytes out, {metrics.Errors} errors";
}
