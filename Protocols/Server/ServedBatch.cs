using System.Buffers.Binary;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using Sim.Environments;
using Sim.Environments.Spaces;
using Sim.Protocols.Messages;
using Sim.Protocols.Wire;

namespace Sim.Protocols.Server;

/// <summary>One batch of a session: takes actions from blocks or shared memory, and puts results there.</summary>
internal sealed class ServedBatch : IDisposable
{
    private readonly BatchEnvironment _environments;
    private readonly ResultLayout _layout;
    private readonly ResultWriter _results;
    private readonly SharedMemory? _shared;
    private readonly BatchRecording? _recording;
    private readonly int _slots, _slotBytes, _resultOffset;
    private readonly string _snapshotName;
    private readonly byte[] _incoming;
    private readonly long _period;
    private long _due;
    private bool _started;

    /// <summary>The batch belongs to this object from here on, and so does its recording.</summary>
    public ServedBatch(uint number, BatchEnvironment environments, MakeMessage make, bool mayShare, BatchRecording? recording, bool realTime)
    {
        _period = realTime ? (long)(environments.Spec.ControlPeriod * Stopwatch.Frequency) : 0;
        _recording = recording;
        (Number, _environments) = (number, environments);
        _layout = ResultLayout.Of(environments, make.RewardTerms, make.Info);
        _incoming = new byte[_layout.Actions.Bytes];
        _results = new ResultWriter(environments, _layout, make.RewardTerms, make.Info);
        _snapshotName = environments.Spec.SnapshotName;
        if (make.Slots == 0 || !mayShare || !SharedMemory.IsSupported) return;
        _slots = make.Slots;
        _resultOffset = ResultLayout.Align(_layout.Actions.Bytes);
        _slotBytes = checked(_resultOffset + ResultLayout.Align(_layout.Bytes(environments.Count)));
        try
        {
            _shared = SharedMemory.Create((long)_slots * _slotBytes);
        }
        catch (IOException error)
        {
            throw new WireException(ErrorCode.LimitExceeded, error.Message);
        }
    }

    public uint Number { get; }

    public int Count => _environments.Count;

    /// <summary>Largest block that a request about this batch may bring.</summary>
    public long LargestBlock => Math.Max(_layout.Actions.Bytes, Count * (32L + _environments.SnapshotBytes));

    public MadeMessage Describe() => new()
    {
        Batch = Number,
        Spec = SpecMessage.Of(_environments.Spec),
        Count = Count,
        Actions = _layout.Actions,
        Fields = _layout.Fields,
        EndedFields = _layout.EndedFields,
        Shared = _shared is null ? null : new() { Path = _shared.Path, Slots = _slots, SlotBytes = _slotBytes, ResultOffset = _resultOffset },
        SnapshotBytes = _environments.SnapshotBytes,
        SnapshotName = _snapshotName,
        StateBytes = _environments.StateBytes,
    };

    /// <exception cref="WireException">The request does not fit the batch; nothing has changed.</exception>
    public void Reset(ResetMessage message, ReadOnlySpan<byte> block)
    {
        CheckSlot(message.Slot);
        int seedsAt = message.HasMask ? (Count + 7) & ~7 : 0, numbersAt = seedsAt + (Count * sizeof(ulong));
        int expected = message.HasNumbers ? numbersAt + (Count * sizeof(uint)) : message.HasSeeds ? numbersAt : message.HasMask ? Count : 0;
        if ((message.HasSeeds && message.Seed is not null) || (message.HasNumbers && !message.HasSeeds))
            throw new WireException(ErrorCode.InvalidArgument, "a reset takes one seed or a seed for each lane, and episode numbers only with the latter");
        CheckBlock(block, expected, "a reset with these fields");
        var mask = message.HasMask ? MemoryMarshal.Cast<byte, bool>(Flags(block[..Count])) : default;
        if (!_started && mask.Contains(false))
            throw new WireException(ErrorCode.NotReset, $"the first reset takes all {Count} environments");
        try
        {
            if (!_started || !message.HasSeeds) _environments.Reset(message.Seed, message.Options, mask);
            if (message.HasSeeds)
            {
                var numbers = message.HasNumbers ? MemoryMarshal.Cast<byte, uint>(block[numbersAt..]) : default;
                Begin(MemoryMarshal.Cast<byte, ulong>(block[seedsAt..numbersAt]), numbers, mask, message.Options);
            }
        }
        catch (ArgumentException error)
        {
            throw new WireException(ErrorCode.InvalidSetting, error.Message);
        }
        _started = true;
        _results.Observe(stepped: false);
        _recording?.AfterReset(message.Options, mask);
    }

    /// <exception cref="WireException">The actions do not fit; nothing was stepped.</exception>
    public void Step(int slot, ReadOnlySpan<byte> block)
    {
        CheckSlot(slot);
        RequireStart();
        if (slot >= 0)
        {
            CheckBlock(block, 0, "a step with a slot");
            block = _shared!.Slice((long)slot * _slotBytes, _layout.Actions.Bytes);
        }
        else
        {
            CheckBlock(block, _layout.Actions.Bytes, "a step of this batch");
        }
        TakeActions(block);
        if (_period > 0) WaitUntilDue();
        _environments.Step();
        _results.Observe(stepped: true);
        _recording?.AfterStep();
    }

    /// <exception cref="WireException">The snapshots do not fit; nothing has changed.</exception>
    public void Restore(RestoreMessage message, ReadOnlySpan<byte> block)
    {
        CheckSlot(message.Slot);
        if (message.Lanes < 0 || message.Lanes > Count)
            throw new WireException(ErrorCode.InvalidArgument, $"{message.Lanes} lanes cannot be restored: the batch has {Count}");
        int size = _environments.SnapshotBytes, at = ((message.Lanes * sizeof(int)) + 7) & ~7;
        CheckBlock(block, at + (message.Lanes * size), $"{message.Lanes} lanes and snapshots");
        if (message.Name != _snapshotName)
            throw new WireException(ErrorCode.InvalidArgument, $"snapshots of '{message.Name}' do not fit '{_snapshotName}'");
        var lanes = MemoryMarshal.Cast<byte, int>(block[..(message.Lanes * sizeof(int))]);
        CheckLanes(lanes);
        if (!_started) _environments.Reset();
        _started = true;
        for (int i = 0; i < lanes.Length; i++)
            _environments.Restore(lanes[i], new LaneSnapshot(_snapshotName, block.Slice(at + (i * size), size).ToArray()));
        _results.Observe(stepped: false);
        _recording?.AfterRestore(lanes);
    }

    /// <summary>Writes snapshots of the lanes in the block, of all where it is empty.</summary>
    public void Snapshot(uint request, ReadOnlySpan<byte> block, FrameWriter writer)
    {
        RequireStart();
        if (block.Length % sizeof(int) != 0 || block.Length > Count * sizeof(int))
            throw new WireException(ErrorCode.InvalidBlock, $"{block.Length} bytes are no lanes: int32 each, {Count} at most");
        var lanes = MemoryMarshal.Cast<byte, int>(block);
        CheckLanes(lanes);
        int count = lanes.IsEmpty ? Count : lanes.Length, size = _environments.SnapshotBytes;
        writer.Begin(MessageType.Snapshots, request, new SnapshotsMessage { Batch = Number, Name = _snapshotName, Bytes = size, Count = count });
        for (int i = 0; i < count; i++) _environments.CopySnapshot(lanes.IsEmpty ? i : lanes[i], writer.Append(size));
        int bytes = checked(size * count);
        writer.Append(((bytes + 7) & ~7) - bytes).Clear();
        var episodes = writer.Append(count * SnapshotsMessage.EpisodeBytes);
        for (int i = 0; i < count; i++)
        {
            var start = _environments.EpisodeOf(lanes.IsEmpty ? i : lanes[i]);
            BinaryPrimitives.WriteUInt64LittleEndian(episodes[(i * SnapshotsMessage.EpisodeBytes)..], start.Seed);
            BinaryPrimitives.WriteUInt64LittleEndian(episodes[((i * SnapshotsMessage.EpisodeBytes) + sizeof(ulong))..], start.Number);
        }
        writer.Send();
    }

    /// <summary>Writes the rewards that other goals would have given.</summary>
    public void ComputeRewards(RewardsMessage message, uint request, ReadOnlySpan<byte> block, FrameWriter writer)
    {
        if (_environments.Spec.Observation is not Dict dict || !dict.Entries.Any(entry => entry.Name == "achieved_goal"))
            throw new WireException(ErrorCode.NotSupported, $"{_environments.Spec.Id} is no goal task: it has no achieved and desired goals");
        int size = dict["achieved_goal"].Size;
        if (message.Rows < 0 || message.Rows * 2L * size * sizeof(float) != block.Length)
            throw new WireException(ErrorCode.InvalidBlock, $"{message.Rows} rows of achieved and desired goals of {size} numbers take {message.Rows * 2L * size * sizeof(float)} bytes, not {block.Length}");
        var goals = MemoryMarshal.Cast<byte, float>(block);
        writer.Begin(MessageType.Rewards, request, message);
        var rewards = MemoryMarshal.Cast<byte, float>(writer.Append(message.Rows * sizeof(float)));
        try
        {
            _environments.ComputeRewards(goals[..(message.Rows * size)], goals[(message.Rows * size)..], rewards);
        }
        catch (NotSupportedException error)
        {
            throw new WireException(ErrorCode.NotSupported, error.Message);
        }
        writer.Send();
    }

    /// <exception cref="WireException">The batch is not recorded, or the annotation does not fit.</exception>
    public void Annotate(AnnotateMessage message)
    {
        if (_recording is null) throw new WireException(ErrorCode.NotSupported, $"batch {Number} is not recorded");
        RequireStart();
        _recording.Annotate(message);
    }

    /// <summary>Sends what the batch shows, or puts it into a slot and says so.</summary>
    public void SendResult(uint request, int slot, FrameWriter writer)
    {
        // Small results go out in one piece; large observations from where they lie.
        const int SmallBytes = 16 << 10;
        var header = writer.Begin(MessageType.Result, request);
        header.WriteArrayHeader(3);
        header.Write(Number);
        header.Write(_results.Ended);
        header.Write(slot);
        writer.EndHeader(ref header);
        int bytes = _results.Bytes, first = _results.FirstGroupBytes;
        if (slot >= 0)
        {
            _results.Write(_shared!.Slice(((long)slot * _slotBytes) + _resultOffset, bytes));
            writer.Send();
        }
        else if (bytes <= SmallBytes)
        {
            _results.Write(writer.Append(bytes));
            writer.Send();
        }
        else
        {
            writer.Append(first - _results.FirstGroup.Length);
            _results.WriteBehindFirstGroup(writer.Append(bytes - first));
            writer.SendWith(_results.FirstGroup);
        }
    }

    public void Dispose()
    {
        _recording?.Dispose();
        _environments.Dispose();
        _shared?.Dispose();
    }

    /// <summary>Checks a copy, since shared memory may change meanwhile; the batch gets actions that are good, or none.</summary>
    private void TakeActions(ReadOnlySpan<byte> block)
    {
        block.CopyTo(_incoming);
        if (_environments.Spec.Action is Box)
        {
            var actions = MemoryMarshal.Cast<byte, float>(_incoming);
            RequireFinite(actions);
            actions.CopyTo(_environments.Actions);
            return;
        }
        var choices = MemoryMarshal.Cast<byte, int>(_incoming);
        RequireChoices(choices);
        choices.CopyTo(_environments.DiscreteActions);
    }

    private void RequireFinite(ReadOnlySpan<float> actions)
    {
        int wrong = FirstNonFinite(actions);
        if (wrong < 0) return;
        int width = actions.Length / Count;
        throw new WireException(ErrorCode.InvalidAction, $"number {wrong % width} of the action of lane {wrong / width} is {actions[wrong]}; actions are finite");
    }

    private void RequireChoices(ReadOnlySpan<int> choices)
    {
        int columns = choices.Length / Count;
        for (int i = 0; i < choices.Length; i++)
        {
            int options = Options(i % columns);
            if ((uint)choices[i] >= (uint)options)
                throw new WireException(ErrorCode.InvalidAction, $"choice {choices[i]} of lane {i / columns} is out of range: 0 to {options - 1}");
        }
    }

    private int Options(int column) => _environments.Spec.Action is Discrete discrete ? discrete.Count : ((MultiDiscrete)_environments.Spec.Action).Counts[column];

    private static int FirstNonFinite(ReadOnlySpan<float> values)
    {
        // Zero times a finite number is zero; times infinity or NaN it is NaN.
        var sum = Vector<float>.Zero;
        int i = 0;
        for (; i + Vector<float>.Count <= values.Length; i += Vector<float>.Count) sum += new Vector<float>(values[i..]) * 0f;
        bool finite = Vector.EqualsAll(sum, Vector<float>.Zero);
        for (; i < values.Length; i++) finite &= float.IsFinite(values[i]);
        if (finite) return -1;
        for (i = 0; float.IsFinite(values[i]); i++) { }
        return i;
    }

    private void Begin(ReadOnlySpan<ulong> seeds, ReadOnlySpan<uint> numbers, ReadOnlySpan<bool> mask, Dictionary<string, string>? options)
    {
        for (int lane = 0; lane < Count; lane++)
        {
            if (mask.IsEmpty || mask[lane])
                _environments.BeginEpisode(lane, new EpisodeStart(seeds[lane], numbers.IsEmpty ? 0 : numbers[lane]), options);
        }
    }

    /// <summary>A bool must be 0 or 1; a client may send any byte.</summary>
    private static byte[] Flags(ReadOnlySpan<byte> bytes)
    {
        byte[] flags = bytes.ToArray();
        for (int i = 0; i < flags.Length; i++) flags[i] = flags[i] != 0 ? (byte)1 : (byte)0;
        return flags;
    }

    /// <summary>Simulated time never runs ahead of the clock; time lost is not made up for.</summary>
    private void WaitUntilDue()
    {
        long now = Stopwatch.GetTimestamp();
        if (_due > now) Thread.Sleep(Stopwatch.GetElapsedTime(now, _due));
        _due = Math.Max(_due, now) + _period;
    }

    private void RequireStart()
    {
        if (!_started) throw new WireException(ErrorCode.NotReset, $"batch {Number} has not been reset yet");
    }

    private void CheckSlot(int slot)
    {
        if (slot < -1 || slot >= _slots)
            throw new WireException(ErrorCode.InvalidArgument, _slots > 0
                ? $"slot {slot} is out of range: 0 to {_slots - 1}, or -1 for the socket"
                : $"slot {slot} is out of range: this batch has no shared memory, so -1");
    }

    private void CheckLanes(ReadOnlySpan<int> lanes)
    {
        foreach (int lane in lanes)
        {
            if ((uint)lane >= (uint)Count) throw new WireException(ErrorCode.InvalidArgument, $"lane {lane} is out of range: 0 to {Count - 1}");
        }
    }

    private static void CheckBlock(ReadOnlySpan<byte> block, int expected, string what)
    {
        if (block.Length != expected) throw new WireException(ErrorCode.InvalidBlock, $"{what} takes a block of {expected} bytes, not {block.Length}");
    }
}
