using Sim.Environments;
using Sim.Environments.Configuration;
using Sim.Environments.Episodes;
using Sim.Environments.Spaces;

namespace Sim.Agents.Training;

/// <summary>Whether demonstrations were made in the environment that is to be learnt for.</summary>
internal static class DemonstrationFit
{
    /// <exception cref="SettingsException">They were not; the message names both sides.</exception>
    public static void Check(EnvironmentSpec spec, EpisodeSet set)
    {
        var definition = Registry.All.FirstOrDefault(definition => definition.Id == spec.Id);
        if (set.Environment != spec.Id && definition?.Aliases.Contains(set.Environment) != true)
            throw new SettingsException($"the demonstrations are of {set.Environment}, not of {spec.Id}");
        if (set.Version != 0 && set.Version != spec.Version)
            throw new SettingsException($"the demonstrations are of version {set.Version} of {spec.Id}; this is version {spec.Version}");
        if (!SameActions(set.Action, spec.Action))
            throw new SettingsException($"the demonstrations act in {set.Action}; {spec.Id} takes {spec.Action}");
        var observed = set.Observation as Box ?? (set.Observation as Dict)?.Entries.FirstOrDefault(entry => entry.Name == "observation").Space;
        if (observed is null || observed.Size != spec.ObservationBox.Size || observed.Type != spec.ObservationBox.Type)
            throw new SettingsException($"the demonstrations observe {set.Observation}; {spec.Id} observes {spec.Observation}");
        if (spec.GoalBox is { } goal && (set.Observation as Dict)?.Entries.FirstOrDefault(entry => entry.Name == "desired_goal").Space?.Size != goal.Size)
            throw new SettingsException($"the demonstrations observe {set.Observation}; {spec.Id} has goals, {spec.Observation}");
        if (set.Settings.Length > 0) CheckSettings(spec, set.Settings);
    }

    private static bool SameActions(Space demonstrated, Space taken) => (demonstrated, taken) switch
    {
        (Discrete ours, Discrete theirs) => ours.Count == theirs.Count,
        (Box ours, Box theirs) => ours.Low.SequenceEqual(theirs.Low) && ours.High.SequenceEqual(theirs.High),
        _ => false,
    };

    private static void CheckSettings(EnvironmentSpec spec, string json)
    {
        object settings = SettingsJson.Read(spec.Settings.GetType(), json);
        var differing = SettingsField.Of(settings).Zip(SettingsField.Of(spec.Settings))
            .Where(pair => pair.First.ValueText != pair.Second.ValueText).ToArray();
        if (differing.Length == 0) return;
        string differences = string.Join(", ", differing.Select(pair => $"{pair.First.Key} = {pair.First.ValueText}, not {pair.Second.ValueText}"));
        string assignments = string.Join(' ', differing.Select(pair => $"{pair.First.Key}={pair.First.ValueText}"));
        throw new SettingsException($"the demonstrations were made under other settings of {spec.Id}: {differences}. To learn for those: --set {assignments}");
    }
}
