using System.Runtime.InteropServices;

namespace Sim.Environments.Lanes;

/// <summary>Snapshot and restore of one lane, in a form that does not depend on the lane width.</summary>
public sealed unsafe partial class LaneEnvironment<T, TTask, TState, TAction, TObservation, TReward, TSettings>
{
    /// <summary>Reward, return and length of the episode, and four flags.</summary>
    private const int OutcomeFields = 7;

    public override int StateBytes => sizeof(float) * (BundleFields + WorldFields + (_history?.Columns ?? 0));

    private int WorldFields => _world?.Rows ?? 0;

    public override int SnapshotBytes
        => StateBytes + (sizeof(float) * ((2 * _observationNumbers) + (2 * RewardFields) + ActionFields + OutcomeFields));

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
        var cursor = new Cursor(MemoryMarshal.Cast<byte, float>(target), save: true);
        ExchangeState(lane, ref cursor);
        if (target.Length == SnapshotBytes) ExchangeOutputs(lane, ref cursor);
    }

    public override void Restore(int lane, LaneSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        CheckLane(lane);
        RequireSnapshot(snapshot);
        float[] values = MemoryMarshal.Cast<byte, float>(snapshot.Data.Span).ToArray();
        if (_world?.Fault(values.AsSpan(BundleFields, WorldFields)) is { } fault)
            throw new ArgumentException($"a snapshot of {snapshot.Environment} that no step has left: {fault}", nameof(snapshot));
        var cursor = new Cursor(values, save: false);
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
        float* fields = (float*)(_bundles + (lane / T.Width)) + (lane % T.Width);
        for (int i = 0; i < BundleFields; i++) cursor.Next(ref fields[i * T.Width]);
        if (_world is not null) ExchangeWorld(lane, cursor.Saves, cursor.Take(WorldFields));
        if (_history is null) return;
        var window = cursor.Take(_history.Columns);
        fixed (float* at = window)
        {
            if (cursor.Saves) _history.Show(lane, at);
            else _history.Replace(lane, window);
        }
    }

    private void ExchangeWorld(int lane, bool save, Span<float> rows)
    {
        if (save) _world!.Save(lane / T.Width, lane % T.Width, rows);
        else _world!.Load(lane / T.Width, lane % T.Width, rows);
    }

    /// <summary>Copies what the last step showed, in one fixed order.</summary>
    private void ExchangeOutputs(int lane, ref Cursor cursor)
    {
        foreach (var group in _groups)
        {
            cursor.Next(group.RowOf(lane, current: true));
            cursor.Next(group.RowOf(lane, current: false));
        }
        for (int term = 0; term < RewardFields; term++)
        {
            cursor.Next(ref _rewardTerms.Row(term)[lane]);
            cursor.Next(ref _episodeTerms.Row(term)[lane]);
        }
        if (_choiceCount == 0) cursor.Next(_actions.Row(lane));
        else cursor.Next(MemoryMarshal.Cast<int, float>(_choices.AsSpan(lane, 1)));
        cursor.Next(ref _rewards.Floats[lane]);
        cursor.Next(ref _episodeReturns.Floats[lane]);
        cursor.Next(MemoryMarshal.Cast<int, float>(_episodeLengths.AsSpan(lane, 1)));
        foreach (byte* flags in (Span<nint>)[(nint)_terminatedAt, (nint)_truncatedAt, (nint)_faultedAt, (nint)_successAt])
        {
            float flag = flags[lane];
            cursor.Next(ref flag);
            flags[lane] = (byte)flag;
        }
    }

    /// <summary>Walks the values of a snapshot while saving or restoring.</summary>
    private ref struct Cursor(Span<float> values, bool save)
    {
        private readonly Span<float> _values = values;
        private int _at;

        public readonly bool Saves => save;

        /// <summary>The next part of the snapshot itself.</summary>
        public Span<float> Take(int length)
        {
            var part = _values.Slice(_at, length);
            _at += length;
            return part;
        }

        public void Next(scoped ref float value)
        {
            ref float stored = ref _values[_at++];
            if (save) stored = value;
            else value = stored;
        }

        public void Next(scoped Span<float> part)
        {
            var stored = _values.Slice(_at, part.Length);
            if (save) part.CopyTo(stored);
            else stored.CopyTo(part);
            _at += part.Length;
        }
    }
}
