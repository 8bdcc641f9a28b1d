using System.Runtime.InteropServices;

namespace Sim.Protocols.Demonstrations.Replaying;

/// <summary>Says in which number two runs differ, where the recording kept a whole state to compare with.</summary>
internal static class StateComparison
{
    /// <summary>
    /// Plays from the last whole state before a divergence (or from the start) to the first behind it, step by step,
    /// and compares the two.
    /// </summary>
    public static ReplayDivergence Explain(ReplayPlan plan, EpisodeRows rows, ReplayDivergence divergence)
    {
        var after = rows.Checkpoints.FirstOrDefault(checkpoint => checkpoint.Step > divergence.Step && !checkpoint.Snapshot.IsEmpty);
        if (after is null || divergence.What == "start state") return divergence;
        using var environments = plan.Create(1);
        var player = new EpisodePlayer(environments, rows, divergence.Agreed);
        while (player.Step < after.Step) player.Advance();
        byte[] replayed = new byte[environments.StateBytes];
        environments.CopySnapshot(0, replayed);
        return divergence with { State = Compare(after.Step, after.Snapshot.Span[..replayed.Length], replayed) };
    }

    private static StateDifference? Compare(int step, ReadOnlySpan<byte> recordedBytes, ReadOnlySpan<byte> replayedBytes)
    {
        var recorded = MemoryMarshal.Cast<byte, float>(recordedBytes);
        var replayed = MemoryMarshal.Cast<byte, float>(replayedBytes);
        StateDifference? largest = null;
        int count = 0;
        for (int i = 0; i < recorded.Length; i++)
        {
            // Bits first: two NaNs are the same state, and -0 counts as +0.
            if (recorded[i] == replayed[i] || BitConverter.SingleToUInt32Bits(recorded[i]) == BitConverter.SingleToUInt32Bits(replayed[i])) continue;
            count++;
            var difference = new StateDifference(step, 0, i, recorded[i], replayed[i]);
            if (largest is null || !(difference.Absolute <= largest.Absolute)) largest = difference;
        }
        return largest is null ? null : largest with { Count = count };
    }
}
