using System.Runtime.CompilerServices;

namespace Sim.Physics.Collision;

/// <summary>A rotation from body axes to world axes as a unit quaternion; the caller keeps it normalised.</summary>
public struct Orientation(float x, float y, float z, float w)
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public float X = x, Y = y, Z = z, W = w;

    public static Orientation Identity { [MethodImpl(Inline)] get => new(0, 0, 0, 1); }

    /// <summary>The body's X axis in the world.</summary>
    public readonly Float3 AxisX { [MethodImpl(Inline)] get => new(1f - 2f * (Y * Y + Z * Z), 2f * (X * Y + W * Z), 2f * (X * Z - W * Y)); }

    /// <summary>The body's Y axis in the world.</summary>
    public readonly Float3 AxisY { [MethodImpl(Inline)] get => new(2f * (X * Y - W * Z), 1f - 2f * (X * X + Z * Z), 2f * (Y * Z + W * X)); }

    /// <summary>The body's Z axis in the world.</summary>
    public readonly Float3 AxisZ { [MethodImpl(Inline)] get => new(2f * (X * Z + W * Y), 2f * (Y * Z - W * X), 1f - 2f * (X * X + Y * Y)); }

    /// <summary>The opposite rotation.</summary>
    public readonly Orientation Inverse { [MethodImpl(Inline)] get => new(-X, -Y, -Z, W); }

    /// <summary>A vector of body axes in world axes.</summary>
    [MethodImpl(Inline)]
    public readonly Float3 Rotate(Float3 v)
    {
        Float3 axis = new(X, Y, Z);
        Float3 twice = Float3.Cross(axis, v) * 2f;
        return v + twice * W + Float3.Cross(axis, twice);
    }

    /// <summary>The Hamilton product: turns by <paramref name="b"/> first, then by <paramref name="a"/>.</summary>
    [MethodImpl(Inline)]
    public static Orientation operator *(Orientation a, Orientation b) => new(
        a.W * b.X + a.X * b.W + a.Y * b.Z - a.Z * b.Y,
        a.W * b.Y + a.Y * b.W + a.Z * b.X - a.X * b.Z,
        a.W * b.Z + a.Z * b.W + a.X * b.Y - a.Y * b.X,
        a.W * b.W - a.X * b.X - a.Y * b.Y - a.Z * b.Z);
}
