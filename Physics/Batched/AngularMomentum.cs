using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched;

/// <summary>Lane kernels of the angular integration modes: what becomes of the angular velocity when the pose has turned.</summary>
internal static class AngularMomentum
{
    /// <summary>The orientation one step of <paramref name="h"/> earlier at the present angular velocity.</summary>
    [MethodImpl(Stage.Cut)]
    public static void TurnedBack<T>(Rows<T> body, in T h, out Quat<T> earlier) where T : unmanaged, ILane<T>
    {
        BodyMotion.Rotation(body, -h, out var back);
        earlier = Quat<T>.Multiply(back, body.Quaternion(BodyRows.Orientation));
    }

    /// <summary>Keeps the momentum that the body had at the earlier orientation.</summary>
    public static void Conserve<T>(Rows<T> body, in Quat<T> earlier) where T : unmanaged, ILane<T>
    {
        var spin = body.Vector(BodyRows.AngularVelocity);
        var inverse = body.Symmetric(BodyRows.LocalInverseInertia);
        var turned = Quat<T>.RotateBack(earlier, spin);
        Momentum(in inverse, in turned, out var local);
        var momentum = Quat<T>.Rotate(earlier, local);
        var next = body.Symmetric(BodyRows.InverseInertia) * momentum;
        Keep(body, in next, in spin);
    }

    /// <summary>
    /// One Newton step, in body axes, of T(w₁ − w₀) + h·w₁ × Tw₁ = 0 from w₀: the residual is h·w₀ × Tw₀, its
    /// derivative T + h([w₀]T − [Tw₀]); w₁ is w₀ less one by the other.
    /// </summary>
    public static void Gyroscopic<T>(Rows<T> body, in T h) where T : unmanaged, ILane<T>
    {
        var spin = body.Vector(BodyRows.AngularVelocity);
        var q = body.Quaternion(BodyRows.Orientation);
        var inertia = Sym3<T>.Invert(body.Symmetric(BodyRows.LocalInverseInertia));
        var local = Quat<T>.RotateBack(q, spin);
        NewtonStep(in inertia, in local, in h, out var change);
        // Only the change is turned: turning the whole to body axes and back would round it up a little every time.
        var next = spin - Quat<T>.Rotate(q, change);
        Keep(body, in next, in spin);
    }

    [MethodImpl(Stage.Cut)]
    private static void Momentum<T>(in Sym3<T> inverseInertia, in Vec3<T> spin, out Vec3<T> momentum) where T : unmanaged, ILane<T>
        => momentum = Sym3<T>.Invert(inverseInertia) * spin;

    [MethodImpl(Stage.Cut)]
    private static void NewtonStep<T>(in Sym3<T> inertia, in Vec3<T> w, in T h, out Vec3<T> change) where T : unmanaged, ILane<T>
    {
        var momentum = inertia * w;
        var residual = Vec3<T>.Cross(w, momentum) * h;
        // Columns of the derivative: T·e + h(w × T·e − Tw × e).
        Column(new Vec3<T>(inertia.XX, inertia.YX, inertia.ZX), w, new Vec3<T>(T.Of(0), momentum.Z, -momentum.Y), h, out var x);
        Column(new Vec3<T>(inertia.YX, inertia.YY, inertia.ZY), w, new Vec3<T>(-momentum.Z, T.Of(0), momentum.X), h, out var y);
        Column(new Vec3<T>(inertia.ZX, inertia.ZY, inertia.ZZ), w, new Vec3<T>(momentum.Y, -momentum.X, T.Of(0)), h, out var z);
        Cramer(in x, in y, in z, in residual, out change);
    }

    [MethodImpl(Stage.Inline)]
    private static void Column<T>(Vec3<T> column, Vec3<T> w, Vec3<T> momentumCross, T h, out Vec3<T> sum) where T : unmanaged, ILane<T>
        => sum = Vec3<T>.AddScaled(column, h, Vec3<T>.Cross(w, column) - momentumCross);

    /// <summary>Solves [x y z]·s = b.</summary>
    [MethodImpl(Stage.Cut)]
    private static void Cramer<T>(in Vec3<T> x, in Vec3<T> y, in Vec3<T> z, in Vec3<T> b, out Vec3<T> s) where T : unmanaged, ILane<T>
    {
        var yz = Vec3<T>.Cross(y, z);
        T scale = T.Of(1) / Vec3<T>.Dot(x, yz);
        s = new Vec3<T>(Vec3<T>.Dot(b, yz), Vec3<T>.Dot(b, Vec3<T>.Cross(z, x)), Vec3<T>.Dot(b, Vec3<T>.Cross(x, y))) * scale;
    }

    /// <summary>Stores what is finite, else keeps the old angular velocity: a body that cannot turn has no inertia to divide by.</summary>
    [MethodImpl(Stage.Cut)]
    private static void Keep<T>(Rows<T> body, in Vec3<T> next, in Vec3<T> old) where T : unmanaged, ILane<T>
    {
        T size = T.Abs(next.X) + T.Abs(next.Y) + T.Abs(next.Z);
        body.Put(BodyRows.AngularVelocity, Vec3<T>.Select(size <= T.Of(float.MaxValue), next, old));
    }
}
