using System.Runtime.CompilerServices;

namespace Sim.Physics.Collision;

/// <summary>A rotation matrix: its columns are the body's axes in the world.</summary>
public struct Rotation3(Float3 x, Float3 y, Float3 z)
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public Float3 X = x, Y = y, Z = z;

    [MethodImpl(Inline)]
    public static Rotation3 Of(in Orientation q)
    {
        float x2 = q.X + q.X, y2 = q.Y + q.Y, z2 = q.Z + q.Z;
        float xx = q.X * x2, xy = q.X * y2, xz = q.X * z2, yy = q.Y * y2, yz = q.Y * z2, zz = q.Z * z2;
        float wx = q.W * x2, wy = q.W * y2, wz = q.W * z2;
        return new(new(1f - (yy + zz), xy + wz, xz - wy), new(xy - wz, 1f - (xx + zz), yz + wx), new(xz + wy, yz - wx, 1f - (xx + yy)));
    }

    /// <summary>From body axes to world axes.</summary>
    [MethodImpl(Inline)]
    public readonly Float3 ToWorld(Float3 v) => X * v.X + Y * v.Y + Z * v.Z;

    /// <summary>From world axes to body axes.</summary>
    [MethodImpl(Inline)]
    public readonly Float3 ToBody(Float3 v) => new(Float3.Dot(X, v), Float3.Dot(Y, v), Float3.Dot(Z, v));
}
