using System.Numerics;

namespace Sim.Physics.Scenes;

/// <summary>Two unit vectors at right angles to a unit vector and to each other, by the formula of <see cref="Numerics.Vec3{T}.Tangents"/>.</summary>
internal static class Tangents
{
    public static void Of(Vector3 axis, out Vector3 first, out Vector3 second)
    {
        float sign = axis.Z < 0 ? -1 : 1, scale = -1 / (sign + axis.Z), mixed = axis.X * axis.Y * scale;
        first = new Vector3(mixed, sign + (axis.Y * axis.Y * scale), -axis.Y);
        second = new Vector3(1 + (sign * axis.X * axis.X * scale), sign * mixed, -sign * axis.X);
    }
}
