using Sim.Environments.Spaces;

namespace Sim.Environments.Checking;

/// <summary>What the checks of one environment share: how to make it, how to act, where to report.</summary>
internal sealed class CheckRun(EnvironmentDefinition definition, object settings, int steps)
{
    private readonly HashSet<string> _rules = [];
    private readonly List<string> _problems = [];

    /// <summary>Steps of a long check.</summary>
    public int Steps { get; } = steps;

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Notes that a rule is broken; only the first finding of each rule is kept.</summary>
    public void Report(string rule, string detail = "")
    {
        if (_rules.Add(rule)) _problems.Add(detail.Length == 0 ? rule : $"{rule}: {detail}");
    }

    public BatchEnvironment Make(int count, ulong seed, AutoresetMode autoreset = AutoresetMode.SameStep)
        => definition.Create(new EnvironmentOptions { Count = count, Seed = seed, Autoreset = autoreset, Privileged = true }, settings);

    /// <summary>One random step of several batches of the same size with the same actions.</summary>
    public static void StepTogether(ulong actionSeed, int step, params ReadOnlySpan<BatchEnvironment> batches)
    {
        RandomActions.Fill(batches[0], actionSeed, step);
        foreach (var other in batches[1..]) CopyActions(batches[0], other);
        foreach (var batch in batches) batch.Step();
    }

    public static void CopyActions(BatchEnvironment from, BatchEnvironment to)
    {
        if (from.Spec.Action is Box) from.Actions.CopyTo(to.Actions);
        else from.DiscreteActions.CopyTo(to.DiscreteActions);
    }

    public static void CopyAction(BatchEnvironment from, int lane, BatchEnvironment to, int otherLane)
    {
        int size = from.Spec.Action.Size;
        if (from.Spec.Action is Box) from.Actions.Slice(lane * size, size).CopyTo(to.Actions[(otherLane * size)..]);
        else from.DiscreteActions.Slice(lane * size, size).CopyTo(to.DiscreteActions[(otherLane * size)..]);
    }

    /// <summary>Reports every lane in which two batches of the same size differ.</summary>
    public void Compare(string rule, LaneOutputs outputs, BatchEnvironment first, BatchEnvironment second, int step, Predicate<int>? lanes = null)
    {
        for (int lane = 0; lane < first.Count; lane++)
        {
            if (lanes is not null && !lanes(lane)) continue;
            if (outputs.Difference(first, lane, second, lane) is { } part) Report(rule, $"{part} of lane {lane} differs {step} steps on");
        }
    }
}
