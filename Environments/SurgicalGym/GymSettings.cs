using System.ComponentModel.DataAnnotations;

namespace Sim.Environments.SurgicalGym;

/// <summary>What the ball does in an episode.</summary>
public enum BallMotion
{
    /// <summary>It stays where it was drawn: the source's <c>target_reach</c>.</summary>
    Still,

    /// <summary>It drifts with a momentum that random pushes change: the source's <c>active_tracking</c>.</summary>
    Drifting,
}

/// <summary>Where the ball is drawn and how it drifts. Places are in the environment's own frame, z up.</summary>
public record struct BallSettings()
{
    public BallMotion Motion { get; init; }

    /// <summary>Mean of the ball's x, m.</summary>
    [Range(-10f, 10f)] public float X { get; init; }

    /// <summary>Mean of the ball's y, m.</summary>
    [Range(-10f, 10f)] public float Y { get; init; }

    /// <summary>Mean of the ball's z, m.</summary>
    [Range(-10f, 10f)] public float Z { get; init; }

    /// <summary>Standard deviation of the ball's place in each axis, m.</summary>
    [Range(0f, 1f)] public float Deviation { get; init; }

    /// <summary>Standard deviation of one step's push on the momentum in each axis, m a step.</summary>
    [Range(0f, 0.1f)] public float Push { get; init; } = 1e-4f;

    /// <summary>A drifting ball stays within ± this of its mean in each axis, m.</summary>
    [Range(0f, 1f)] public float Reach { get; init; } = 0.2f;
}

/// <summary>The position drive of a joint: torque = stiffness · (target − angle) − damping · speed.</summary>
public record struct DriveSettings()
{
    /// <summary>N·m/rad, or N/m where the joint slides.</summary>
    [Range(0.001f, 1e9f)] public float Stiffness { get; init; }

    /// <summary>N·m·s/rad, or N·s/m where the joint slides.</summary>
    [Range(0f, 1e9f)] public float Damping { get; init; }

    /// <summary>
    /// What the drive moves, kg·m² or kg. 0 is the limit of a load that is light beside damping times the control
    /// period, which the source's arms are: 25 and more against hundredths of a kg·m².
    /// </summary>
    [Range(0f, 1e6f)] public float Inertia { get; init; }
}
