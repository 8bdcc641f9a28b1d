using System.Globalization;
using System.Net;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Sim.Protocols.Server;

namespace Sim.Cli.Serving;

/// <summary>The server's counters as a page that Prometheus reads.</summary>
internal sealed class MetricsPage : IDisposable
{
    private readonly MeterProvider _provider;

    private MetricsPage(MeterProvider provider, string address) => (_provider, Address) = (provider, address);

    public string Address { get; }

    /// <param name="text">HOST:PORT.</param>
    /// <exception cref="BadInputException">It is no such address.</exception>
    /// <exception cref="IOException">It is taken.</exception>
    public static MetricsPage Open(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon < 1 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > IPEndPoint.MaxPort)
            throw new BadInputException($"--metrics {text} is not valid: expected HOST:PORT, such as 127.0.0.1:9464.");
        string host = text[..colon];
        try
        {
            var provider = Sdk.CreateMeterProviderBuilder()
                .AddMeter(ServerMetrics.MeterName)
                .AddPrometheusHttpListener(options =>
                {
                    options.Host = host;
                    options.Port = port;
                })
                .Build();
            return new MetricsPage(provider, $"http://{text}/metrics");
        }
        catch (HttpListenerException error)
        {
            throw new IOException($"http://{text}/metrics cannot be served: {error.Message}", error);
        }
    }

    public void Dispose() => _provider.Dispose();
}
