using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Arms;

/// <summary>
/// Orientations that the manipulation tasks command, in the world: one angle turns, the others are fixed.
/// </summary>
public static class ToolOrientation
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Yaw mode: Euler angles (−90°, 0, yaw).</summary>
    [MethodImpl(Inline)]
    public static void Yawed<T>(T yaw, out Rotation<T> rotation) where T : unmanaged, ILane<T>
    {
        T zero = T.Of(0);
        LaneMath.SinCos(yaw, out T sin, out T cos);
        rotation.X = new Vec3<T>(cos, sin, zero);
        rotation.Y = new Vec3<T>(zero, zero, T.Of(-1));
        rotation.Z = new Vec3<T>(-sin, cos, zero);
    }

    /// <summary>Pitch mode of PSM1: Euler angles (0, pitch, −90°).</summary>
    [MethodImpl(Inline)]
    public static void PitchedFirst<T>(T pitch, out Rotation<T> rotation) where T : unmanaged, ILane<T>
    {
        T zero = T.Of(0);
        LaneMath.SinCos(pitch, out T sin, out T cos);
        rotation.X = new Vec3<T>(zero, -cos, -sin);
        rotation.Y = new Vec3<T>(T.Of(1), zero, zero);
        rotation.Z = new Vec3<T>(zero, -sin, cos);
    }

    /// <summary>Pitch mode of PSM2: Euler angles (−180°, pitch, 90°).</summary>
    [MethodImpl(Inline)]
    public static void PitchedSecond<T>(T pitch, out Rotation<T> rotation) where T : unmanaged, ILane<T>
    {
        T zero = T.Of(0);
        LaneMath.SinCos(pitch, out T sin, out T cos);
        rotation.X = new Vec3<T>(zero, cos, -sin);
        rotation.Y = new Vec3<T>(T.Of(1), zero, zero);
        rotation.Z = new Vec3<T>(zero, -sin, -cos);
    }
}
