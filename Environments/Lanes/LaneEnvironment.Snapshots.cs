using System.Runtime.InteropServices;

namespace Sim.Environments.Lanes;

/// <summary>Snapshot and restore of one lane, in a form that does not depend on the lane width.</summary>
public sealed unsafe partial class LaneEnvironment<T, TTask, TState, TAction, TObservation, TReward, TSettings>
{
    public override LaneSnapshot Snapshot(int lane)
    {
        CheckLane(lane);
        byte[] data = new byte[SnapshotBytes];
        Exchange(lane, MemoryMarshal.Cast<byte, float>(data.AsSpan()), save: true);
        return new LaneSnapshot(SnapshotName, data);
    }

    public override void Restore(int lane, LaneSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        CheckLane(lane);
        if (snapshot.Environment != SnapshotName || snapshot.Data.Length != SnapshotBytes)
            throw new ArgumentException($"a snapshot of {snapshot.Environment} ({snapshot.Data.Length} bytes) does not fit {SnapshotName} ({SnapshotBytes} bytes)", nameof(snapshot));
        float[] values = MemoryMarshal.Cast<byte, float>(snapshot.Data.Span).ToArray();
        Exchange(lane, values, save: false);
    }

    private string SnapshotName => $"{Spec.Id} v{Spec.Version}";

    private int SnapshotBytes => sizeof(float)
        * (BundleFields + (_history?.Columns ?? 0) + _groups.Sum(group => 2 * group.Stride) + (2 * RewardFields) + ActionFields + 8);

    private void CheckLane(int lane)
    {
        if ((uint)lane >= (uint)_count)
            throw new ArgumentOutOfRangeException(nameof(lane), lane, $"{Spec.Id} has lanes 0 to {_count - 1}");
        if (!_started) throw new InvalidOperationException($"{Spec.Id}: call Reset before taking or restoring a snapshot");
    }

    /// <summary>Copies all that belongs to a lane to or from <paramref name="values"/>, in one fixed order.</summary>
    private void Exchange(int lane, Span<float> values, bool save)
    {
        var cursor = new Cursor(values, save);
        float* fields = (float*)(_bundles + (lane / T.Width)) + (lane % T.Width);
        for (int i = 0; i < BundleFields; i++) cursor.Next(ref fields[i * T.Width]);
        if (_history is not null)
        {
            float[] window = new float[_history.Columns];
            fixed (float* at = window) _history.Show(lane, at);
            cursor.Next(window);
            if (!save) _history.Replace(lane, window);
        }
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
