using System.Text.RegularExpressions;
using Sim.Environments.Spaces;

namespace Sim.Environments.Checking;

/// <summary>
/// Finds where an environment breaks the contract of <see cref="BatchEnvironment"/>, by playing it with random actions:
/// what Gymnasium's <c>check_env</c> is for single environments.
/// </summary>
public static partial class EnvironmentChecker
{
    /// <summary>What clients tell of every environment beside its own info outputs, in Gymnasium's words.</summary>
    private static readonly string[] s_taken
        = ["episode", "faulted", "final_info", "final_obs", "is_success", "privileged", "reward_terms", "success"];

    /// <summary>Steps of a long check where the time limit does not say more.</summary>
    private const int FewestSteps = 200, MostSteps = 2000;

    /// <summary>Plays the environment and lists its problems, each broken rule once; an empty list is a good environment.</summary>
    /// <param name="definition">The environment.</param>
    /// <param name="settings">Its configuration; default when null.</param>
    /// <param name="steps">Length of the long checks; past the time limit, within reason, when 0.</param>
    public static IReadOnlyList<string> Check(EnvironmentDefinition definition, object? settings = null, int steps = 0)
    {
        ArgumentNullException.ThrowIfNull(definition);
        settings ??= definition.DefaultSettings;
        var spec = definition.Describe(settings);
        if (steps == 0) steps = Math.Clamp(spec.TimeLimit + 20, FewestSteps, MostSteps);
        var run = new CheckRun(definition, settings, steps);
        Guard(run, CheckSpec);
        Guard(run, MisuseCheck.StepBeforeReset);
        Guard(run, MisuseCheck.BadArguments);
        Guard(run, RolloutCheck.Outputs);
        Guard(run, RepeatabilityCheck.SeedsAndLanes);
        Guard(run, RepeatabilityCheck.NextEpisodes);
        Guard(run, RepeatabilityCheck.SnapshotsAndClones);
        Guard(run, RepeatabilityCheck.MaskedResets);
        Guard(run, RepeatabilityCheck.EpisodeStarts);
        Guard(run, AutoresetCheck.ModesAgree);
        Guard(run, MisuseCheck.BadActions);
        return run.Problems;
    }

    private static void Guard(CheckRun run, Action<CheckRun> check)
    {
        try
        {
            check(run);
        }
        catch (Exception error)
        {
            // Whatever an environment throws where the contract allows nothing is a finding.
            run.Report($"{check.Method.Name} threw {error.GetType().Name}", error.Message);
        }
    }

    private static void CheckSpec(CheckRun run)
    {
        using var environments = run.Make(3, seed: 0);
        var spec = environments.Spec;
        if (!KebabCase().IsMatch(spec.Id)) run.Report("the id is not kebab-case", spec.Id);
        if (spec.Summary.Length == 0) run.Report("the summary is empty");
        if (spec.TimeLimit < 0) run.Report("the time limit is negative", $"{spec.TimeLimit}");
        if (!(spec.ControlPeriod > 0)) run.Report("the control period is not positive", $"{spec.ControlPeriod}");
        if (!(spec.RewardRange.Low <= spec.RewardRange.High)) run.Report("the reward range is empty", $"{spec.RewardRange}");
        if (spec.RewardTerms.Count == 0 || spec.RewardTerms.Distinct().Count() != spec.RewardTerms.Count)
            run.Report("reward terms need one name each", string.Join(", ", spec.RewardTerms));
        if (environments.Count != 3) run.Report("a batch of 3 was asked for", $"it has {environments.Count}");
        CheckSpaces(run, environments);
    }

    private static void CheckSpaces(CheckRun run, BatchEnvironment environments)
    {
        var spec = environments.Spec;
        if (environments.Groups.Count == 0 || environments.Groups[0].Name != "observation")
            run.Report("the first group must be called observation", string.Join(", ", environments.Groups.Select(group => group.Name)));
        foreach (var group in environments.Shown)
        {
            if (group.Current.Rows != environments.Count || group.Current.Columns != group.Space.Size || group.Final.Columns != group.Space.Size)
                run.Report($"the buffers of {group.Name} do not fit its space", $"[{group.Current.Rows}, {group.Current.Columns}] for {group.Space}");
            if (group.Current.Type != group.Space.Type) run.Report($"the buffers of {group.Name} have another type than its space");
            if (group != environments.Info && spec.Observation is Dict dict && !dict.Entries.Any(entry => entry.Name == group.Name))
                run.Report($"the group {group.Name} is missing in the observation space");
        }
        if (spec.ObservationBox.Size != environments.Observations.Columns)
            run.Report("the observation space does not fit the observations", $"{spec.ObservationBox} for {environments.Observations.Columns} columns");
        CheckInfo(run, environments);
        int actions = environments.Count * spec.Action.Size;
        if (spec.Action is Box ? environments.Actions.Length != actions : environments.DiscreteActions.Length != actions)
            run.Report("the action buffer does not fit the action space", $"{spec.Action}");
    }

    private static void CheckInfo(CheckRun run, BatchEnvironment environments)
    {
        var (space, spec) = (environments.Info?.Space, environments.Spec);
        if (space?.Size != spec.Info?.Size) run.Report("the spec and the batch have other info outputs", $"{spec.Info} and {space}");
        if (spec.Info is { } info && info.Labels.Distinct().Count() != info.Size) run.Report("info outputs need one name each", string.Join(", ", info.Labels));
        foreach (string label in spec.Info?.Labels.Intersect(s_taken) ?? []) run.Report("an info output has the name of something that every environment tells", label);
        foreach (var (label, names) in spec.InfoNames)
        {
            if (spec.Info?.Labels.Contains(label) != true) run.Report("names are given to an info output that is none", label);
            if (names.Count == 0 || names.Distinct().Count() != names.Count) run.Report("the names of an info output need to differ", $"{label}: {string.Join(", ", names)}");
        }
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex KebabCase();
}
