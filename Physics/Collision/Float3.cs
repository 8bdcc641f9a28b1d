using System.Runtime.CompilerServices;

namespace Sim.Physics.Collision;

/// <summary>Three floats: a position in metres, a direction or half extents, as the owner says.</summary>
public struct Float3(float x, float y, float z)
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public float X = x, Y = y, Z = z;

    public readonly float LengthSquared { [MethodImpl(Inline)] get => X * X + Y * Y + Z * Z; }

    public readonly float Length { [MethodImpl(Inline)] get => MathF.Sqrt(LengthSquared); }

    [MethodImpl(Inline)] public static Float3 operator +(Float3 a, Float3 b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);
    [MethodImpl(Inline)] public static Float3 operator -(Float3 a, Float3 b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);
    [MethodImpl(Inline)] public static Float3 operator -(Float3 a) => new(-a.X, -a.Y, -a.Z);
    [MethodImpl(Inline)] public static Float3 operator *(Float3 a, float b) => new(a.X * b, a.Y * b, a.Z * b);

    [MethodImpl(Inline)] public static float Dot(Float3 a, Float3 b) => a.X * b.X + a.Y * b.Y + a.Z * b.Z;

    [MethodImpl(Inline)]
    public static Float3 Cross(Float3 a, Float3 b)
        => new(a.Y * b.Z - a.Z * b.Y, a.Z * b.X - a.X * b.Z, a.X * b.Y - a.Y * b.X);

    /// <summary>A unit vector at right angles to the unit vector <paramref name="axis"/>.</summary>
    [MethodImpl(Inline)]
    public static Float3 Perpendicular(Float3 axis)
    {
        // Crossed with a coordinate axis that is at least 45 degrees away.
        bool steep = MathF.Abs(axis.Y) > 0.7f;
        Float3 side = steep ? new(0, axis.Z, -axis.Y) : new(-axis.Z, 0, axis.X);
        return side * (1f / side.Length);
    }

    public override readonly string ToString() => FormattableString.Invariant($"({X}, {Y}, {Z})");
}
