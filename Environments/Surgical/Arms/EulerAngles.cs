using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Arms;

/// <summary>Angles about the fixed axes x, y, z in this order, R = Rz(yaw)·Ry(pitch)·Rx(roll), rad.</summary>
public struct EulerAngles<T> where T : unmanaged, ILane<T>
{
    private const float GimbalLock = 0.99999f;

    public T Roll, Pitch, Yaw;

    /// <summary>
    /// The angles of a rotation: roll and yaw within ±π, pitch within ±π/2. Where the sine of the pitch is beyond
    /// ±0.99999 (the source's bound) the pitch is ±π/2, the roll zero and the yaw takes both.
    /// </summary>
    public static void Of(in Rotation<T> rotation, out EulerAngles<T> angles)
    {
        T level = T.Sqrt(T.Fma(rotation.X.X, rotation.X.X, rotation.X.Y * rotation.X.Y));
        T locked = T.Abs(rotation.X.Z) > T.Of(GimbalLock);
        T zero = T.Of(0), one = T.Of(1);
        angles.Roll = LaneMath.Atan2(T.Select(locked, zero, rotation.Y.Z), T.Select(locked, one, rotation.Z.Z));
        angles.Pitch = LaneMath.Atan2(-rotation.X.Z, T.Select(locked, zero, level));
        angles.Yaw = LaneMath.Atan2(T.Select(locked, -rotation.Y.X, rotation.X.Y), T.Select(locked, rotation.Y.Y, rotation.X.X));
    }

    /// <summary>The rotation of the angles.</summary>
    public static void ToRotation(in EulerAngles<T> angles, out Rotation<T> rotation)
    {
        LaneMath.SinCos(angles.Roll, out T sr, out T cr);
        LaneMath.SinCos(angles.Pitch, out T sp, out T cp);
        LaneMath.SinCos(angles.Yaw, out T sy, out T cy);
        rotation.X = new Vec3<T>(cy * cp, sy * cp, -sp);
        rotation.Y = new Vec3<T>(T.Fms(cy * sp, sr, sy * cr), T.Fma(sy * sp, sr, cy * cr), cp * sr);
        rotation.Z = new Vec3<T>(T.Fma(cy * sp, cr, sy * sr), T.Fms(sy * sp, cr, cy * sr), cp * cr);
    }
}
