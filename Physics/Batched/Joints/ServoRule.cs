using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Joints;

/// <summary>How position errors become bias velocities, and how impulses are limited: the rules of the soft constraints.</summary>
internal static class ServoRule
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Below this an error or impulse has no direction.</summary>
    private const float Tiny = 1e-10f;

    /// <summary>Of a limit that is violated where <paramref name="error"/> is positive: lets it be reached within one substep.</summary>
    [MethodImpl(Inline)]
    public static T LimitBias<T>(T error, T errorToVelocity, float inverseH) where T : unmanaged, ILane<T>
        => T.Min(error * inverseH, error * errorToVelocity);

    /// <summary>Of a servo in one dimension: at least the base speed, without overshoot, at most the maximum.</summary>
    [MethodImpl(Inline)]
    public static T Bias<T>(T error, Rows<T> parameters, float inverseH) where T : unmanaged, ILane<T>
    {
        T maximum = parameters.Scalar(ServoRows.MaximumSpeed);
        T least = T.Min(parameters.Scalar(ServoRows.BaseSpeed), T.Abs(error) * inverseH);
        T bias = error * parameters.Scalar(SoftnessRows.ErrorToVelocity);
        T size = T.Min(maximum, T.Max(least, T.Abs(bias)));
        return T.Select(bias < T.Of(0), -size, size);
    }

    /// <summary>
    /// Scale of a servo's error vector of length <paramref name="length"/> to its bias velocity. The base speed
    /// takes part in the limit alone and does not raise the result, as in the reference engine.
    /// </summary>
    [MethodImpl(Inline)]
    public static T BiasScale<T>(T length, Rows<T> parameters, float inverseH) where T : unmanaged, ILane<T>
    {
        T errorToVelocity = parameters.Scalar(SoftnessRows.ErrorToVelocity);
        T least = T.Min(parameters.Scalar(ServoRows.BaseSpeed), length * inverseH);
        T target = T.Max(least, length * errorToVelocity);
        T scale = T.Min(parameters.Scalar(ServoRows.MaximumSpeed) / target, T.Of(1));
        return T.Select(target < T.Of(Tiny), T.Of(1), scale) * errorToVelocity;
    }

    /// <summary>The bias velocity of an error vector.</summary>
    [MethodImpl(Inline)]
    public static Vec3<T> Bias<T>(Vec3<T> error, Rows<T> parameters, float inverseH) where T : unmanaged, ILane<T>
        => error * BiasScale(T.Sqrt(error.LengthSquared), parameters, inverseH);

    /// <summary>Scale that brings an impulse of length <paramref name="length"/> within its maximum.</summary>
    [MethodImpl(Inline)]
    public static T LimitScale<T>(T length, T maximum) where T : unmanaged, ILane<T>
        => T.Select(length < T.Of(Tiny), T.Of(1), T.Min(maximum / length, T.Of(1)));
}
