using System.Text.Json;

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

    /// <summary>Threads that step them.</summary>
    public required int Threads { get; init; }

    /// <summary><c>cpu</c> or <c>cuda:0</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Environment steps to train for.</summary>
    public required long Steps { get; init; }

    /// <summary>The environment's settings record, overrides applied.</summary>
    public required JsonElement EnvironmentSettings { get; init; }

    /// <summary>The agent's settings record, overrides applied.</summary>
    public required JsonElement AgentSettings { get; init; }
}
