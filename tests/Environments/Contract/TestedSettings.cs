using Sim.Environments;
using Sim.Environments.Configuration;

namespace Sim.Tests.Environments.Contract;

/// <summary>Settings under which episodes of a task end within a test's run.</summary>
internal static class TestedSettings
{
    private const int LongestEpisode = 1000;

    /// <summary>The defaults, with a shorter limit where episodes may be long.</summary>
    public static object Of(EnvironmentDefinition definition)
        => definition.Describe(definition.DefaultSettings).TimeLimit <= LongestEpisode
            ? definition.DefaultSettings
            : SettingsOverride.Apply(definition.DefaultSettings, ["episode_steps=300"]);
}
