using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>Rewards of goal tasks as functions of goals alone, by the arithmetic of the lanes.</summary>
public static class GoalRewards
{
    /// <summary>Mask: within a distance.</summary>
    public static T Near<T>(Vec3<T> achieved, Vec3<T> desired, float distance) where T : unmanaged, ILane<T>
        => (achieved - desired).LengthSquared < T.Of(distance * distance);

    /// <summary>0 within a distance, else −1.</summary>
    public static float Sphere(ReadOnlySpan<float> achieved, ReadOnlySpan<float> desired, float distance)
        => GoalTerm<Lane1>.Of(Near(Vector(achieved), Vector(desired), distance)).Goal.Value;

    public static Vec3<Lane1> Vector(ReadOnlySpan<float> values) => new(new(values[0]), new(values[1]), new(values[2]));
}
