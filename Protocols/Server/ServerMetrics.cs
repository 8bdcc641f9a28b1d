using System.Diagnostics.Metrics;

namespace Sim.Protocols.Server;

/// <summary>
/// What a server has done, as instruments of the meter <c>Sim.Server</c>, for OpenTelemetry or any other listener.
/// Counting costs one addition a request.
/// </summary>
public sealed class ServerMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Sim.Server";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _errors;
    private long _sessions, _openSessions, _environments, _steps, _requests, _received, _sent, _errorCount;

    public ServerMetrics()
    {
        _meter.CreateObservableUpDownCounter("sim.server.sessions", () => OpenSessions, "{session}", "Sessions that are open.");
        _meter.CreateObservableCounter("sim.server.sessions.opened", () => Sessions, "{session}", "Sessions since the start.");
        _meter.CreateObservableUpDownCounter("sim.server.environments", () => Environments, "{environment}", "Environments that sessions hold.");
        _meter.CreateObservableCounter("sim.server.environment.steps", () => Steps, "{step}", "Environment steps.");
        _meter.CreateObservableCounter("sim.server.requests", () => Requests, "{request}", "Requests answered.");
        _meter.CreateObservableCounter("sim.server.received", () => BytesReceived, "By", "Bytes received.");
        _meter.CreateObservableCounter("sim.server.sent", () => BytesSent, "By", "Bytes sent.");
        _errors = _meter.CreateCounter<long>("sim.server.errors", "{error}", "Requests refused, by code.");
    }

    /// <summary>Sessions since the start.</summary>
    public long Sessions => Interlocked.Read(ref _sessions);

    /// <summary>Sessions that are open.</summary>
    public long OpenSessions => Interlocked.Read(ref _openSessions);

    /// <summary>Environments that sessions hold.</summary>
    public long Environments => Interlocked.Read(ref _environments);

    /// <summary>Environment steps.</summary>
    public long Steps => Interlocked.Read(ref _steps);

    /// <summary>Requests answered.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    public long BytesReceived => Interlocked.Read(ref _received);

    public long BytesSent => Interlocked.Read(ref _sent);

    /// <summary>Requests refused.</summary>
    public long Errors => Interlocked.Read(ref _errorCount);

    public void Dispose() => _meter.Dispose();

    internal void OpenSession()
    {
        Interlocked.Increment(ref _sessions);
        Interlocked.Increment(ref _openSessions);
    }

    internal void CloseSession() => Interlocked.Decrement(ref _openSessions);

    /// <summary>Takes environments if the limit allows; a negative number gives them back.</summary>
    internal bool TryTake(int environments, long limit)
    {
        if (Interlocked.Add(ref _environments, environments) <= limit || environments < 0) return true;
        Interlocked.Add(ref _environments, -environments);
        return false;
    }

    internal void CountSteps(int environments) => Interlocked.Add(ref _steps, environments);

    internal void CountRequest(long received, long sent)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _received, received);
        Interlocked.Add(ref _sent, sent);
    }

    internal void CountError(string code)
    {
        Interlocked.Increment(ref _errorCount);
        _errors.Add(1, new KeyValuePair<string, object?>("code", code));
    }
}
