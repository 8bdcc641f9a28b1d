using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched;

/// <summary>A substep of a body, per lane since bodies that nothing holds may take one long step.</summary>
/// <param name="h">Seconds.</param>
/// <param name="linearFactor">What damping leaves of a linear velocity.</param>
/// <param name="angularFactor">What damping leaves of an angular velocity.</param>
/// <param name="gravity">m/s².</param>
internal readonly struct MotionStep<T>(T h, T linearFactor, T angularFactor, Vec3<T> gravity) where T : unmanaged, ILane<T>
{
    public readonly T H = h, LinearFactor = linearFactor, AngularFactor = angularFactor;
    public readonly Vec3<T> Gravity = gravity;
}

/// <summary>Lane kernels that integrate bodies: velocity under gravity, wrench and damping; pose under velocity.</summary>
internal static class BodyMotion
{
    /// <summary>x ← x + h·v; q ← the rotation by |w|·h about w after q, normalised.</summary>
    public static void MovePose<T>(Rows<T> body, in T h) where T : unmanaged, ILane<T>
    {
        body.Put(BodyRows.Position, Vec3<T>.AddScaled(body.Vector(BodyRows.Position), h, body.Vector(BodyRows.LinearVelocity)));
        Rotation(body, in h, out var rotation);
        Turn(body, in rotation);
    }

    /// <summary>v ← (v + h·g)·damping, w ← w·damping.</summary>
    [MethodImpl(Stage.Cut)]
    public static void Accelerate<T>(Rows<T> body, in MotionStep<T> step) where T : unmanaged, ILane<T>
    {
        body.Put(BodyRows.LinearVelocity, Vec3<T>.AddScaled(body.Vector(BodyRows.LinearVelocity), step.H, step.Gravity) * step.LinearFactor);
        body.Put(BodyRows.AngularVelocity, body.Vector(BodyRows.AngularVelocity) * step.AngularFactor);
    }

    /// <summary>v ← (v + h·(g + F/m))·damping, w ← (w + h·I⁻¹·τ)·damping.</summary>
    [MethodImpl(Stage.Cut)]
    public static void AccelerateUnderWrench<T>(Rows<T> body, in MotionStep<T> step) where T : unmanaged, ILane<T>
    {
        var acceleration = Vec3<T>.AddScaled(step.Gravity, body.Scalar(BodyRows.InverseMass), body.Vector(BodyRows.Force));
        body.Put(BodyRows.LinearVelocity, Vec3<T>.AddScaled(body.Vector(BodyRows.LinearVelocity), step.H, acceleration) * step.LinearFactor);
        var torque = body.Vector(BodyRows.Torque);
        var spin = body.Vector(BodyRows.AngularVelocity);
        // A lane without a torque keeps its bits, a −0 among them, whatever its neighbours do.
        T turned = T.Abs(torque.X) + T.Abs(torque.Y) + T.Abs(torque.Z);
        var next = Vec3<T>.AddScaled(spin, step.H, body.Symmetric(BodyRows.InverseInertia) * torque);
        body.Put(BodyRows.AngularVelocity, Vec3<T>.Select(T.Equal(turned, T.Of(0)), spin, next) * step.AngularFactor);
    }

    /// <summary>R·I⁻¹·Rᵀ = i·1 + (j − i)·y·yᵀ for a local inverse inertia i about X and Z and j about Y.</summary>
    [MethodImpl(Stage.Cut)]
    public static void TurnAxialInertia<T>(Rows<T> body) where T : unmanaged, ILane<T>
    {
        var q = body.Quaternion(BodyRows.Orientation);
        T x2 = q.X + q.X, z2 = q.Z + q.Z;
        var y = new Vec3<T>(T.Fms(x2, q.Y, z2 * q.W), T.Of(1) - T.Fma(x2, q.X, z2 * q.Z), T.Fma(z2, q.Y, x2 * q.W));
        T across = body.Scalar(BodyRows.LocalInverseInertia);
        var scaled = y * (body.Scalar(BodyRows.LocalInverseInertia + 2) - across);
        Sym3<T> world;
        world.XX = T.Fma(scaled.X, y.X, across);
        world.YX = scaled.Y * y.X;
        world.YY = T.Fma(scaled.Y, y.Y, across);
        world.ZX = scaled.Z * y.X;
        world.ZY = scaled.Z * y.Y;
        world.ZZ = T.Fma(scaled.Z, y.Z, across);
        body.Put(BodyRows.InverseInertia, world);
    }

    /// <summary>R·I⁻¹·Rᵀ for a local inverse inertia that is diagonal.</summary>
    [MethodImpl(Stage.Cut)]
    public static void TurnDiagonalInertia<T>(Rows<T> body) where T : unmanaged, ILane<T>
    {
        Axes(body, out var x, out var y, out var z);
        T ix = body.Scalar(BodyRows.LocalInverseInertia), iy = body.Scalar(BodyRows.LocalInverseInertia + 2), iz = body.Scalar(BodyRows.LocalInverseInertia + 5);
        var sx = x * ix;
        var sy = y * iy;
        var sz = z * iz;
        Sym3<T> world;
        world.XX = T.Fma(sx.X, x.X, T.Fma(sy.X, y.X, sz.X * z.X));
        world.YX = T.Fma(sx.Y, x.X, T.Fma(sy.Y, y.X, sz.Y * z.X));
        world.YY = T.Fma(sx.Y, x.Y, T.Fma(sy.Y, y.Y, sz.Y * z.Y));
        world.ZX = T.Fma(sx.Z, x.X, T.Fma(sy.Z, y.X, sz.Z * z.X));
        world.ZY = T.Fma(sx.Z, x.Y, T.Fma(sy.Z, y.Y, sz.Z * z.Y));
        world.ZZ = T.Fma(sx.Z, x.Z, T.Fma(sy.Z, y.Z, sz.Z * z.Z));
        body.Put(BodyRows.InverseInertia, world);
    }

    /// <summary>R·I⁻¹·Rᵀ.</summary>
    [MethodImpl(Stage.Cut)]
    public static void TurnInertia<T>(Rows<T> body) where T : unmanaged, ILane<T>
    {
        Axes(body, out var x, out var y, out var z);
        var local = body.Symmetric(BodyRows.LocalInverseInertia);
        // Rows of R lie across the turned axes.
        var rowX = new Vec3<T>(x.X, y.X, z.X);
        var rowY = new Vec3<T>(x.Y, y.Y, z.Y);
        var rowZ = new Vec3<T>(x.Z, y.Z, z.Z);
        Vec3<T> mx = local * rowX, my = local * rowY, mz = local * rowZ;
        Sym3<T> world;
        world.XX = Vec3<T>.Dot(rowX, mx);
        world.YX = Vec3<T>.Dot(rowY, mx);
        world.YY = Vec3<T>.Dot(rowY, my);
        world.ZX = Vec3<T>.Dot(rowZ, mx);
        world.ZY = Vec3<T>.Dot(rowZ, my);
        world.ZZ = Vec3<T>.Dot(rowZ, mz);
        body.Put(BodyRows.InverseInertia, world);
    }

    /// <summary>The rotation vector w·h as a quaternion.</summary>
    [MethodImpl(Stage.Cut)]
    public static void Rotation<T>(Rows<T> body, in T h, out Quat<T> rotation) where T : unmanaged, ILane<T>
    {
        var spin = body.Vector(BodyRows.AngularVelocity) * (h * 0.5f);
        T half = T.Sqrt(spin.LengthSquared);
        LaneMath.SinCos(half, out T sine, out T cosine);
        T scale = T.Select(half > T.Of(1e-15f), sine / half, T.Of(1));
        rotation = new Quat<T>(spin.X * scale, spin.Y * scale, spin.Z * scale, cosine);
    }

    [MethodImpl(Stage.Cut)]
    private static void Turn<T>(Rows<T> body, in Quat<T> rotation) where T : unmanaged, ILane<T>
        => body.Put(BodyRows.Orientation, Quat<T>.Normalize(Quat<T>.Multiply(rotation, body.Quaternion(BodyRows.Orientation))));

    /// <summary>The body's axes in the world.</summary>
    [MethodImpl(Stage.Inline)]
    private static void Axes<T>(Rows<T> body, out Vec3<T> x, out Vec3<T> y, out Vec3<T> z) where T : unmanaged, ILane<T>
    {
        var q = body.Quaternion(BodyRows.Orientation);
        T one = T.Of(1), x2 = q.X + q.X, y2 = q.Y + q.Y, z2 = q.Z + q.Z;
        T xx = x2 * q.X, yy = y2 * q.Y, zz = z2 * q.Z, xy = x2 * q.Y, xz = x2 * q.Z, yz = y2 * q.Z;
        T wx = x2 * q.W, wy = y2 * q.W, wz = z2 * q.W;
        x = new Vec3<T>(one - (yy + zz), xy + wz, xz - wy);
        y = new Vec3<T>(xy - wz, one - (xx + zz), yz + wx);
        z = new Vec3<T>(xz + wy, yz - wx, one - (xx + yy));
    }
}
