using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Arms;

/// <summary>
/// Where an arm's remote centre of motion stands in the world, in nominal metres (a world of scale S has it at S times
/// that), and how its frame is turned: its three axes in the world.
/// </summary>
public readonly record struct ArmMount(
    float X, float Y, float Z,
    float XAxisX, float XAxisY, float XAxisZ,
    float YAxisX, float YAxisY, float YAxisZ,
    float ZAxisX, float ZAxisY, float ZAxisZ)
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private const float Cos30 = 0.8660254037844386f;
    private const float Cos70 = 0.3420201433256687f, Sin70 = 0.9396926207859084f;

    /// <summary>PSM1 with its base at (0.05, 0.24, 0.8524) m nominal, yaw −110°.</summary>
    public static ArmMount Psm1 { [MethodImpl(Inline)] get => PsmYawedOut(0.05f + PsmReach * Sin70, 0.24f - PsmReach * Cos70, 0.8524f, -Cos70); }

    /// <summary>PSM2 with its base at (0.05, −0.24, 0.8524) m nominal, yaw −70°.</summary>
    public static ArmMount Psm2 { [MethodImpl(Inline)] get => PsmYawedOut(0.05f + PsmReach * Sin70, -0.24f + PsmReach * Cos70, 0.8524f, Cos70); }

    /// <summary>The endoscope's arm with its base at (−0.05, 0, 1.0024) m nominal, pitched by 30°.</summary>
    public static ArmMount Ecm
    {
        [MethodImpl(Inline)]
        get => new(
            -0.05f + EcmReach * Cos30 + EcmRise * 0.5f, 0, 1.0024f - EcmReach * 0.5f + EcmRise * Cos30,
            0, -1, 0,
            Cos30, 0, -0.5f,
            0.5f, 0, Cos30);
    }

    /// <summary>From the base to the RCM, nominal metres: along the PSM's y axis; along the ECM's x and z axes.</summary>
    private const float PsmReach = 0.4864f, EcmReach = 0.6126f, EcmRise = 0.1016f;

    /// <summary>The same arm with its base moved, nominal metres.</summary>
    [MethodImpl(Inline)]
    public readonly ArmMount Moved(float x, float y, float z) => this with { X = X + x, Y = Y + y, Z = Z + z };

    /// <summary>A frame of the RCM's, in the world; world units.</summary>
    public readonly void ToWorld<T>(in Frame<T> local, float scale, out Frame<T> world) where T : unmanaged, ILane<T>
    {
        Lanes(scale, out Frame<T> rcm);
        Frame<T>.Multiply(in rcm, in local, out world);
    }

    /// <summary>A frame of the world, seen from the RCM; world units.</summary>
    public readonly void FromWorld<T>(in Frame<T> world, float scale, out Frame<T> local) where T : unmanaged, ILane<T>
    {
        Lanes(scale, out Frame<T> rcm);
        Frame<T>.MultiplyBack(in rcm, in world, out local);
    }

    /// <summary>A place of the RCM's frame, in the world; world units.</summary>
    [MethodImpl(Inline)]
    public readonly Vec3<T> PointToWorld<T>(Vec3<T> local, float scale) where T : unmanaged, ILane<T>
    {
        Lanes(scale, out Frame<T> rcm);
        return Frame<T>.Apply(in rcm, local);
    }

    /// <summary>A place of the world, seen from the RCM; world units.</summary>
    [MethodImpl(Inline)]
    public readonly Vec3<T> PointFromWorld<T>(Vec3<T> world, float scale) where T : unmanaged, ILane<T>
    {
        Lanes(scale, out Frame<T> rcm);
        return Frame<T>.ApplyBack(in rcm, world);
    }

    /// <summary>The RCM's frame in the world; world units.</summary>
    [MethodImpl(Inline)]
    public readonly void Lanes<T>(float scale, out Frame<T> rcm) where T : unmanaged, ILane<T>
    {
        rcm.Origin = new Vec3<T>(T.Of(X * scale), T.Of(Y * scale), T.Of(Z * scale));
        rcm.Axes.X = new Vec3<T>(T.Of(XAxisX), T.Of(XAxisY), T.Of(XAxisZ));
        rcm.Axes.Y = new Vec3<T>(T.Of(YAxisX), T.Of(YAxisY), T.Of(YAxisZ));
        rcm.Axes.Z = new Vec3<T>(T.Of(ZAxisX), T.Of(ZAxisY), T.Of(ZAxisZ));
    }

    /// <summary>A PSM whose RCM stands at a place, turned about z by the angle in [−180°, 0°] of a cosine of ±cos 70°.</summary>
    [MethodImpl(Inline)]
    private static ArmMount PsmYawedOut(float x, float y, float z, float cos) => new(
        x, y, z,
        cos, -Sin70, 0,
        Sin70, cos, 0,
        0, 0, 1);
}
