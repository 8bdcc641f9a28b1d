using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MessagePack;
using Sim.Protocols.Demonstrations.Files;
using Sim.Protocols.Demonstrations.Rows;
using Sim.Protocols.Messages;

namespace Sim.Protocols.Demonstrations.Recording;

/// <summary>Turns blocks into chunks at the end of a file.</summary>
internal sealed class BlockWriter(ChunkAppender file, int snapshotBytes, bool compress)
{
    private readonly PayloadBuffer _payload = new();

    /// <summary>
    /// Writes all that a block holds. Beginnings come first and ends last, so that a file that breaks off anywhere
    /// never tells of steps that it does not hold.
    /// </summary>
    public void Write(RecordingBlock block)
    {
        WriteBegins(block);
        WriteStates(block);
        WriteEvents(block);
        if (block.Steps > 0) WriteSteps(block);
        WriteEnds(block);
        foreach (var label in block.Labels) Write(ChunkType.Label, block.FirstStep, label);
        foreach (var tombstone in block.Tombstones) Write(ChunkType.Tombstone, block.FirstStep, tombstone);
    }

    /// <summary>Writes a chunk that is a header alone.</summary>
    public void Write<T>(ChunkType type, ulong firstStep, T message)
    {
        _payload.Clear();
        Payload.WriteHeader(_payload, message);
        file.Append(type, firstStep, _payload);
    }

    private void WriteBegins(RecordingBlock block)
    {
        if (block.Begins.Count == 0) return;
        _payload.Clear();
        Payload.WriteHeader(_payload, new BeginMessage { Rows = block.Begins.Count, Starts = block.Starts.Count > 0 ? [.. block.Starts] : null });
        Payload.Append<BeginRow>(_payload, CollectionsMarshal.AsSpan(block.Begins));
        _payload.Write(block.FirstObservations.WrittenSpan);
        _payload.Write(block.FirstInfo.WrittenSpan);
        file.Append(ChunkType.EpisodeBegin, block.Begins[0].FirstStep, _payload);
    }

    private void WriteStates(RecordingBlock block)
    {
        if (block.States.Count == 0) return;
        int snapshots = snapshotBytes == 0 ? 0 : block.Snapshots.WrittenCount / snapshotBytes;
        _payload.Clear();
        Payload.WriteHeader(_payload, new StateMessage { Rows = block.States.Count, SnapshotBytes = snapshotBytes, Snapshots = snapshots });
        Payload.Append<StateRow>(_payload, CollectionsMarshal.AsSpan(block.States));
        _payload.Write(block.Snapshots.WrittenSpan);
        file.Append(ChunkType.State, block.FirstStep, _payload, compress);
    }

    private void WriteEvents(RecordingBlock block)
    {
        if (block.Events.Count == 0) return;
        var devices = new List<string>();
        var rows = new InputRow[block.Events.Count];
        var notes = new List<NoteMessage>();
        for (int i = 0; i < rows.Length; i++)
        {
            var input = block.Events[i];
            int device = devices.IndexOf(input.Device);
            if (device < 0)
            {
                device = devices.Count;
                devices.Add(input.Device);
            }
            rows[i] = new(input.Step, input.ReceivedMicroseconds, input.DeviceMilliseconds, (ushort)device, (byte)input.Kind, 0, input.Lane, input.Code, input.Value);
            if (input.Text is not null) notes.Add(new() { Row = i, Text = input.Text });
        }
        _payload.Clear();
        Payload.WriteHeader(_payload, new EventsMessage { Rows = rows.Length, Devices = [.. devices], Notes = notes.Count > 0 ? [.. notes] : null });
        Payload.Append<InputRow>(_payload, rows);
        file.Append(ChunkType.Events, block.FirstStep, _payload, compress);
    }

    private void WriteSteps(RecordingBlock block)
    {
        ulong present = ulong.MaxValue >> (64 - block.Layout.Columns.Count);
        if (block.Layout.PolicyAction is { } policy && !block.HasPolicyActions) present &= ~(1UL << policy.Place);
        int length = block.Pack(present);
        // The header has room of a fixed size, so that the columns can stay where they are.
        _payload.Clear();
        MessagePackSerializer.Serialize(_payload, new StepsMessage { Steps = block.Steps, Present = present }, Schema.Options);
        var front = block.Frame.AsSpan(ChunkHeader.Size, RecordingBlock.Front - ChunkHeader.Size);
        BinaryPrimitives.WriteUInt32LittleEndian(front, (uint)(front.Length - sizeof(uint)));
        _payload.Written.CopyTo(front[sizeof(uint)..]);
        front[(sizeof(uint) + _payload.Length)..].Clear();
        file.Append(ChunkType.Steps, block.FirstStep, block.Frame, front.Length + length, compress);
    }

    private void WriteEnds(RecordingBlock block)
    {
        if (block.Ends.Count == 0) return;
        _payload.Clear();
        Payload.WriteHeader(_payload, new EndMessage { Rows = block.Ends.Count });
        Payload.Append<EndRow>(_payload, CollectionsMarshal.AsSpan(block.Ends));
        file.Append(ChunkType.EpisodeEnd, block.FirstStep, _payload);
    }
}
