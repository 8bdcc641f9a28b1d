namespace Sim.Agents.Metrics;

/// <summary>
/// Writes a TensorBoard event file: TFRecord frames (<see cref="TfRecord"/>) that hold <c>tensorflow.Event</c>
/// messages, encoded by hand, as only five of their fields are needed.
/// </summary>
public sealed class TensorBoardWriter : IMetricsSink
{
    // tensorflow/core/util/event.proto: Event
    private const int EventWallTime = 1, EventStep = 2, EventFileVersion = 3, EventSummary = 5, EventSessionLog = 7;

    // event.proto: SessionLog; status START makes TensorBoard drop later events of earlier files.
    private const int SessionLogStatus = 1, SessionStart = 1;

    // tensorflow/core/framework/summary.proto: Summary, Summary.Value, SummaryMetadata, PluginData
    private const int SummaryValue = 1, ValueTag = 1, ValueSimple = 2, ValueTensor = 8, ValueMetadata = 9;
    private const int MetadataPlugin = 1, PluginName = 1;

    // tensorflow/core/framework/tensor.proto: TensorProto, with DT_STRING of types.proto
    private const int TensorType = 1, TensorShape = 2, TensorString = 8, TypeString = 7;

    private readonly FileStream _file;
    private readonly TimeProvider _clock;
    private readonly ProtobufMessage _event = new(), _summary = new(), _value = new();

    /// <summary>Opens a new event file in <paramref name="folder"/>, beside those of earlier sittings.</summary>
    /// <param name="folder">The run's folder; made if missing.</param>
    /// <param name="resumedAt">Where a resumed run continues: TensorBoard hides earlier events from there on.</param>
    /// <param name="clock">Source of the wall time; the system's by default.</param>
    public TensorBoardWriter(string folder, long? resumedAt = null, TimeProvider? clock = null)
    {
        _clock = clock ?? TimeProvider.System;
        Directory.CreateDirectory(folder);
        _file = Create(folder, _clock.GetUtcNow().ToUnixTimeSeconds());

        _event.Clear();
        _event.Double(EventWallTime, WallTime());
        _event.Text(EventFileVersion, "brain.Event:2");
        TfRecord.Write(_file, _event.Bytes);

        if (resumedAt is { } step)
        {
            _value.Clear();
            _value.Integer(SessionLogStatus, SessionStart);
            WriteEvent(step, EventSessionLog, _value);
        }
        _file.Flush();
    }

    public void Write(long step, ReadOnlySpan<Metric> values)
    {
        _summary.Clear();
        foreach (var metric in values)
        {
            _value.Clear();
            _value.Text(ValueTag, metric.Name);
            _value.Single(ValueSimple, (float)metric.Value);
            _summary.Message(SummaryValue, _value);
        }
        WriteEvent(step, EventSummary, _summary);
        _file.Flush();
    }

    /// <summary>Records a text (Markdown), such as the run's configuration.</summary>
    public void WriteText(long step, string tag, string markdown)
    {
        ProtobufMessage plugin = new(), metadata = new(), tensor = new(), shape = new();
        plugin.Text(PluginName, "text");
        metadata.Message(MetadataPlugin, plugin);
        tensor.Integer(TensorType, TypeString);
        tensor.Message(TensorShape, shape);
        tensor.Text(TensorString, markdown);

        _value.Clear();
        _value.Text(ValueTag, tag);
        _value.Message(ValueTensor, tensor);
        _value.Message(ValueMetadata, metadata);
        _summary.Clear();
        _summary.Message(SummaryValue, _value);
        WriteEvent(step, EventSummary, _summary);
        _file.Flush();
    }

    public void Dispose() => _file.Dispose();

    private void WriteEvent(long step, int field, ProtobufMessage content)
    {
        _event.Clear();
        _event.Double(EventWallTime, WallTime());
        _event.Integer(EventStep, step);
        _event.Message(field, content);
        TfRecord.Write(_file, _event.Bytes);
    }

    private double WallTime() => _clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;

    /// <summary>TensorBoard reads files in the order of their names: by start time, then by number.</summary>
    private static FileStream Create(string folder, long seconds)
    {
        for (int number = 0; ; number++)
        {
            string path = Path.Combine(folder, $"events.out.tfevents.{seconds:D10}.{number:D3}");
            if (!File.Exists(path))
                return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        }
    }
}
