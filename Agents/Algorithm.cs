using System.Collections.ObjectModel;
using Sim.Agents.Policies;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Environments.Configuration;
using Sim.Environments.Spaces;

namespace Sim.Agents;

/// <summary>A row of the table of algorithms.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Title">In words.</param>
/// <param name="SettingsType">Its settings record.</param>
/// <param name="PresetFor">What suits an environment; every environment has one.</param>
/// <param name="Create">Makes a learner; the settings are of <paramref name="SettingsType"/>.</param>
public sealed record Algorithm(string Name, string Title, Type SettingsType, Func<EnvironmentSpec, Preset> PresetFor,
    Func<LearnerContext, LearnerSettings, Learner> Create)
{
    /// <summary>Further presets for an environment, by name.</summary>
    public Func<EnvironmentSpec, IReadOnlyDictionary<string, Preset>> NamedPresets { get; init; } = _ => ReadOnlyDictionary<string, Preset>.Empty;

    /// <summary>The preset of a name; the environment's own where there is no name.</summary>
    /// <exception cref="SettingsException">There is none of that name; the message says which there are.</exception>
    public Preset FindPreset(EnvironmentSpec spec, string? name)
    {
        if (name is null) return PresetFor(spec);
        var named = NamedPresets(spec);
        if (named.TryGetValue(name, out var preset)) return preset;
        string choice = named.Count == 0
            ? $"{Name} has one preset for {spec.Id}, which needs no name: leave --preset out"
            : $"there {(named.Count == 1 ? "is" : "are")} {string.Join(", ", named.Keys)}";
        throw new SettingsException($"unknown preset '{name}': {choice}");
    }

    /// <summary>
    /// What a checkpoint's learner would act with, on the CPU; the caller disposes it. It takes the run's environment and
    /// the settings that it was trained with.
    /// </summary>
    /// <exception cref="InvalidDataException">The checkpoint is damaged, or belongs to another environment.</exception>
    public Func<EnvironmentSpec, LearnerSettings, Checkpoint, IPolicy> LoadPolicy { get; init; } = (spec, _, checkpoint) => Policy.Load(spec, checkpoint);

    /// <summary>Whether it learns choices.</summary>
    public bool TakesChoices { get; init; }

    /// <summary>Whether it learns continuous actions.</summary>
    public bool TakesNumbers { get; init; } = true;

    /// <summary>What demonstrations are to it.</summary>
    public DemonstrationUse Demonstrations { get; init; }

    /// <summary>Whether it can act in an environment.</summary>
    public bool Suits(EnvironmentSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return (TakesNumbers && spec.Action is Box) || (TakesChoices && spec.Action is Discrete);
    }
}

/// <summary>What demonstrations are to an algorithm.</summary>
public enum DemonstrationUse
{
    /// <summary>It learns from rewards alone.</summary>
    None,

    /// <summary>It learns from rewards, and from demonstrations too where there are any.</summary>
    Optional,

    /// <summary>It learns from nothing else.</summary>
    Required,
}

/// <summary>The table of all algorithms. A new one is a folder and a line here.</summary>
public static class Algorithms
{
    public static IReadOnlyList<Algorithm> All { get; } =
    [
        new("ppo", "proximal policy optimisation", typeof(Ppo.PpoSettings), Ppo.PpoPresets.For,
            (context, settings) => new Ppo.Ppo(context, (Ppo.PpoSettings)settings)) { TakesChoices = true, NamedPresets = Ppo.PpoPresets.Named },
        new("sac", "soft actor-critic", typeof(Sac.SacSettings), Sac.SacPresets.For,
            (context, settings) => new Sac.Sac(context, (Sac.SacSettings)settings)) { Demonstrations = DemonstrationUse.Optional },
        new("td3", "twin delayed deep deterministic policy gradient", typeof(Td3.Td3Settings), Td3.Td3Presets.For,
            (context, settings) => new Td3.Td3(context, (Td3.Td3Settings)settings)),
        new("ddpg", "deep deterministic policy gradient", typeof(Ddpg.DdpgSettings), Ddpg.DdpgPresets.For,
            (context, settings) => new Ddpg.Ddpg(context, (Ddpg.DdpgSettings)settings)) { Demonstrations = DemonstrationUse.Optional },
        new("bc", "behaviour cloning", typeof(Cloning.CloningSettings), Cloning.CloningPresets.For,
            (context, settings) => new Cloning.BehaviourCloning(context, (Cloning.CloningSettings)settings)) { TakesChoices = true, Demonstrations = DemonstrationUse.Required },
        new("dqn", "deep Q-learning", typeof(Dqn.DqnSettings), Dqn.DqnPresets.For,
            (context, settings) => new Dqn.Dqn(context, (Dqn.DqnSettings)settings))
        { TakesChoices = true, TakesNumbers = false, NamedPresets = Dqn.DqnPresets.Named },
        new("drama", "a Mamba world model, and an actor and critic in its imagination", typeof(Drama.DramaSettings), Drama.DramaPresets.For,
            (context, settings) => new Drama.Drama(context, (Drama.DramaSettings)settings))
        {
            TakesChoices = true,
            NamedPresets = Drama.DramaPresets.Named,
            LoadPolicy = (spec, settings, checkpoint) => Drama.DramaPolicy.Load(spec, (Drama.DramaSettings)settings, checkpoint),
        },
    ];

    /// <summary>Where another than the first suitable algorithm is the better choice: cheap steps are not all that counts.</summary>
    private static readonly Dictionary<string, string> s_preferred = new()
    {
        ["pendulum"] = "sac",
        ["mountain-car-continuous"] = "sac",
    };

    /// <exception cref="SettingsException">There is none of that name; the message names the nearest.</exception>
    public static Algorithm Find(string name)
        => All.FirstOrDefault(algorithm => algorithm.Name == name)
            ?? throw new SettingsException($"unknown agent '{name}'; the nearest is '{NearestName.Of(name, All.Select(algorithm => algorithm.Name))}'");

    /// <summary>The algorithm of an environment when nobody names one: one that needs nothing but the environment.</summary>
    /// <exception cref="SettingsException">No algorithm can act in it.</exception>
    public static Algorithm DefaultFor(EnvironmentSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var suitable = All.Where(algorithm => algorithm.Suits(spec) && algorithm.Demonstrations != DemonstrationUse.Required).ToArray();
        return suitable.FirstOrDefault(algorithm => algorithm.Name == (spec.GoalBox is null ? s_preferred.GetValueOrDefault(spec.Id) : "ddpg"))
            ?? suitable.FirstOrDefault()
            ?? throw new SettingsException($"no agent takes the actions of {spec.Id}: {spec.Action}");
    }
}
