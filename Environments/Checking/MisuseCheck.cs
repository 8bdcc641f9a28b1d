using Sim.Environments.Spaces;

namespace Sim.Environments.Checking;

/// <summary>What the contract promises to those who call it wrongly.</summary>
internal static class MisuseCheck
{
    private const int Lanes = 3, BadLane = 1;
    private const ulong Seed = 61;

    public static void StepBeforeReset(CheckRun run)
    {
        using var environments = run.Make(1, Seed);
        if (!Throws<InvalidOperationException>(environments.Step))
            run.Report("a step before the first reset does not throw InvalidOperationException");
    }

    public static void BadArguments(CheckRun run)
    {
        using var environments = run.Make(Lanes, Seed);
        environments.Reset();
        if (!Throws<ArgumentException>(() => environments.Reset(mask: new bool[Lanes + 1])))
            run.Report("a mask of the wrong length does not throw ArgumentException");
        if (!Throws<ArgumentException>(() => environments.Reset(options: new Dictionary<string, string> { ["no_such_option"] = "1" })))
            run.Report("an unknown reset option does not throw ArgumentException");
        if (!Throws<ArgumentException>(() => environments.Restore(0, new LaneSnapshot("another v1", new byte[4]))))
            run.Report("a snapshot of another environment does not throw ArgumentException");
    }

    public static void BadActions(CheckRun run)
    {
        using var any = run.Make(1, Seed);
        if (any.Spec.Action is Box)
        {
            Fault(run, "a NaN action", environments => environments.Actions[(BadLane * environments.Spec.Action.Size) + environments.Spec.Action.Size - 1] = float.NaN);
        }
        else
        {
            Fault(run, "an action below 0", environments => environments.DiscreteActions[BadLane * environments.Spec.Action.Size] = -1);
            Fault(run, "an action beyond the choices", environments => environments.DiscreteActions[BadLane * environments.Spec.Action.Size] = int.MaxValue);
        }
    }

    private static void Fault(CheckRun run, string what, Action<BatchEnvironment> spoil)
    {
        using var spoilt = run.Make(Lanes, Seed);
        using var sound = run.Make(Lanes, Seed);
        var outputs = new LaneOutputs(spoilt);
        spoilt.Reset();
        sound.Reset();
        for (int step = 1; step <= 3; step++) CheckRun.StepTogether(Seed, step, spoilt, sound);
        RandomActions.Fill(spoilt, Seed, 4);
        CheckRun.CopyActions(spoilt, sound);
        spoil(spoilt);
        spoilt.Step();
        sound.Step();
        if (!spoilt.Faulted[BadLane] || !spoilt.Terminated[BadLane]) run.Report($"{what} does not fault its lane");
        if (spoilt.Rewards[BadLane] != 0 || spoilt.IsSuccess[BadLane]) run.Report($"{what} earns a reward or a success");
        foreach (var group in spoilt.Shown)
        {
            if (group.Final.RowBytes(BadLane).ContainsAnyExcept((byte)0)) run.Report($"{what} leaves a final observation other than zeros", group.Name);
        }
        for (int step = 5; step <= 10; step++)
        {
            run.Compare($"{what} harms its neighbours", outputs, spoilt, sound, step - 4, lane => lane != BadLane);
            CheckRun.StepTogether(Seed, step, spoilt, sound);
            if (spoilt.Faulted[BadLane]) run.Report($"{what} faults the episodes after it");
        }
    }

    private static bool Throws<TException>(Action action) where TException : Exception
    {
        try
        {
            action();
            return false;
        }
        catch (TException)
        {
            return true;
        }
    }
}
