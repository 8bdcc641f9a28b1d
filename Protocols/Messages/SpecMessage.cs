using MessagePack;
using Sim.Environments;
using Sim.Environments.Configuration;
using Sim.Environments.Spaces;

namespace Sim.Protocols.Messages;

/// <summary>What an environment is under its settings.</summary>
[MessagePackObject]
public sealed record SpecMessage
{
    /// <summary>Kebab-case id.</summary>
    [Key(0)] public required string Id { get; init; }

    /// <summary>Raised whenever the same seed and actions would give another trajectory.</summary>
    [Key(1)] public required int Version { get; init; }

    /// <summary>One sentence.</summary>
    [Key(2)] public required string Summary { get; init; }

    /// <summary><c>lanes</c> or <c>scalar</c>.</summary>
    [Key(3)] public required string Kind { get; init; }

    [Key(4)] public required SpaceMessage Observation { get; init; }

    [Key(5)] public required SpaceMessage Action { get; init; }

    /// <summary>Control steps after which an episode is truncated; 0 for no limit.</summary>
    [Key(6)] public required int TimeLimit { get; init; }

    /// <summary>Seconds between two actions.</summary>
    [Key(7)] public required float ControlPeriod { get; init; }

    /// <summary>Least and greatest reward of one step; infinite where unknown.</summary>
    [Key(8)] public required float RewardLow { get; init; }

    [Key(9)] public required float RewardHigh { get; init; }

    /// <summary>Names of the terms whose sum is the reward.</summary>
    [Key(10)] public required string[] RewardTerms { get; init; }

    /// <summary>True when the task says when an episode succeeded.</summary>
    [Key(11)] public required bool HasSuccess { get; init; }

    /// <summary>Mean return from which the task counts as solved; null where nobody says.</summary>
    [Key(12)] public float? SolvedAt { get; init; }

    /// <summary>The settings as JSON, keys in snake_case.</summary>
    [Key(13)] public required string Settings { get; init; }

    /// <summary>A box of what a step tells beside the observation; null where it tells nothing.</summary>
    [Key(14)] public SpaceMessage? Info { get; init; }

    /// <summary>What the numbers 0, 1, … of those info outputs that are categories are called, by label.</summary>
    [Key(15)] public Dictionary<string, string[]>? InfoNames { get; init; }

    public static SpecMessage Of(EnvironmentSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new()
        {
            Id = spec.Id,
            Version = spec.Version,
            Summary = spec.Summary,
            Kind = spec.Kind,
            Observation = SpaceMessage.Of(spec.Observation),
            Action = SpaceMessage.Of(spec.Action),
            TimeLimit = spec.TimeLimit,
            ControlPeriod = spec.ControlPeriod,
            RewardLow = spec.RewardRange.Low,
            RewardHigh = spec.RewardRange.High,
            RewardTerms = [.. spec.RewardTerms],
            HasSuccess = spec.HasSuccess,
            SolvedAt = spec.SolvedAt,
            Settings = SettingsJson.Element(spec.Settings).GetRawText(),
            Info = spec.Info is null ? null : SpaceMessage.Of(spec.Info),
            InfoNames = spec.InfoNames.Count == 0 ? null : spec.InfoNames.ToDictionary(names => names.Key, names => names.Value.ToArray()),
        };
    }

    /// <summary>The spec, with settings of the given type; of JSON where it is null.</summary>
    /// <exception cref="ArgumentException">A space does not hold together.</exception>
    /// <exception cref="SettingsException">The settings are not of the type.</exception>
    public EnvironmentSpec ToSpec(Type? settings) => new()
    {
        Id = Id,
        Version = Version,
        Summary = Summary,
        Kind = Kind,
        Observation = Observation.ToSpace(),
        Action = Action.ToSpace(),
        TimeLimit = TimeLimit,
        ControlPeriod = ControlPeriod,
        RewardRange = (RewardLow, RewardHigh),
        RewardTerms = RewardTerms,
        HasSuccess = HasSuccess,
        SolvedAt = SolvedAt,
        Settings = SettingsJson.Read(settings ?? typeof(System.Text.Json.JsonElement), Settings),
        Info = ToInfo(),
        InfoNames = ToInfoNames(),
    };

    /// <summary>Names of the info outputs that are categories; see <see cref="ToInfo"/> on whether they fit.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ToInfoNames()
        => (InfoNames ?? []).ToDictionary(names => names.Key, names => (IReadOnlyList<string>)names.Value);

    /// <summary>The box of the info outputs; null where there are none.</summary>
    /// <exception cref="ArgumentException">It is no labelled box, or names belong to no label or leave a value without a word.</exception>
    public Box? ToInfo()
    {
        if (Info is null && InfoNames is null or { Count: 0 }) return null;
        if (Info?.ToSpace() is not Box { Type: ElementType.Float32, Shape.Count: 1 } box || box.Labels.Count != box.Size)
            throw new ArgumentException($"info outputs of {Id} are no labelled float32 vector");
        foreach (var (label, names) in InfoNames ?? [])
        {
            int at = box.Labels.ToList().IndexOf(label);
            if (at < 0 || names is not { Length: > 0 } || box.Low[at] != 0 || box.High[at] != names.Length - 1 || names.Contains(null))
                throw new ArgumentException($"the names of the info output '{label}' of {Id} do not fit its numbers");
        }
        return box;
    }
}
