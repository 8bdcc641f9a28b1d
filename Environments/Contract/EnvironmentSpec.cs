using Sim.Environments.Spaces;

namespace Sim.Environments;

/// <summary>What an environment is: everything an agent needs to know before the first step.</summary>
public sealed record EnvironmentSpec
{
    /// <summary>Kebab-case id; the version lives in <see cref="Version"/>.</summary>
    public required string Id { get; init; }

    /// <summary>Raised whenever the same seed and actions would give another trajectory.</summary>
    public int Version { get; init; } = 1;

    /// <summary>One sentence on the task.</summary>
    public required string Summary { get; init; }

    /// <summary>
    /// How it runs: <c>lanes</c> (scalar, SIMD-wide, GPU), <c>scene</c> (lanes with a physics world: scalar, SIMD-wide) or
    /// <c>scalar</c> (one environment a thread).
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>A <see cref="Box"/>, or a <see cref="Dict"/> where the task has more groups than one.</summary>
    public required Space Observation { get; init; }

    /// <summary>
    /// What a step tells beside the observation, for people, recordings and labels but never for an agent: a labelled
    /// number each; null where there is nothing.
    /// </summary>
    public Box? Info { get; init; }

    /// <summary>
    /// Info outputs that are categories, by label: what their whole numbers 0, 1, … are called, in order.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> InfoNames { get; init; }
        = new Dictionary<string, IReadOnlyList<string>>();

    public required Space Action { get; init; }

    /// <summary>Control steps after which an episode is truncated; 0 for no limit.</summary>
    public required int TimeLimit { get; init; }

    /// <summary>Seconds between two actions.</summary>
    public required float ControlPeriod { get; init; }

    /// <summary>Least and greatest reward of one step; infinite where unknown.</summary>
    public (float Low, float High) RewardRange { get; init; } = (float.NegativeInfinity, float.PositiveInfinity);

    /// <summary>Names of the terms whose sum is the reward.</summary>
    public required IReadOnlyList<string> RewardTerms { get; init; }

    /// <summary>True when the task says when an episode succeeded.</summary>
    public bool HasSuccess { get; init; }

    /// <summary>Mean episode return from which the task counts as solved; null where nobody says.</summary>
    public float? SolvedAt { get; init; }

    /// <summary>The configuration record.</summary>
    public required object Settings { get; init; }

    /// <summary>What snapshots of this environment are called: its id and version.</summary>
    public string SnapshotName => $"{Id} v{Version}";

    /// <summary>The box of the <c>observation</c> group.</summary>
    public Box ObservationBox => Observation as Box ?? ((Dict)Observation)["observation"];

    /// <summary>Numbers at the end of the observation that are the actions of the last steps: what has a memory need not look at them.</summary>
    public int PastActions => ObservationBox.Labels.Reverse().TakeWhile(label => label.StartsWith(PastActionPrefix, StringComparison.Ordinal)).Count();

    private const string PastActionPrefix = "action[-";

    /// <summary>What a component of the action <paramref name="age"/> steps ago is called in an observation.</summary>
    internal static string PastActionLabel(int age, int component) => $"{PastActionPrefix}{age}].{component}";

    /// <summary>The box of a goal where the task has goals, an <c>achieved_goal</c> and a <c>desired_goal</c>; else null.</summary>
    public Box? GoalBox
        => Observation is Dict groups && groups.Entries.Any(entry => entry.Name == "achieved_goal")
            ? groups.Entries.FirstOrDefault(entry => entry.Name == "desired_goal").Space
            : null;

    /// <summary>What an actor reads, as float32: the observation and, in goal tasks, the desired goal behind it. Bytes become fractions of their upper limit.</summary>
    /// <exception cref="ArgumentException">A goal task whose observation and goal are of different types.</exception>
    public Box ActorBox => GoalBox is { } goal ? Box.Join(ObservationBox, goal) : ObservationBox.AsUnit();
}
