using Sim.Physics.Collision;

namespace Sim.Tests.Physics.Collision;

/// <summary>Three doubles, for references that share no arithmetic with the kernels.</summary>
internal readonly record struct Vector(double X, double Y, double Z)
{
    public double Length => Math.Sqrt(Dot(this, this));
    public Vector Unit => this * (1 / Length);

    public static Vector operator +(Vector a, Vector b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);
    public static Vector operator -(Vector a, Vector b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);
    public static Vector operator -(Vector a) => new(-a.X, -a.Y, -a.Z);
    public static Vector operator *(Vector a, double b) => new(a.X * b, a.Y * b, a.Z * b);

    public static double Dot(Vector a, Vector b) => a.X * b.X + a.Y * b.Y + a.Z * b.Z;
    public static Vector Cross(Vector a, Vector b) => new(a.Y * b.Z - a.Z * b.Y, a.Z * b.X - a.X * b.Z, a.X * b.Y - a.Y * b.X);

    public static Vector Of(Float3 v) => new(v.X, v.Y, v.Z);
}
