using Sim.Environments;
using Sim.Environments.Spaces;

namespace Sim.Protocols.Exchange;

/// <summary>What the registry knows of an environment that a foreign data set names.</summary>
internal static class KnownEnvironment
{
    private const string Namespace = "sim/";

    /// <summary>Gymnasium's name of an environment of ours.</summary>
    public static string GymnasiumId(string environment) => Namespace + environment;

    /// <summary>The definition of an id such as <c>sim/pendulum</c>, or of a name such as <c>Pendulum-v1</c>; null for others.</summary>
    public static EnvironmentDefinition? Find(string name)
    {
        string id = name.StartsWith(Namespace, StringComparison.Ordinal) ? name[Namespace.Length..] : name;
        return Registry.All.FirstOrDefault(definition => definition.Id == id || definition.Aliases.Contains(id));
    }

    /// <summary>The registry's names for the numbers of an observation group; null where there are none.</summary>
    public static IReadOnlyList<string>? LabelsOf(string name, string group)
        => Describe(name) is { } spec
            ? EpisodeShape.Groups(spec.Observation).FirstOrDefault(known => known.Name == group).Space?.Labels
            : null;

    /// <summary>The registry's names for the numbers of an action; null where there are none.</summary>
    public static IReadOnlyList<string>? ActionLabelsOf(string name) => (Describe(name)?.Action as Box)?.Labels;

    private static EnvironmentSpec? Describe(string name) => Find(name) is { } definition ? definition.Describe(definition.DefaultSettings) : null;
}
