using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical;

/// <summary>The one reward term of goal tasks: 0 where the goal is reached, else −1.</summary>
public struct GoalTerm<T> where T : unmanaged, ILane<T>
{
    public T Goal;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GoalTerm<T> Of(T reached) => new() { Goal = T.Select(reached, T.Of(0), T.Of(-1)) };
}

/// <summary>Rewards of goal tasks as functions of goals alone, by the arithmetic of the lanes.</summary>
public static class GoalRewards
{
    /// <summary>Mask: within a distance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Near<T>(Vec3<T> achieved, Vec3<T> desired, float distance) where T : unmanaged, ILane<T>
        => (achieved - desired).LengthSquared < T.Of(distance * distance);

    /// <summary>0 where the goal is reached, else −1.</summary>
    public static float Of(Lane1 reached) => GoalTerm<Lane1>.Of(reached).Goal.Value;

    public static Vec3<Lane1> Vector(ReadOnlySpan<float> values) => new(new(values[0]), new(values[1]), new(values[2]));
}
