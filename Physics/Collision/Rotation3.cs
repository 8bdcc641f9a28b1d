using System.Runtime.CompilerServices;

namespace Sim.Physics.Collision;

/// <summary>A rotation matrix: its columns are the body's axes in the world.</summary>
public struct Rotation3(Float3 x, Float3 y, Float3 z)
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public Float3 X = x, Y = y, Z = z;

    [MethodImpl(Inline)]
    public static Rotation3 Of(in Orientation q) => new(q.AxisX, q.AxisY, q.AxisZ);

    /// <summary>From body axes to world axes.</summary>
    [MethodImpl(Inline)]
    public readonly Float3 ToWorld(Float3 v) => X * v.X + Y * v.Y + Z * v.Z;

    /// <summary>From world axes to body axes.</summary>
    [MethodImpl(Inline)]
    public readonly Float3 ToBody(Float3 v) => new(Float3.Dot(X, v), Float3.Dot(Y, v), Float3.Dot(Z, v));
}
