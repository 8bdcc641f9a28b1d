using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Arms;

/// <summary>
/// What both da Vinci arms share: yaw and pitch turn a shaft about a remote centre of motion (RCM), through which it
/// slides. Frames are seen from the RCM frame.
/// </summary>
public static class Shaft
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Axes behind yaw, pitch and insertion: the product of the first three rows of either arm. z is the shaft's direction.</summary>
    [MethodImpl(Inline)]
    public static void Axes<T>(T yawSin, T yawCos, T pitchSin, T pitchCos, out Rotation<T> axes) where T : unmanaged, ILane<T>
    {
        axes.X = new Vec3<T>(-(yawSin * pitchSin), -pitchCos, yawCos * pitchSin);
        axes.Y = new Vec3<T>(-yawCos, T.Of(0), -yawSin);
        axes.Z = new Vec3<T>(yawSin * pitchCos, -pitchSin, -(yawCos * pitchCos));
    }

    /// <summary>
    /// The yaw and pitch that point the shaft at a place on it, with their axes.
    /// </summary>
    /// <param name="point">A place beyond the RCM.</param>
    /// <param name="yaw">rad.</param>
    /// <param name="pitch">rad, within ±π/2.</param>
    /// <param name="distance">From the RCM, in the unit of <paramref name="point"/>.</param>
    /// <param name="axes">As <see cref="Axes"/>; finite everywhere, of no meaning at the RCM and straight along y.</param>
    public static void Aim<T>(in Vec3<T> point, out T yaw, out T pitch, out T distance, out Rotation<T> axes) where T : unmanaged, ILane<T>
    {
        T least = T.Of(1e-12f);
        T level = T.Sqrt(T.Fma(point.X, point.X, point.Z * point.Z));
        distance = T.Sqrt(T.Fma(point.Y, point.Y, level * level));
        yaw = LaneMath.Atan2(point.X, -point.Z);
        pitch = LaneMath.Atan2(-point.Y, level);
        T perLevel = 1f / T.Max(level, least), perDistance = 1f / T.Max(distance, least);
        Axes(point.X * perLevel, -(point.Z * perLevel), -(point.Y * perDistance), level * perDistance, out axes);
    }
}
