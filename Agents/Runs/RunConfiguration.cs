using System.Text.Json;
using System.Text.Json.Serialization;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Environments.Configuration;

namespace Sim.Agents.Runs;

/// <summary>All that is needed to repeat a run: kept as <c>configuration.json</c> in its folder.</summary>
public sealed record RunConfiguration
{
    /// <summary>Registry id, such as <c>quadrotor-hover</c>.</summary>
    public required string Environment { get; init; }

    /// <summary>Name of the algorithm, such as <c>ppo</c>.</summary>
    public required string Agent { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Number of environments stepped together.</summary>
    public required int Environments { get; init; }

    /// <summary>Threads that step them; 0 for as many as batch and processor suggest. Results do not depend on it.</summary>
    public required int Threads { get; init; }

    /// <summary><c>cpu</c> or <c>cuda:0</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Environment steps to train for.</summary>
    public required long Steps { get; init; }

    /// <summary>When training may end earlier.</summary>
    public EarlyStop? Stop { get; init; }

    /// <summary>Files of demonstrations that the agent learns from, in their order; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DemonstrationFile>? Demonstrations { get; init; }

    /// <summary>The environment's settings record, overrides applied: what the agent is evaluated in.</summary>
    public required JsonElement EnvironmentSettings { get; init; }

    /// <summary>What it is trained in: the same, but for the preset's overrides.</summary>
    public required JsonElement TrainingSettings { get; init; }

    /// <summary>The agent's settings record, overrides applied.</summary>
    public required JsonElement AgentSettings { get; init; }

    /// <summary>What a run will be, from what was asked for and the preset for all else. Nothing is made or written.</summary>
    /// <exception cref="ArgumentException">No such environment; the message names the nearest.</exception>
    /// <exception cref="SettingsException">
    /// No such agent or setting, a value out of range, or an agent that cannot act in the environment.
    /// </exception>
    public static RunConfiguration Plan(string environment, ulong seed, RunChoices choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        var definition = Registry.Find(environment);
        var spec = definition.Describe(definition.DefaultSettings);
        var algorithm = choices.Agent is { } name ? Algorithms.Find(name) : Algorithms.DefaultFor(spec);
        if (!algorithm.Suits(spec))
            throw new SettingsException($"{algorithm.Name} does not take the actions of {spec.Id}, {spec.Action}; use {Algorithms.DefaultFor(spec).Name}");
        CheckDemonstrations(algorithm, spec, choices.Demonstrations);

        var preset = algorithm.FindPreset(spec, choices.Preset);
        var presetSettings = choices.Demonstrations.Count > 0 && preset.WithDemonstrations is { } demonstrated ? demonstrated : preset.Settings;
        var (judged, agent) = Override(definition.DefaultSettings, algorithm.Name, presetSettings, choices.Settings);
        object training = SettingsOverride.Apply(definition.DefaultSettings, preset.TrainingOverrides);
        (training, _) = Override(training, algorithm.Name, presetSettings, choices.Settings);
        agent = agent with { Environments = choices.Environments ?? agent.Environments, Steps = choices.Steps ?? agent.Steps };
        return new RunConfiguration
        {
            Environment = definition.Id,
            Agent = algorithm.Name,
            Seed = seed,
            Environments = agent.Environments,
            Threads = choices.Threads ?? 0,
            Device = choices.Device ?? "cpu",
            Steps = agent.Steps,
            Stop = preset.Stop,
            Demonstrations = choices.Demonstrations.Count > 0 ? choices.Demonstrations : null,
            EnvironmentSettings = SettingsJson.Element(judged),
            TrainingSettings = SettingsJson.Element(training),
            AgentSettings = SettingsJson.Element(agent),
        };
    }

    /// <summary>The run that a learner in this process is doing.</summary>
    public static RunConfiguration Of(Learner learner)
    {
        ArgumentNullException.ThrowIfNull(learner);
        var (environments, context) = (learner.Context.Environments, learner.Context);
        var settings = SettingsJson.Element(environments.Spec.Settings);
        return new RunConfiguration
        {
            Environment = environments.Spec.Id,
            Agent = learner.Algorithm,
            Seed = context.Seed,
            Environments = environments.Count,
            Threads = environments.Threads,
            Device = context.Device,
            Steps = context.TotalSteps,
            EnvironmentSettings = settings,
            TrainingSettings = settings,
            AgentSettings = SettingsJson.Element(learner.Settings with { Environments = environments.Count, Steps = context.TotalSteps }),
        };
    }

    /// <summary>The registry's row.</summary>
    public EnvironmentDefinition FindEnvironment() => Registry.Find(Environment);

    /// <summary>What the agent is evaluated in.</summary>
    /// <exception cref="SettingsException">The saved record is of another version.</exception>
    public object ReadEnvironmentSettings() => SettingsJson.Read(FindEnvironment().DefaultSettings.GetType(), EnvironmentSettings.GetRawText());

    /// <inheritdoc cref="ReadEnvironmentSettings"/>
    public object ReadTrainingSettings() => SettingsJson.Read(FindEnvironment().DefaultSettings.GetType(), TrainingSettings.GetRawText());

    /// <inheritdoc cref="ReadEnvironmentSettings"/>
    public LearnerSettings ReadAgentSettings() => (LearnerSettings)SettingsJson.Read(Algorithms.Find(Agent).SettingsType, AgentSettings.GetRawText());

    private static void CheckDemonstrations(Algorithm algorithm, EnvironmentSpec spec, IReadOnlyList<DemonstrationFile> files)
    {
        if (algorithm.Demonstrations == DemonstrationUse.Required && files.Count == 0)
            throw new SettingsException($"{algorithm.Name} learns from demonstrations: name their files by --demos FILE...");
        if (algorithm.Demonstrations == DemonstrationUse.None && files.Count > 0)
        {
            string others = string.Join(", ", Algorithms.All.Where(other => other.Demonstrations != DemonstrationUse.None && other.Suits(spec)).Select(other => $"--agent {other.Name}"));
            throw new SettingsException($"{algorithm.Name} does not learn from demonstrations: leave --demos out, or choose {others}");
        }
    }

    private static (object Environment, LearnerSettings Agent) Override(object environment, string name, LearnerSettings agent, IEnumerable<string> assignments)
    {
        var groups = SettingsOverride.Apply([new SettingsGroup("environment", environment), new SettingsGroup(name, agent)], assignments);
        return (groups[0].Settings, (LearnerSettings)groups[1].Settings);
    }
}
