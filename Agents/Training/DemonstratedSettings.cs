using System.ComponentModel.DataAnnotations;

namespace Sim.Agents.Training;

/// <summary>Settings of algorithms that learn by themselves and, where there are any, from demonstrations too.</summary>
public abstract record DemonstratedSettings : OffPolicySettings
{
    /// <summary>Demonstrated transitions of one update, beside those of the agent's own.</summary>
    [Range(1, 1 << 20)] public int DemonstrationBatch { get; init; } = 128;

    /// <summary>Weight of the distance between the policy's actions and the demonstrated ones in the actor's loss.</summary>
    [Range(0f, 1e6f)] public float CloningWeight { get; init; } = 5;

    /// <summary>Whether that distance counts only where the target critic rates the demonstrated action higher than the policy's.</summary>
    public bool QFilter { get; init; } = true;
}
