using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Joints;

/// <summary>Accumulated impulses with a limit: adds a change and leaves in it what was really added.</summary>
internal static class LimitedImpulse
{
    /// <summary>A vector, limited in length.</summary>
    public static void Accumulate<T>(Rows<T> impulse, T maximum, ref Vec3<T> change) where T : unmanaged, ILane<T>
    {
        var before = impulse.Vector(0);
        var sum = before + change;
        sum *= ServoRule.LimitScale(T.Sqrt(sum.LengthSquared), maximum);
        impulse.Put(0, sum);
        change = sum - before;
    }

    /// <summary>A scalar, not below zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T AccumulatePositive<T>(Rows<T> impulse, T change) where T : unmanaged, ILane<T>
    {
        T before = impulse.Scalar(0);
        T sum = T.Max(T.Of(0), before + change);
        impulse.Put(0, sum);
        return sum - before;
    }

    /// <summary>A scalar, limited in size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Accumulate<T>(Rows<T> impulse, T maximum, T change) where T : unmanaged, ILane<T>
    {
        T before = impulse.Scalar(0);
        T sum = LaneMath.Clamp(before + change, maximum);
        impulse.Put(0, sum);
        return sum - before;
    }
}
