using System.ComponentModel.DataAnnotations;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>Where a thing is to be carried. Lengths are nominal metres.</summary>
public record struct CarryGoalSettings()
{
    /// <summary>Mean of the goals.</summary>
    public float X { get; init; } = 0.55f;

    /// <inheritdoc cref="X"/>
    public float Y { get; init; }

    /// <summary>Height of all goals.</summary>
    public float Z { get; init; } = 0.7152f;

    /// <summary>Standard deviation of the goals along x and y.</summary>
    [Range(0f, 0.05f)] public float Spread { get; init; } = 0.01f;

    /// <summary>Distance from the goal that counts as a success.</summary>
    [Range(0.0005f, 0.05f)] public float SuccessDistance { get; init; } = 0.005f;

    /// <summary>A goal, world units.</summary>
    public readonly void Draw<T>(ref Draws<T> draws, float scale, out Vec3<T> goal) where T : unmanaged, ILane<T>
        => goal = new Vec3<T>((draws.Normal() * Spread) + X, (draws.Normal() * Spread) + Y, T.Of(Z)) * T.Of(scale);

    /// <summary>Mask: the goal is reached.</summary>
    public readonly T Reached<T>(in Vec3<T> achieved, in Vec3<T> goal, float scale) where T : unmanaged, ILane<T>
        => GoalRewards.Near(achieved, goal, SuccessDistance * scale);
}
