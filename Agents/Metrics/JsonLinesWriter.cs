using System.Diagnostics;
using System.Text.Json;

namespace Sim.Agents.Metrics;

/// <summary>
/// Appends one JSON object a record: <c>{"step":8192,"seconds":1.5,"charts/episodic_return":21.3}</c>, with the
/// seconds of training so far. A value that is not finite is written as <c>null</c>, since JSON has no such number.
/// </summary>
public sealed class JsonLinesWriter : IMetricsSink
{
    private static readonly byte[] s_newLine = "\n"u8.ToArray();

    private readonly FileStream _file;
    private readonly Utf8JsonWriter _json;
    private readonly double _secondsBefore;
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <param name="path">The file, made if missing and continued if present.</param>
    /// <param name="secondsBefore">Seconds of training before this process, of a resumed run.</param>
    public JsonLinesWriter(string path, double secondsBefore = 0)
    {
        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        _json = new Utf8JsonWriter(_file);
        _secondsBefore = secondsBefore;
    }

    public void Write(long step, ReadOnlySpan<Metric> values)
    {
        _json.WriteStartObject();
        _json.WriteNumber("step", step);
        _json.WriteNumber("seconds", Math.Round(_secondsBefore + Stopwatch.GetElapsedTime(_started).TotalSeconds, 3));
        foreach (var metric in values)
        {
            if (double.IsFinite(metric.Value))
                _json.WriteNumber(metric.Name, metric.Value);
            else
                _json.WriteNull(metric.Name);
        }
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _file.Write(s_newLine);
        _file.Flush();
    }

    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }
}
