using MessagePack;
using Sim.Environments;
using Sim.Environments.Configuration;
using Sim.Protocols.Messages;
using Sim.Protocols.Wire;

namespace Sim.Protocols.Server;

/// <summary>
/// The conversation with one client, on a thread of its own: it reads a request, answers it, and reads the next. What
/// it makes belongs to it alone and goes with it.
/// </summary>
internal sealed class Session : IDisposable
{
    private const int ProtocolVersion = 1;

    /// <summary>Enough for any request that is not about a batch.</summary>
    private const int SmallFrameBytes = 64 << 10;

    private const int MaxSlots = 8;

    private readonly ServerSettings _settings;
    private readonly ServerMetrics _metrics;
    private readonly FrameReader _reader;
    private readonly FrameWriter _writer;
    private readonly bool _isLocal;
    private readonly Dictionary<uint, ServedBatch> _batches = [];
    private readonly PolicyService.Ticket _ticket = new();
    private readonly Action<uint> _handle;
    private byte[] _actions = [];
    private bool _welcome;
    private uint _nextBatch = 1;
    private long _received, _sent;

    public Session(IByteChannel channel, bool isLocal, ServerSettings settings, ServerMetrics metrics)
    {
        (_settings, _metrics, _isLocal) = (settings, metrics, isLocal);
        _reader = new FrameReader(channel, Math.Min(SmallFrameBytes, settings.MaxFrameBytes));
        _writer = new FrameWriter(channel);
        _handle = Handle;
    }

    /// <summary>The client's name, once it has said hello.</summary>
    public string Client { get; private set; } = "";

    /// <summary>Waits for the hello and answers it; false when the client may not go on.</summary>
    public bool Greet()
    {
        try
        {
            if (!_reader.ReadFrame()) return false;
            Answer(_reader.Request, Welcome);
            return _welcome;
        }
        catch (WireException error)
        {
            Refuse(_reader.Request, error);
            return false;
        }
    }

    /// <summary>Answers requests to the end of the conversation.</summary>
    public void Serve()
    {
        while (true)
        {
            try
            {
                if (!_reader.ReadFrame()) return;
            }
            catch (WireException error)
            {
                // What follows a bad frame cannot be told apart from it.
                Refuse(0, error);
                return;
            }
            Answer(_reader.Request, _handle);
        }
    }

    /// <summary>Tells the client why the conversation ends.</summary>
    public void Refuse(uint request, WireException error)
    {
        _metrics.CountError(error.Code);
        _writer.Begin(MessageType.Error, request, new ErrorMessage { Code = error.Code, Sentence = error.Message, EndsConnection = error.EndsConnection });
        _writer.Send();
    }

    public void Dispose()
    {
        foreach (var batch in _batches.Values) Release(batch);
        _batches.Clear();
    }

    private void Answer(uint request, Action<uint> handle)
    {
        try
        {
            handle(request);
        }
        catch (WireException error) when (!error.EndsConnection)
        {
            Refuse(request, error);
        }
        catch (Exception error) when (error is MessagePackSerializationException or EndOfStreamException)
        {
            Refuse(request, new WireException(ErrorCode.BadMessage, $"the body is none of message {(int)_reader.Type}: {Innermost(error).Message}"));
        }
        catch (ArgumentException error)
        {
            Refuse(request, new WireException(ErrorCode.InvalidSetting, error.Message));
        }
        catch (Exception error) when (error is OutOfMemoryException or OverflowException)
        {
            Refuse(request, new WireException(ErrorCode.LimitExceeded, "the server has not the memory for that"));
        }
        catch (Exception error) when (error is not (IOException or WireException))
        {
            Refuse(request, new WireException(ErrorCode.Internal, $"{error.GetType().Name}: {error.Message}"));
            _settings.Failed?.Invoke(error);
        }
        _metrics.CountRequest(_reader.BytesReceived - _received, _writer.BytesSent - _sent);
        (_received, _sent) = (_reader.BytesReceived, _writer.BytesSent);
    }

    private void Welcome(uint request)
    {
        if (_reader.Type != MessageType.Hello)
            throw new WireException(ErrorCode.Unauthorised, $"the first message is {(int)MessageType.Hello} (hello), not {(int)_reader.Type}");
        var hello = Body<HelloMessage>();
        if (!Token.Matches(_settings.Token, hello.Token))
            throw new WireException(ErrorCode.Unauthorised, hello.Token is null ? "this server asks for a token" : "the token is wrong");
        if (hello.Oldest > ProtocolVersion || hello.Newest < ProtocolVersion)
            throw new WireException(ErrorCode.UnsupportedVersion, $"the client speaks protocol versions {hello.Oldest} to {hello.Newest}; this server speaks {ProtocolVersion}");
        Client = hello.Client ?? "";
        _writer.Begin(MessageType.Welcome, request, new WelcomeMessage
        {
            Version = ProtocolVersion,
            Server = "sim",
            SdkVersion = SdkVersion.Text,
            Capabilities = [.. Capabilities()],
            MaxFrameBytes = _settings.MaxFrameBytes,
            MaxEnvironments = _settings.MaxEnvironments,
            MaxBatches = _settings.MaxBatches,
        });
        _writer.Send();
        _welcome = true;
    }

    private IEnumerable<string> Capabilities()
    {
        if (_settings.Environments.Count > 0) yield return "environments";
        if (_settings.Policy is not null) yield return "policy";
        if (_isLocal && SharedMemory.IsSupported) yield return "shared-memory";
        if (_settings.Recordings is not null) yield return "record";
    }

    private void Handle(uint request)
    {
        switch (_reader.Type)
        {
            case MessageType.Step: Step(request); break;
            case MessageType.Reset: Reset(request); break;
            case MessageType.Act: Act(request); break;
            case MessageType.List: List(request); break;
            case MessageType.Describe: Describe(request); break;
            case MessageType.Make: Make(request); break;
            case MessageType.Restore: Restore(request); break;
            case MessageType.Snapshot: Find(Body<BatchMessage>().Batch).Snapshot(request, _reader.Block, _writer); break;
            case MessageType.ComputeRewards: ComputeRewards(request); break;
            case MessageType.Close: Close(request); break;
            case MessageType.Ping: Ping(request); break;
            case MessageType.Render: throw new WireException(ErrorCode.NotSupported, "this server draws no pictures");
            case MessageType.Annotate: Annotate(request); break;
            default: throw new WireException(ErrorCode.UnknownType, $"there is no request of type {(int)_reader.Type}");
        }
    }

    /// <summary>The hot path: read by hand, nothing allocated.</summary>
    private void Step(uint request)
    {
        var reader = new MessagePackReader(_reader.Body);
        int fields = reader.ReadArrayHeader();
        if (fields < 1) throw new WireException(ErrorCode.BadMessage, "a step names its batch");
        uint number = reader.ReadUInt32();
        int slot = fields > 1 ? reader.ReadInt32() : -1;
        var batch = Find(number);
        batch.Step(slot, _reader.Block);
        batch.SendResult(request, slot, _writer);
        _metrics.CountSteps(batch.Count);
    }

    private void Reset(uint request)
    {
        var message = Body<ResetMessage>();
        var batch = Find(message.Batch);
        batch.Reset(message, _reader.Block);
        batch.SendResult(request, message.Slot, _writer);
    }

    private void Restore(uint request)
    {
        var message = Body<RestoreMessage>();
        var batch = Find(message.Batch);
        batch.Restore(message, _reader.Block);
        batch.SendResult(request, message.Slot, _writer);
    }

    private void ComputeRewards(uint request)
    {
        var message = Body<RewardsMessage>();
        Find(message.Batch).ComputeRewards(message, request, _reader.Block, _writer);
    }

    private void List(uint request)
    {
        _writer.Begin(MessageType.Environments, request, new EnvironmentsMessage
        {
            Environments = [.. _settings.Environments.Select(definition => (Definition: definition, Spec: definition.Describe(definition.DefaultSettings)))
                .Select(row => new EnvironmentRow { Id = row.Spec.Id, Aliases = [.. row.Definition.Aliases], Summary = row.Spec.Summary, Kind = row.Spec.Kind })],
        });
        _writer.Send();
    }

    private void Describe(uint request)
    {
        var message = Body<DescribeMessage>();
        EnvironmentSpec spec;
        if (string.IsNullOrEmpty(message.Id))
        {
            spec = _settings.Policy?.Spec ?? throw new WireException(ErrorCode.NotSupported, "this server serves no policy");
        }
        else
        {
            var definition = Find(message.Id);
            spec = definition.Describe(SettingsOf(definition, message.Settings));
        }
        _writer.Begin(MessageType.Description, request, new DescriptionMessage { Spec = SpecMessage.Of(spec) });
        _writer.Send();
    }

    private void Make(uint request)
    {
        var message = Body<MakeMessage>();
        var definition = Find(message.Id ?? "");
        if (message.Count < 1 || message.Count > _settings.MaxEnvironments)
            throw new WireException(ErrorCode.LimitExceeded, $"{message.Count} environments cannot be made: 1 to {_settings.MaxEnvironments}");
        if (_batches.Count >= _settings.MaxBatches || _batches.Values.Sum(batch => (long)batch.Count) + message.Count > _settings.MaxEnvironments)
            throw new WireException(ErrorCode.LimitExceeded, $"a session holds {_settings.MaxBatches} batches and {_settings.MaxEnvironments} environments at most; close some");
        if (message.Slots < 0 || message.Slots > MaxSlots)
            throw new WireException(ErrorCode.InvalidArgument, $"{message.Slots} slots of shared memory cannot be had: 0 to {MaxSlots}");
        if (message.Threads < 0) throw new WireException(ErrorCode.InvalidArgument, $"{message.Threads} threads cannot be used: 0 for the server's choice, or more");
        var options = OptionsOf(message);
        object settings = SettingsOf(definition, message.Settings);
        if (!_metrics.TryTake(message.Count, _settings.MaxTotalEnvironments))
            throw new WireException(ErrorCode.LimitExceeded, $"the server holds {_settings.MaxTotalEnvironments} environments at most, and others have too many of them");
        BatchEnvironment? environments = null;
        BatchRecording? recording = null;
        ServedBatch batch;
        try
        {
            environments = definition.Create(options, settings);
            recording = BatchRecording.Open(_settings.Recordings, message, environments, Client);
            batch = new ServedBatch(_nextBatch, environments, message, _isLocal, recording, _settings.RealTime);
        }
        catch
        {
            recording?.Dispose();
            environments?.Dispose();
            _metrics.TryTake(-message.Count, 0);
            throw;
        }
        _nextBatch++;
        _batches.Add(batch.Number, batch);
        _reader.MaxFrameBytes = (int)Math.Min(_settings.MaxFrameBytes, SmallFrameBytes + _batches.Values.Max(made => made.LargestBlock));
        _writer.Begin(MessageType.Made, request, batch.Describe());
        _writer.Send();
    }

    private EnvironmentOptions OptionsOf(MakeMessage message)
    {
        int cores = _settings.MaxThreads > 0 ? _settings.MaxThreads : Environment.ProcessorCount;
        return new EnvironmentOptions
        {
            Count = message.Count,
            Seed = message.Seed,
            Privileged = message.Privileged,
            Threads = message.Threads == 0 && cores >= Environment.ProcessorCount ? 0 : Math.Min(message.Threads == 0 ? cores : message.Threads, cores),
            Autoreset = message.Autoreset switch
            {
                null or "same_step" => AutoresetMode.SameStep,
                "next_step" => AutoresetMode.NextStep,
                "disabled" => AutoresetMode.Disabled,
                _ => throw new WireException(ErrorCode.InvalidArgument, $"autoreset '{message.Autoreset}' is not known: same_step, next_step or disabled"),
            },
        };
    }

    private void Close(uint request)
    {
        var batch = Find(Body<BatchMessage>().Batch);
        _batches.Remove(batch.Number);
        Release(batch);
        _writer.Begin(MessageType.Closed, request, new BatchMessage { Batch = batch.Number });
        _writer.Send();
    }

    private void Annotate(uint request)
    {
        var message = Body<AnnotateMessage>();
        Find(message.Batch).Annotate(message);
        _writer.Begin(MessageType.Annotated, request, new BatchMessage { Batch = message.Batch });
        _writer.Send();
    }

    private void Ping(uint request)
    {
        _writer.Begin(MessageType.Pong, request, new PongMessage { Value = Body<PingMessage>().Value, ServerMicroseconds = UnixClock.Now });
        _writer.Send();
    }

    private void Act(uint request)
    {
        var policy = _settings.Policy ?? throw new WireException(ErrorCode.NotSupported, "this server serves no policy");
        var reader = new MessagePackReader(_reader.Body);
        int rows = reader.ReadArrayHeader() > 0 ? reader.ReadInt32() : 0;
        if (rows < 1 || rows > _settings.MaxEnvironments)
            throw new WireException(ErrorCode.InvalidArgument, $"{rows} rows of observations are not taken: 1 to {_settings.MaxEnvironments}");
        if (_reader.Block.Length != rows * (long)policy.ObservationBytes)
            throw new WireException(ErrorCode.InvalidBlock, $"{rows} rows of observations take {rows * (long)policy.ObservationBytes} bytes, not {_reader.Block.Length}");
        int bytes = rows * policy.ActionBytes;
        if (_actions.Length < bytes) _actions = new byte[bytes];
        (_ticket.Rows, _ticket.Observations, _ticket.Actions) = (rows, _reader.BlockMemory, _actions.AsMemory(0, bytes));
        try
        {
            policy.Act(_ticket);
        }
        catch (InvalidOperationException error)
        {
            throw new WireException(ErrorCode.Internal, $"the policy failed: {error.Message}");
        }
        var header = _writer.Begin(MessageType.Actions, request);
        header.WriteArrayHeader(1);
        header.Write(rows);
        _writer.EndHeader(ref header);
        _actions.AsSpan(0, bytes).CopyTo(_writer.Append(bytes));
        _writer.Send();
    }

    private void Release(ServedBatch batch)
    {
        batch.Dispose();
        _metrics.TryTake(-batch.Count, 0);
    }

    private ServedBatch Find(uint number)
        => _batches.TryGetValue(number, out var batch)
            ? batch
            : throw new WireException(ErrorCode.UnknownBatch, $"there is no batch {number}; open are [{string.Join(", ", _batches.Keys)}]");

    private EnvironmentDefinition Find(string id)
    {
        try
        {
            return Registry.Find(id, _settings.Environments);
        }
        catch (ArgumentException error)
        {
            throw new WireException(ErrorCode.UnknownEnvironment, error.Message);
        }
    }

    private static object SettingsOf(EnvironmentDefinition definition, Dictionary<string, string>? settings)
        => settings is null or { Count: 0 }
            ? definition.DefaultSettings
            : SettingsOverride.Apply(definition.DefaultSettings, settings.Select(setting => $"{setting.Key}={setting.Value}"));

    private T Body<T>() => MessagePackSerializer.Deserialize<T>(_reader.Body, Schema.Options)
        ?? throw new WireException(ErrorCode.BadMessage, $"message {(int)_reader.Type} has no body");

    private static Exception Innermost(Exception error)
    {
        while (error.InnerException is { } inner) error = inner;
        return error;
    }
}
