using System.Runtime.InteropServices;
using Sim.Environments;
using Sim.Environments.Spaces;
using Sim.Protocols.Messages;
using Sim.Protocols.Wire;

namespace Sim.Protocols.Client;

/// <summary>
/// A batch that a server steps, behind the contract of every other batch: agents train on it unchanged. Shared memory
/// takes the place of the socket for the numbers where server and client are on one machine. A step allocates nothing.
/// </summary>
/// <remarks>
/// One thing differs: actions that are not finite and choices out of range are refused by the server, with nothing
/// stepped, where a batch in this process faults the lane.
/// </remarks>
public sealed partial class RemoteEnvironment : BatchEnvironment
{
    private const int Slots = 2;

    private readonly SimClient _client;
    private readonly RemoteOptions _options;
    private readonly MadeMessage _made;
    private readonly SharedMemory? _shared;
    private readonly RemoteResults _results;
    private readonly float[] _actions = [];
    private readonly int[] _choices = [];
    private int _sent, _received;
    private bool _disposed;

    internal RemoteEnvironment(SimClient client, string id, RemoteOptions options)
    {
        (_client, _options) = (client, options);
        _made = client.Call<MadeMessage>(MessageType.Make, new MakeMessage
        {
            Id = id,
            Count = options.Count,
            Settings = options.Settings?.ToDictionary(),
            Seed = options.Seed,
            Autoreset = options.Autoreset switch { AutoresetMode.SameStep => "same_step", AutoresetMode.NextStep => "next_step", _ => "disabled" },
            Privileged = options.Privileged,
            RewardTerms = true,
            Threads = options.Threads,
            Slots = options.SharedMemory ? Slots : 0,
            Record = options.Record,
            Source = options.Record is null ? null : options.Source,
            Info = true,
        }, MessageType.Made);
        Spec = RemoteSpec.Of(_made.Spec);
        _results = new RemoteResults(Spec, options.Count, ResultLayout.Of(_made));
        int numbers = checked(options.Count * Spec.Action.Size);
        if (Spec.Action is Box) _actions = new float[numbers];
        else _choices = new int[numbers];
        _shared = Map(_made.Shared);
    }

    public override EnvironmentSpec Spec { get; }
    public override int Count => _options.Count;
    public override int Lanes => 1;
    public override int Threads => 1;
    public override AutoresetMode Autoreset => _options.Autoreset;
    public override IReadOnlyList<ObservationGroup> Groups => _results.Groups;
    public override ObservationGroup? Info => _results.Info;
    public override Span<float> Actions => _actions;
    public override Span<int> DiscreteActions => _choices;
    public override Span<float> Rewards => _results.Rewards;
    public override Span<bool> Terminated => _results.Terminated;
    public override Span<bool> Truncated => _results.Truncated;
    public override Span<bool> Faulted => _results.Faulted;
    public override Span<bool> IsSuccess => _results.IsSuccess;
    public override Span<float> EpisodeReturns => _results.EpisodeReturns;
    public override Span<int> EpisodeLengths => _results.EpisodeLengths;
    public override ReadOnlySpan<float> RewardTerms(int term) => _results.RewardTerms[term];
    public override ReadOnlySpan<float> EpisodeTerms(int term) => _results.EpisodeTerms[term];

    /// <summary>Whether numbers travel by shared memory.</summary>
    public bool IsShared => _shared is not null;

    /// <exception cref="WireException">The server refuses an action; nothing was stepped.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public override void Step()
    {
        BeginStep();
        EndStep();
    }

    /// <summary>
    /// Sends the actions of a step without waiting for its result, so that another batch, or the next actions, can be
    /// worked on meanwhile. Up to two steps may be under way.
    /// </summary>
    /// <exception cref="InvalidOperationException">Two are under way.</exception>
    public void BeginStep()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_sent - _received == Slots) throw new InvalidOperationException($"{Spec.Id}: {Slots} steps are under way; end one first");
        int slot = _shared is null ? -1 : _sent % Slots;
        var actions = _choices.Length > 0 ? MemoryMarshal.AsBytes(_choices.AsSpan()) : MemoryMarshal.AsBytes(_actions.AsSpan());
        var writer = _client.Writer;
        var header = writer.Begin(MessageType.Step, _client.Next());
        header.WriteArrayHeader(2);
        header.Write(_made.Batch);
        header.Write(slot);
        writer.EndHeader(ref header);
        if (_shared is null) actions.CopyTo(writer.Append(actions.Length));
        else actions.CopyTo(_shared.Slice((long)slot * _made.Shared!.SlotBytes, actions.Length));
        writer.Send();
        _sent++;
    }

    /// <summary>Waits for the result of the oldest step under way and shows it.</summary>
    /// <exception cref="InvalidOperationException">None is.</exception>
    public void EndStep()
    {
        if (_sent == _received) throw new InvalidOperationException($"{Spec.Id}: no step is under way");
        _received++;
        TakeResult();
    }

    public override void Reset(ulong? seed = null, IReadOnlyDictionary<string, string>? options = null, ReadOnlySpan<bool> mask = default)
    {
        RequireRest();
        if (!mask.IsEmpty && mask.Length != Count)
            throw new ArgumentException($"the reset mask has {mask.Length} entries for {Count} environments", nameof(mask));
        var message = new ResetMessage { Batch = _made.Batch, Seed = seed, Options = options?.ToDictionary(), HasMask = !mask.IsEmpty, Slot = RestSlot };
        _client.Writer.Begin(MessageType.Reset, _client.Next(), message);
        MemoryMarshal.AsBytes(mask).CopyTo(_client.Writer.Append(mask.Length));
        SendReset();
    }

    public override void BeginEpisode(int lane, EpisodeStart start, IReadOnlyDictionary<string, string>? options = null)
    {
        RequireRest();
        RequireLane(lane);
        var message = new ResetMessage { Batch = _made.Batch, Options = options?.ToDictionary(), HasMask = true, HasSeeds = true, HasNumbers = true, Slot = RestSlot };
        var writer = _client.Writer;
        writer.Begin(MessageType.Reset, _client.Next(), message);
        var mask = writer.Append((Count + 7) & ~7);
        mask.Clear();
        mask[lane] = 1;
        var seeds = writer.Append(Count * sizeof(ulong));
        seeds.Clear();
        MemoryMarshal.Cast<byte, ulong>(seeds)[lane] = start.Seed;
        var numbers = writer.Append(Count * sizeof(uint));
        numbers.Clear();
        MemoryMarshal.Cast<byte, uint>(numbers)[lane] = start.Number;
        SendReset();
    }

    public override void ComputeRewards(ReadOnlySpan<float> achieved, ReadOnlySpan<float> desired, Span<float> rewards)
    {
        RequireRest();
        var writer = _client.Writer;
        writer.Begin(MessageType.ComputeRewards, _client.Next(), new RewardsMessage { Batch = _made.Batch, Rows = rewards.Length });
        MemoryMarshal.AsBytes(achieved).CopyTo(writer.Append(achieved.Length * sizeof(float)));
        MemoryMarshal.AsBytes(desired).CopyTo(writer.Append(desired.Length * sizeof(float)));
        writer.Send();
        try
        {
            _client.Expect(MessageType.Rewards);
        }
        catch (WireException error) when (error.Code == ErrorCode.NotSupported)
        {
            throw new NotSupportedException(error.Message, error);
        }
        catch (WireException error) when (error.Code == ErrorCode.InvalidBlock)
        {
            throw new ArgumentException(error.Message, error);
        }
        MemoryMarshal.Cast<byte, float>(_client.Reader.Block).CopyTo(rewards);
    }

    /// <summary>Keeps what a person did and said beside the actions, in the recording of this batch.</summary>
    /// <exception cref="WireException">The batch is not recorded, or a lane or value is out of range.</exception>
    public void Annotate(IReadOnlyList<HumanEventMessage> events, EpisodeLabelMessage? label = null)
    {
        RequireRest();
        _client.Call<BatchMessage>(MessageType.Annotate, new AnnotateMessage { Batch = _made.Batch, Events = [.. events], Label = label }, MessageType.Annotated);
    }

    public override BatchEnvironment Clone()
    {
        var copy = new RemoteEnvironment(_client, Spec.Id, _options with { Record = null });
        if (!_results.Started) return copy;
        copy.RestoreAll(SnapshotAll());
        return copy;
    }

    /// <summary>Closes the batch; the session stays.</summary>
    protected override void Dispose(bool disposing)
    {
        if (_disposed) return;
        _disposed = true;
        try
        {
            while (_received < _sent)
            {
                _received++;
                _client.Expect(MessageType.Result);
            }
            _client.Call<BatchMessage>(MessageType.Close, new BatchMessage { Batch = _made.Batch }, MessageType.Closed);
        }
        catch (Exception error) when (error is IOException or WireException or ObjectDisposedException)
        {
            // The session is over, and the batch with it.
        }
        _shared?.Dispose();
    }

    private int RestSlot => _shared is null ? -1 : 0;

    /// <summary>Maps what the server offers; a host or user that cannot goes on by the socket.</summary>
    private static SharedMemory? Map(SharedMemoryMessage? offer)
    {
        if (offer is not { Path: not null, Slots: Slots, SlotBytes: > 0, ResultOffset: >= 0 }) return null;
        try
        {
            return SharedMemory.Open(offer.Path, (long)offer.Slots * offer.SlotBytes);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private void RequireRest()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_sent != _received) throw new InvalidOperationException($"{Spec.Id}: {_sent - _received} steps are under way; end them first");
    }

    private void SendReset()
    {
        _client.Writer.Send();
        try
        {
            TakeResult();
        }
        catch (WireException error) when (error.Code == ErrorCode.InvalidSetting)
        {
            throw new ArgumentException(error.Message, error);
        }
    }

    private void TakeResult()
    {
        try
        {
            _client.Expect(MessageType.Result);
        }
        catch (WireException error) when (error.Code == ErrorCode.NotReset)
        {
            throw new InvalidOperationException(error.Message, error);
        }
        var header = new MessagePack.MessagePackReader(_client.Reader.Body);
        if (header.ReadArrayHeader() < 3) throw new WireException(ErrorCode.BadMessage, "the server sent a result without its fields");
        header.Skip();
        int ended = header.ReadInt32(), slot = header.ReadInt32();
        _results.Take(_shared is null || slot < 0 ? _client.Reader.Block : ResultIn(slot, ended), ended);
    }

    private Span<byte> ResultIn(int slot, int ended)
        => _shared!.Slice(((long)slot * _made.Shared!.SlotBytes) + _made.Shared.ResultOffset, _results.Layout.Bytes(ended));
}
