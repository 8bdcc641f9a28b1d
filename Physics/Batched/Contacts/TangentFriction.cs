using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Contacts;

/// <summary>
/// Friction along the surface at one point: two directions solved together, without bias and without softness; the
/// accumulated impulse is limited in length by friction × normal impulse (Coulomb).
/// </summary>
internal static class TangentFriction
{
    public const int ScratchRows = (2 * PairArms.ScratchRows) + 3;

    private const int First = 0, Second = PairArms.ScratchRows, Mass = 2 * PairArms.ScratchRows;

    public static void Prepare<T, TPartner>(Rows<T> a, Rows<T> b, Vec3<T> normal, Vec3<T> offset, Vec3<T> offsetB, Rows<T> scratch)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        Vec3<T>.Tangents(normal, out var x, out var y);
        T xx = PairArms.Prepare<T, TPartner>(a, b, x, offset, offsetB, scratch.From(First));
        T yy = PairArms.Prepare<T, TPartner>(a, b, y, offset, offsetB, scratch.From(Second));
        T yx = PairArms.Couple<T, TPartner>(scratch.From(First), scratch.From(Second));
        T scale = T.Of(1) / T.Fma(xx, yy, -(yx * yx));
        scratch.Put(Mass, yy * scale);
        scratch.Put(Mass + 1, -(yx * scale));
        scratch.Put(Mass + 2, xx * scale);
    }

    /// <param name="a">A's rows.</param>
    /// <param name="b">B's rows.</param>
    /// <param name="normal">Of the contact.</param>
    /// <param name="impulse">Two rows, accumulated.</param>
    /// <param name="scratch">As prepared.</param>
    /// <param name="active">Lanes that have the contact.</param>
    public static void WarmStart<T, TPartner>(Rows<T> a, Rows<T> b, Vec3<T> normal, Rows<T> impulse, Rows<T> scratch, T active)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
        => Apply<T, TPartner>(a, b, normal, scratch, impulse.Scalar(0), impulse.Scalar(1), active);

    public static void Solve<T, TPartner>(Rows<T> a, Rows<T> b, Vec3<T> normal, Rows<T> impulse, Rows<T> scratch, T limit, T active)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        Vec3<T>.Tangents(normal, out var tangentX, out var tangentY);
        T vx = PairArms.Velocity<T, TPartner>(a, b, tangentX, scratch.From(First));
        T vy = PairArms.Velocity<T, TPartner>(a, b, tangentY, scratch.From(Second));
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
        Apply<T, TPartner>(a, b, normal, scratch, x - beforeX, y - beforeY, active);
    }

    private static void Apply<T, TPartner>(Rows<T> a, Rows<T> b, Vec3<T> normal, Rows<T> scratch, T x, T y, T active)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner
    {
        Vec3<T>.Tangents(normal, out var tangentX, out var tangentY);
        PairArms.Apply<T, TPartner>(a, b, tangentX, scratch.From(First), x, active);
        PairArms.Apply<T, TPartner>(a, b, tangentY, scratch.From(Second), y, active);
    }
}
