using System.Text.Json;
using Sim.Environments.Episodes;
using Sim.Environments.Spaces;
using Sim.Protocols.Exchange.Spaces;

namespace Sim.Protocols.Exchange;

/// <summary>
/// What a set of episodes says of itself beyond what a foreign format has a place for. It travels as one JSON object
/// that other readers ignore, so that an export can be imported again with nothing but its own file at hand.
/// </summary>
internal sealed record SourceDescription
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Registry id.</summary>
    public string Environment { get; init; } = "";

    public int Version { get; init; }

    /// <summary>The environment's settings, JSON as a text.</summary>
    public string Settings { get; init; } = "";

    /// <summary>Seconds between two actions.</summary>
    public float ControlPeriod { get; init; }

    public int TimeLimit { get; init; }

    /// <summary>The spaces as <see cref="SpaceText"/> has them.</summary>
    public string ObservationSpace { get; init; } = "";

    /// <inheritdoc cref="ObservationSpace"/>
    public string ActionSpace { get; init; } = "";

    /// <summary>Names of the numbers, by observation group.</summary>
    public Dictionary<string, string[]> ObservationLabels { get; init; } = [];

    public string[] ActionLabels { get; init; } = [];

    /// <summary>The box of the info outputs; empty where there are none.</summary>
    public string InfoSpace { get; init; } = "";

    public string[] InfoLabels { get; init; } = [];

    /// <summary>What the numbers of those that are categories are called.</summary>
    public Dictionary<string, string[]> InfoNames { get; init; } = [];

    public static SourceDescription Of(EpisodeSet set) => new()
    {
        Environment = set.Environment,
        Version = set.Version,
        Settings = set.Settings,
        ControlPeriod = set.ControlPeriod,
        TimeLimit = set.TimeLimit,
        ObservationSpace = SpaceText.Write(set.Observation),
        ActionSpace = SpaceText.Write(set.Action),
        ObservationLabels = EpisodeShape.Groups(set.Observation).ToDictionary(group => group.Name, group => group.Space.Labels.ToArray()),
        ActionLabels = set.Action is Box box ? [.. box.Labels] : [],
        InfoSpace = set.Info is null ? "" : SpaceText.Write(set.Info),
        InfoLabels = [.. set.Info?.Labels ?? []],
        InfoNames = set.InfoNames.ToDictionary(names => names.Key, names => names.Value.ToArray()),
    };

    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, s_json);

    /// <summary>The description in a JSON object, if it is one.</summary>
    /// <exception cref="InvalidDataException">It is something else than a description.</exception>
    public static SourceDescription? Read(JsonElement json)
    {
        if (json.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return null;
        try
        {
            var description = json.Deserialize<SourceDescription>(s_json);
            return description is null || (float.IsFinite(description.ControlPeriod) && description.ControlPeriod >= 0)
                ? description
                : throw new InvalidDataException($"a control period of {description.ControlPeriod} s is none");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"the description that Sim left in the data set is damaged: {error.Message}", error);
        }
    }

    /// <summary>Names of the numbers of an observation group; null for none.</summary>
    public IReadOnlyList<string>? LabelsOf(string group) => ObservationLabels?.GetValueOrDefault(group);

    /// <summary>The info outputs, for formats that keep them; null where there are none.</summary>
    /// <exception cref="InvalidDataException">Labels or names do not fit them.</exception>
    public Box? ToInfo()
    {
        if (string.IsNullOrEmpty(InfoSpace)) return null;
        if (SpaceText.ReadObservation(InfoSpace).WithLabels(_ => InfoLabels).ToSpace() is not Box { Type: ElementType.Float32 } box || box.Labels.Count != box.Size)
            throw new InvalidDataException($"the description of the info outputs, {InfoSpace} with {InfoLabels?.Length ?? 0} labels, does not hold together");
        foreach (var (label, names) in InfoNames ?? [])
        {
            if (!box.Labels.Contains(label) || names is not { Length: > 0 })
                throw new InvalidDataException($"the names of the info output '{label}' do not fit it");
        }
        return box;
    }

    /// <summary>The set that was described, with the spaces and the episodes of a file.</summary>
    public EpisodeSet ToSet(Space observation, Space action, IEnumerable<RecordedEpisode> episodes) => new()
    {
        Environment = Environment ?? "",
        Version = Version,
        Settings = Settings ?? "",
        ControlPeriod = ControlPeriod,
        TimeLimit = TimeLimit,
        Observation = observation,
        Action = action,
        Episodes = episodes,
    };
}
