namespace Sim.Environments.Checking;

/// <summary>
/// Plays the three autoreset modes side by side with the same actions. Until a lane's first end they must agree; then
/// each must do what <see cref="AutoresetMode"/> says of it, and all must start the same next episode.
/// </summary>
internal sealed class AutoresetCheck
{
    private const int Lanes = 4;
    private const ulong Seed = 43;

    /// <summary>Steps for which an ended lane is watched standing still.</summary>
    private const int StandingSteps = 3;

    private readonly CheckRun _run;
    private readonly BatchEnvironment _same, _next, _disabled;
    private readonly LaneOutputs _outputs;
    private readonly byte[][] _firstShown = new byte[Lanes][];
    private readonly (bool Terminated, bool Truncated)[] _flags = new (bool, bool)[Lanes];

    /// <summary>Steps since each lane's first end; −1 before it.</summary>
    private readonly int[] _sinceEnd = [-1, -1, -1, -1];

    private AutoresetCheck(CheckRun run, BatchEnvironment same, BatchEnvironment next, BatchEnvironment disabled)
    {
        (_run, _same, _next, _disabled) = (run, same, next, disabled);
        _outputs = new LaneOutputs(same);
    }

    public static void ModesAgree(CheckRun run)
    {
        using var same = run.Make(Lanes, Seed);
        using var next = run.Make(Lanes, Seed, AutoresetMode.NextStep);
        using var disabled = run.Make(Lanes, Seed, AutoresetMode.Disabled);
        foreach (var batch in (BatchEnvironment[])[same, next, disabled]) batch.Reset();
        var check = new AutoresetCheck(run, same, next, disabled);
        for (int step = 1; step <= run.Steps + StandingSteps && check._sinceEnd.Any(steps => steps < StandingSteps); step++)
        {
            CheckRun.StepTogether(Seed, step, same, next, disabled);
            for (int lane = 0; lane < Lanes; lane++) check.CheckLane(lane);
        }
    }

    private void CheckLane(int lane)
    {
        if (_sinceEnd[lane] >= StandingSteps) return;
        if (_sinceEnd[lane] < 0)
        {
            CheckRunning(lane);
            if (_same.Terminated[lane] || _same.Truncated[lane]) CheckEnd(lane);
            return;
        }
        _sinceEnd[lane]++;
        if (_sinceEnd[lane] == 1) CheckNextStep(lane);
        CheckStanding(lane);
        if (_sinceEnd[lane] == StandingSteps) CheckMaskedReset(lane);
    }

    private void CheckRunning(int lane)
    {
        foreach (var other in (ReadOnlySpan<BatchEnvironment>)[_next, _disabled])
        {
            if (_same.Rewards[lane] != other.Rewards[lane] || _same.Terminated[lane] != other.Terminated[lane] || _same.Truncated[lane] != other.Truncated[lane])
                _run.Report($"{other.Autoreset} plays another episode than SameStep", $"lane {lane}");
        }
    }

    private void CheckEnd(int lane)
    {
        _sinceEnd[lane] = 0;
        _flags[lane] = (_same.Terminated[lane], _same.Truncated[lane]);
        _firstShown[lane] = Rows(_same, lane);
        foreach (var other in (ReadOnlySpan<BatchEnvironment>)[_next, _disabled])
        {
            byte[] last = Rows(other, lane);
            if (!last.SequenceEqual(FinalRows(_same, lane)))
                _run.Report("the final observation is not the last one of its episode", $"lane {lane}, against {other.Autoreset}");
            if (!last.SequenceEqual(FinalRows(other, lane)))
                _run.Report($"{other.Autoreset} does not keep the final observation", $"lane {lane}");
        }
    }

    private void CheckNextStep(int lane)
    {
        if (_next.Rewards[lane] != 0 || _next.Terminated[lane] || _next.Truncated[lane])
            _run.Report("NextStep gives its reset row a reward or a flag", $"lane {lane}");
        if (!Rows(_next, lane).SequenceEqual(_firstShown[lane]))
            _run.Report("NextStep starts another episode than SameStep", $"lane {lane}");
    }

    private void CheckStanding(int lane)
    {
        if (_disabled.Rewards[lane] != 0 || (_disabled.Terminated[lane], _disabled.Truncated[lane]) != _flags[lane])
            _run.Report("Disabled gives an ended lane a reward or drops its flags", $"lane {lane}");
        if (!Rows(_disabled, lane).SequenceEqual(FinalRows(_disabled, lane)))
            _run.Report("Disabled moves an ended lane", $"lane {lane}");
    }

    private void CheckMaskedReset(int lane)
    {
        byte[] before = ShowOthers(lane);
        bool[] mask = new bool[Lanes];
        mask[lane] = true;
        _disabled.Reset(mask: mask);
        if (!ShowOthers(lane).AsSpan().SequenceEqual(before)) _run.Report("a masked reset touches lanes outside its mask", $"mask of lane {lane}");
        if (_disabled.Rewards[lane] != 0 || _disabled.Terminated[lane] || _disabled.Truncated[lane])
            _run.Report("a masked reset leaves a reward or a flag behind", $"lane {lane}");
        if (!Rows(_disabled, lane).SequenceEqual(_firstShown[lane]))
            _run.Report("Disabled starts another episode than SameStep", $"lane {lane}");
    }

    /// <summary>What a lane shows: observations and info outputs.</summary>
    private static byte[] Rows(BatchEnvironment environments, int lane)
        => [.. environments.Shown.SelectMany(group => group.Current.RowBytes(lane).ToArray())];

    private static byte[] FinalRows(BatchEnvironment environments, int lane)
        => [.. environments.Shown.SelectMany(group => group.Final.RowBytes(lane).ToArray())];

    private byte[] ShowOthers(int lane)
    {
        byte[] shown = new byte[_outputs.Size * Lanes];
        for (int other = 0; other < Lanes; other++)
        {
            if (other != lane) _outputs.Write(_disabled, other, shown.AsSpan(other * _outputs.Size));
        }
        return shown;
    }
}
