using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Sim.Environments;
using Sim.Protocols.Messages;

namespace Sim.Protocols.Client;

/// <summary>Snapshots, which the server takes and puts back.</summary>
public sealed partial class RemoteEnvironment
{
    public override int SnapshotBytes => _made.SnapshotBytes;

    public override int StateBytes => _made.StateBytes;

    public override LaneSnapshot Snapshot(int lane)
    {
        byte[] data = new byte[SnapshotBytes];
        CopySnapshot(lane, data);
        return new LaneSnapshot(_made.SnapshotName ?? "", data);
    }

    public override void CopySnapshot(int lane, Span<byte> target)
    {
        RequireSnapshotTarget(target);
        Fetch(lane)[..target.Length].CopyTo(target);
    }

    public override EpisodeStart EpisodeOf(int lane)
    {
        var episode = Fetch(lane)[^SnapshotsMessage.EpisodeBytes..];
        return new(BinaryPrimitives.ReadUInt64LittleEndian(episode), BinaryPrimitives.ReadUInt32LittleEndian(episode[sizeof(ulong)..]));
    }

    public override void Restore(int lane, LaneSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        RequireLane(lane);
        RequireRest();
        if (!_results.Started) throw new InvalidOperationException($"{Spec.Id}: call Reset before restoring a lane");
        Restore([lane], snapshot.Environment, snapshot.Data.Span);
    }

    private byte[] SnapshotAll()
    {
        Ask(MessageType.Snapshot, []);
        return _client.Reader.Block[..(Count * SnapshotBytes)].ToArray();
    }

    private void RestoreAll(ReadOnlySpan<byte> snapshots)
        => Restore([.. Enumerable.Range(0, Count)], _made.SnapshotName ?? "", snapshots);

    private Span<byte> Fetch(int lane)
    {
        RequireLane(lane);
        Ask(MessageType.Snapshot, [lane]);
        return _client.Reader.Block;
    }

    private void Ask(MessageType type, ReadOnlySpan<int> lanes)
    {
        RequireRest();
        _client.Writer.Begin(type, _client.Next(), new BatchMessage { Batch = _made.Batch });
        MemoryMarshal.AsBytes(lanes).CopyTo(_client.Writer.Append(lanes.Length * sizeof(int)));
        _client.Writer.Send();
        try
        {
            _client.Expect(MessageType.Snapshots);
        }
        catch (WireException error) when (error.Code == ErrorCode.NotReset)
        {
            throw new InvalidOperationException(error.Message, error);
        }
    }

    private void Restore(ReadOnlySpan<int> lanes, string name, ReadOnlySpan<byte> snapshots)
    {
        var writer = _client.Writer;
        writer.Begin(MessageType.Restore, _client.Next(), new RestoreMessage { Batch = _made.Batch, Name = name, Lanes = lanes.Length, Slot = RestSlot });
        int bytes = lanes.Length * sizeof(int);
        var room = writer.Append((bytes + 7) & ~7);
        room.Clear();
        MemoryMarshal.AsBytes(lanes).CopyTo(room);
        snapshots.CopyTo(writer.Append(snapshots.Length));
        writer.Send();
        try
        {
            TakeResult();
        }
        catch (WireException error) when (error.Code is ErrorCode.InvalidArgument or ErrorCode.InvalidBlock)
        {
            throw new ArgumentException(error.Message, error);
        }
    }
}
