using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Contacts;

/// <summary>
/// Friction along the surface at one point: two directions solved together, without bias and without softness; the
/// accumulated impulse is limited in length by friction × normal impulse (Coulomb).
/// </summary>
internal static class TangentFriction
{
    public const int ScratchRows = Mass + 3;

    /// <summary>In scratch: the two directions, vectors.</summary>
    public const int X = 0, Y = 3;

    private const int First = 6, Second = First + PairArms.ScratchRows, Mass = Second + PairArms.ScratchRows;

    public static void Prepare<T, TPartner>(Rows<T> a, Rows<T> b, in Vec3<T> normal, in Vec3<T> offset, in Vec3<T> offsetB, Rows<T> scratch)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        Vec3<T>.Tangents(normal, out var x, out var y);
        scratch.Put(X, x);
        scratch.Put(Y, y);
        PairArms.Prepare<T, TPartner>(a, b, in x, in offset, in offsetB, scratch.From(First), out T xx);
        PairArms.Prepare<T, TPartner>(a, b, in y, in offset, in offsetB, scratch.From(Second), out T yy);
        Invert<T, TPartner>(in xx, in yy, scratch);
    }

    /// <param name="a">A's rows.</param>
    /// <param name="b">B's rows.</param>
    /// <param name="impulse">Two rows, accumulated.</param>
    /// <param name="scratch">As prepared.</param>
    /// <param name="limit">Of the impulse, N·s.</param>
    /// <param name="active">Lanes that have the contact.</param>
    public static void Solve<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> scratch, in T limit, in T active)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        Change<T, TPartner>(a, b, impulse, scratch, in limit, in active, out T x, out T y);
        Push<T, TPartner>(a, b, scratch, in x, in y, in active);
    }

    /// <summary>Accumulates within the limit; gives what was added along both directions.</summary>
    [MethodImpl(Stage.Cut)]
    private static void Change<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> scratch, in T limit, in T active, out T changeX, out T changeY)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        T vx = PairArms.Velocity<T, TPartner>(a, b, scratch.Vector(X), scratch.From(First));
        T vy = PairArms.Velocity<T, TPartner>(a, b, scratch.Vector(Y), scratch.From(Second));
        T xx = scratch.Scalar(Mass), yx = scratch.Scalar(Mass + 1), yy = scratch.Scalar(Mass + 2);
        T beforeX = impulse.Scalar(0), beforeY = impulse.Scalar(1);
        T x = beforeX - T.Fma(xx, vx, yx * vy), y = beforeY - T.Fma(yx, vx, yy * vy);
        // The cut to the limit; a length of zero stays zero.
        T length = T.Sqrt(T.Fma(x, x, y * y));
        T scale = T.Select(length > limit, limit / length, T.Of(1));
        x *= scale;
        y *= scale;
        impulse.Put(0, T.Select(active, x, beforeX));
        impulse.Put(1, T.Select(active, y, beforeY));
        changeX = x - beforeX;
        changeY = y - beforeY;
    }

    [MethodImpl(Stage.Cut)]
    private static void Push<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> scratch, in T x, in T y, in T active)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        var push = Vec3<T>.AddScaled(scratch.Vector(X) * x, y, scratch.Vector(Y));
        PairArms.Apply<T, TPartner>(a, b, push, scratch.From(First), x, scratch.From(Second), y, active);
    }

    [MethodImpl(Stage.Cut)]
    private static void Invert<T, TPartner>(in T xx, in T yy, Rows<T> scratch) where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        T yx = PairArms.Couple<T, TPartner>(scratch.From(First), scratch.From(Second));
        T scale = T.Of(1) / T.Fms(xx, yy, yx * yx);
        scratch.Put(Mass, yy * scale);
        scratch.Put(Mass + 1, -(yx * scale));
        scratch.Put(Mass + 2, xx * scale);
    }
}
