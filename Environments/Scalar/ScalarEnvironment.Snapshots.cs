using System.Runtime.InteropServices;

namespace Sim.Environments.Scalar;

/// <summary>Snapshot and restore of one lane.</summary>
public sealed unsafe partial class ScalarEnvironment<TTask, TState, TSettings>
{
    /// <summary>Seed, episode number, step, return and whether the episode has ended.</summary>
    private const int PlaceBytes = (5 * sizeof(uint)) + 1;

    /// <summary>Action, reward, return and length of the ended episode, four flags.</summary>
    private const int OutcomeBytes = (4 * sizeof(float)) + 4;

    public override int StateBytes => PlaceBytes + sizeof(TState);

    public override int SnapshotBytes => StateBytes + OutcomeBytes + (2 * _observationBytes);

    public override LaneSnapshot Snapshot(int lane)
    {
        byte[] data = new byte[SnapshotBytes];
        CopySnapshot(lane, data);
        return new LaneSnapshot(Spec.SnapshotName, data);
    }

    public override void CopySnapshot(int lane, Span<byte> target)
    {
        CheckLane(lane);
        RequireSnapshotTarget(target);
        var cursor = new Cursor(target, save: true);
        ExchangeState(lane, ref cursor);
        if (target.Length == SnapshotBytes) ExchangeOutputs(lane, ref cursor);
    }

    public override void Restore(int lane, LaneSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        CheckLane(lane);
        RequireSnapshot(snapshot);
        var state = MemoryMarshal.Read<TState>(snapshot.Data.Span[PlaceBytes..]);
        if (!TTask.IsWhole(in state))
            throw new ArgumentException($"a snapshot of {snapshot.Environment} that no step has left: something in it lies off the board", nameof(snapshot));
        var cursor = new Cursor(snapshot.Data.ToArray(), save: false);
        ExchangeState(lane, ref cursor);
        ExchangeOutputs(lane, ref cursor);
    }

    private void CheckLane(int lane)
    {
        RequireLane(lane);
        if (!_started) throw new InvalidOperationException($"{Spec.Id}: call Reset before asking for the state of a lane");
    }

    /// <summary>Copies what the next step depends on, in one fixed order.</summary>
    private void ExchangeState(int lane, ref Cursor cursor)
    {
        cursor.Next(ref _seedLow[lane]);
        cursor.Next(ref _seedHigh[lane]);
        cursor.Next(ref _episode[lane]);
        cursor.Next(ref _step[lane]);
        cursor.Next(ref _return[lane]);
        cursor.Next(ref _ended[lane]);
        cursor.Next(ref _states[lane]);
    }

    /// <summary>Copies what the last step showed, in one fixed order.</summary>
    private void ExchangeOutputs(int lane, ref Cursor cursor)
    {
        cursor.Next(ref _choices[lane]);
        cursor.Next(ref _rewards[lane]);
        cursor.Next(ref _episodeReturns[lane]);
        cursor.Next(ref _episodeLengths[lane]);
        cursor.Next(ref _terminated[lane]);
        cursor.Next(ref _truncated[lane]);
        cursor.Next(ref _faulted[lane]);
        cursor.Next(ref _success[lane]);
        cursor.Next(ObservationOf(lane, _current));
        cursor.Next(ObservationOf(lane, _final));
    }

    /// <summary>Walks the bytes of a snapshot while saving or restoring.</summary>
    private ref struct Cursor(Span<byte> bytes, bool save)
    {
        private readonly Span<byte> _bytes = bytes;
        private int _at;

        public void Next<TValue>(scoped ref TValue value) where TValue : unmanaged
            => Next(MemoryMarshal.AsBytes(new Span<TValue>(ref value)));

        /// <summary>A truth value is any byte but zero, so that no foreign byte becomes one that is neither.</summary>
        public void Next(scoped ref bool value)
        {
            byte flag = value ? (byte)1 : (byte)0;
            Next(ref flag);
            value = flag != 0;
        }

        public void Next(scoped Span<byte> part)
        {
            var stored = _bytes.Slice(_at, part.Length);
            if (save) part.CopyTo(stored);
            else stored.CopyTo(part);
            _at += part.Length;
        }
    }
}
