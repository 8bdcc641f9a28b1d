using Sim.Environments;

namespace Sim.Agents.Cloning;

/// <summary>Behaviour cloning's settings by environment; <c>docs/agents/bc.md</c> has what they reach.</summary>
public static class CloningPresets
{
    private static Preset Default { get; } = new(new CloningSettings { Environments = 8, Steps = 1_000_000 });

    /// <summary>Half as wide a network lost seven episodes in a hundred where this one lost three.</summary>
    private static Preset Quadrotor { get; } = new(new CloningSettings { Environments = 8, Steps = 2_000_000, Hidden = [128, 128] });

    /// <summary>What suits an environment: its family's row or the default.</summary>
    public static Preset For(EnvironmentSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Id.StartsWith("quadrotor-", StringComparison.Ordinal) ? Quadrotor : Default;
    }

    /// <summary>The settings of <see cref="For"/>, to learn in process.</summary>
    public static CloningSettings SettingsFor(EnvironmentSpec spec) => (CloningSettings)For(spec).Settings;
}
