namespace Sim.Environments.Checking;

/// <summary>Equal seeds and actions give equal trajectories: between batches, lanes, snapshots and clones.</summary>
internal static class RepeatabilityCheck
{
    private const int Lanes = 4;
    private const ulong Seed = 29;
    private const int FewSteps = 40;

    public static void SeedsAndLanes(CheckRun run)
    {
        using var batch = run.Make(Lanes, Seed);
        using var twin = run.Make(Lanes, seed: 0);
        var singles = Enumerable.Range(0, Lanes).Select(lane => run.Make(1, Seed + (ulong)lane)).ToArray();
        var outputs = new LaneOutputs(batch);
        batch.Reset();
        twin.Reset(Seed);
        foreach (var single in singles) single.Reset();
        for (int step = 0; step <= run.Steps; step++)
        {
            if (step > 0)
            {
                CheckRun.StepTogether(Seed, step, batch, twin);
                for (int lane = 0; lane < Lanes; lane++)
                {
                    CheckRun.CopyAction(batch, lane, singles[lane], 0);
                    singles[lane].Step();
                }
            }
            run.Compare("the same seed gives another trajectory", outputs, batch, twin, step);
            for (int lane = 0; lane < Lanes; lane++)
            {
                if (outputs.Difference(batch, lane, singles[lane], 0) is { } part)
                    run.Report("lane k of a batch is not the single environment with seed + k", $"{part} of lane {lane} differs {step} steps on");
            }
        }
        foreach (var single in singles) single.Dispose();
    }

    public static void NextEpisodes(CheckRun run)
    {
        using var first = run.Make(Lanes, Seed);
        using var second = run.Make(Lanes, Seed);
        var outputs = new LaneOutputs(first);
        first.Reset(Seed);
        second.Reset(Seed);
        second.Reset();
        bool differs = false;
        for (int step = 0; step <= FewSteps; step++)
        {
            if (step > 0) CheckRun.StepTogether(Seed, step, first, second);
            for (int lane = 0; lane < Lanes; lane++) differs |= outputs.Difference(first, lane, second, lane) is not null;
        }
        if (!differs) run.Report("a reset without a seed repeats the episode");
        first.Reset(Seed);
        second.Reset(Seed);
        run.Compare("a reset with a seed does not lead back to the first episode", outputs, first, second, 0);
    }

    public static void SnapshotsAndClones(CheckRun run)
    {
        using var original = run.Make(Lanes, Seed);
        using var elsewhere = run.Make(Lanes, seed: 1000);
        var outputs = new LaneOutputs(original);
        original.Reset();
        elsewhere.Reset();
        for (int step = 1; step <= FewSteps; step++) CheckRun.StepTogether(Seed, step, original);
        using var clone = original.Clone();
        var snapshots = Enumerable.Range(0, Lanes).Select(original.Snapshot).ToArray();
        // In reverse order, so that a lane's number is no part of its snapshot.
        for (int lane = 0; lane < Lanes; lane++) elsewhere.Restore(Lanes - 1 - lane, snapshots[lane]);

        byte[] shown = Show(outputs, clone);
        for (int step = 1; step <= FewSteps; step++)
        {
            RandomActions.Fill(original, Seed, FewSteps + step);
            for (int lane = 0; lane < Lanes; lane++) CheckRun.CopyAction(original, lane, elsewhere, Lanes - 1 - lane);
            original.Step();
            elsewhere.Step();
            for (int lane = 0; lane < Lanes; lane++)
            {
                if (outputs.Difference(original, lane, elsewhere, Lanes - 1 - lane) is { } part)
                    run.Report("a restored snapshot does not continue bit for bit", $"{part} differs {step} steps on");
            }
        }
        if (!Show(outputs, clone).AsSpan().SequenceEqual(shown)) run.Report("stepping the original moves its clone");

        for (int lane = 0; lane < Lanes; lane++) original.Restore(lane, snapshots[lane]);
        run.Compare("a clone is not in its original's state", outputs, original, clone, 0);
        for (int step = 1; step <= run.Steps; step++)
        {
            CheckRun.StepTogether(Seed, FewSteps + step, original, clone);
            run.Compare("a clone or a restored batch does not continue bit for bit", outputs, original, clone, step);
        }
    }

    public static void MaskedResets(CheckRun run)
    {
        using var environments = run.Make(Lanes, Seed);
        var outputs = new LaneOutputs(environments);
        environments.Reset();
        for (int step = 1; step <= FewSteps; step++) CheckRun.StepTogether(Seed, step, environments);
        using var untouched = environments.Clone();
        using var fresh = run.Make(Lanes, Seed + 50);
        fresh.Reset();
        environments.Reset(Seed + 50, mask: [false, true, false, true]);
        for (int step = 0; step <= FewSteps; step++)
        {
            if (step > 0) CheckRun.StepTogether(Seed, FewSteps + step, environments, untouched, fresh);
            run.Compare("a masked reset touches lanes outside its mask", outputs, environments, untouched, step, lane => lane % 2 == 0);
            run.Compare("a masked reset with a seed is not the reset of that lane", outputs, environments, fresh, step, lane => lane % 2 == 1);
        }
    }

    public static void EpisodeStarts(CheckRun run)
    {
        const int Chosen = 2;
        using var batch = run.Make(Lanes, Seed);
        using var single = run.Make(1, seed: 0);
        var outputs = new LaneOutputs(batch);
        byte[] state = new byte[batch.StateBytes], other = new byte[batch.StateBytes];
        batch.Reset();
        batch.Reset();
        single.Reset();
        single.BeginEpisode(0, batch.EpisodeOf(Chosen));
        if (single.EpisodeOf(0) != batch.EpisodeOf(Chosen)) run.Report("a lane does not say which episode it was put at the start of");
        for (int step = 0; step <= run.Steps; step++)
        {
            if (step > 0)
            {
                CheckRun.StepTogether(Seed, step, batch);
                CheckRun.CopyAction(batch, Chosen, single, 0);
                single.Step();
            }
            if (outputs.Difference(batch, Chosen, single, 0) is { } part)
                run.Report("an episode begun by seed and number is not the one that resets lead to", $"{part} differs {step} steps on");
            batch.CopySnapshot(Chosen, state);
            single.CopySnapshot(0, other);
            if (!state.AsSpan().SequenceEqual(other)) run.Report("equal histories have unequal states", $"{step} steps on");
        }
    }

    private static byte[] Show(LaneOutputs outputs, BatchEnvironment environments)
    {
        byte[] shown = new byte[outputs.Size * environments.Count];
        for (int lane = 0; lane < environments.Count; lane++) outputs.Write(environments, lane, shown.AsSpan(lane * outputs.Size));
        return shown;
    }
}
