using System.Globalization;
using Sim.Agents;
using Sim.Cli.Commands;
using Sim.Cli.Output;
using Sim.Environments;
using Sim.Environments.Configuration;
using Sim.Environments.Spaces;

namespace Sim.Cli.Actions;

internal static class InfoAction
{
    private sealed record Setting(string Key, string Value, string Expected);

    private sealed record AgentRow(string Name, bool IsDefault, IReadOnlyList<Setting> Settings);

    /// <summary>An info output; <c>Names</c> are what its numbers 0, 1, … mean, empty where it is no category.</summary>
    private sealed record InfoOutput(string Label, IReadOnlyList<string> Names);

    private sealed record Answer(string Id, int Version, IReadOnlyList<string> Aliases, string Kind, string Summary, string Observation,
        IReadOnlyList<string> ObservationLabels, IReadOnlyList<InfoOutput> Info, string Action, int TimeLimit, float ControlPeriod, IReadOnlyList<string> RewardTerms,
        bool HasSuccess, float? SolvedAt, bool HasExpert, IReadOnlyList<Setting> Settings, IReadOnlyList<AgentRow> Agents);

    public static int Run(InfoRequest request, CommandOutput output)
    {
        var definition = Refusal.Of(() => Registry.Find(request.Environment));
        var spec = definition.Describe(definition.DefaultSettings);
        var settings = SettingsOf(definition.DefaultSettings);
        var suitable = Algorithms.All.Where(algorithm => algorithm.Suits(spec)).ToArray();
        var agents = suitable.Select(algorithm => new AgentRow(
            algorithm.Name, algorithm == Algorithms.DefaultFor(spec), SettingsOf(algorithm.PresetFor(spec).Settings))).ToArray();

        Describe(spec, definition, output);
        output.Line();
        output.Line("Settings of the environment (--set key=value):");
        output.Table(["key", "default", "expected"], settings.Select(Cells));
        foreach (var agent in agents)
        {
            output.Line();
            output.Line($"Settings of {agent.Name}{(agent.IsDefault ? ", the default agent" : "")}:");
            output.Table(["key", "here", "expected"], agent.Settings.Select(Cells));
        }
        output.Result(new Answer(spec.Id, spec.Version, definition.Aliases, spec.Kind, spec.Summary, spec.Observation.ToString(),
            spec.ObservationBox.Labels, InfoOf(spec), spec.Action.ToString(), spec.TimeLimit, spec.ControlPeriod, spec.RewardTerms, spec.HasSuccess,
            spec.SolvedAt, definition.Expert is not null, settings, agents));
        return ExitCode.Success;
    }

    private static void Describe(EnvironmentSpec spec, EnvironmentDefinition definition, CommandOutput output)
    {
        output.Line($"{spec.Id}, version {spec.Version}{(definition.Aliases.Count > 0 ? $" (also {string.Join(", ", definition.Aliases)})" : "")}");
        output.Line(spec.Summary);
        output.Line();
        foreach (var (name, box) in Groups(spec.Observation))
        {
            output.Line($"  {name}: {box}");
            foreach (string line in Labels(box.Labels).Chunk(6).Select(labels => string.Join(", ", labels)))
                output.Line($"    {line}");
        }
        if (spec.Info is { } info)
        {
            output.Line($"  info: {info}");
            foreach (var shown in InfoOf(spec))
                output.Line($"    {shown.Label}{(shown.Names.Count > 0 ? $": {string.Join(", ", shown.Names)}" : "")}");
        }
        output.Line($"  action: {spec.Action}");
        output.Line($"  reward: {string.Join(" + ", spec.RewardTerms)}{(spec.SolvedAt is { } solved ? $"; solved at a mean return of {solved.ToString(CultureInfo.InvariantCulture)}" : "")}");
        string limit = spec.TimeLimit > 0 ? $"{spec.TimeLimit} steps" : "no time limit";
        output.Line(string.Create(CultureInfo.InvariantCulture, $"  episode: {limit} of {spec.ControlPeriod:g4} s{(spec.HasSuccess ? ", which succeed or fail" : "")}"));
        output.Line($"  kind: {spec.Kind}");
        output.Line($"  scripted expert: {(definition.Expert is null ? "none" : "yes")}");
    }

    private static InfoOutput[] InfoOf(EnvironmentSpec spec)
        => [.. (spec.Info?.Labels ?? []).Select(label => new InfoOutput(label, spec.InfoNames.GetValueOrDefault(label, [])))];

    private static IEnumerable<(string Name, Box Space)> Groups(Space observation)
        => observation is Dict dict ? dict.Entries : [("observation", (Box)observation)];

    /// <summary>A long history of one thing is shown by its first and last label.</summary>
    private static IEnumerable<string> Labels(IReadOnlyList<string> labels)
    {
        const int Most = 4;
        for (int start = 0, end; start < labels.Count; start = end)
        {
            string stem = Stem(labels[start]);
            end = start + 1;
            while (end < labels.Count && Stem(labels[end]) == stem)
                end++;
            if (end - start > Most)
                yield return $"{labels[start]} … {labels[end - 1]}";
            else
                foreach (string label in labels.Skip(start).Take(end - start))
                    yield return label;
        }
    }

    private static string Stem(string label) => label.Split('[')[0];

    private static Setting[] SettingsOf(object settings)
        => [.. SettingsField.Of(settings).Select(field => new Setting(field.Key, field.ValueText, field.Expected))];

    private static string[] Cells(Setting setting) => [setting.Key, setting.Value, setting.Expected];
}
