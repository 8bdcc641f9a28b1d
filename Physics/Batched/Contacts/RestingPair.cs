using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Contacts;

/// <summary>
/// What saves the detection of a pair with a compound that hardly moves: the slot keeps where its bodies stood when contacts were
/// found, and as long as they stand within <see cref="Travel"/> and <see cref="Turn"/> of there, the contacts stay, their depths
/// followed by the substeps as between any two detections. A wider margin than was searched has them found anew.
/// </summary>
internal static class RestingPair
{
    /// <summary>Rows of a slot: the margin searched and 1, 0 for never; the way from A to B; both orientations, of which w follows.</summary>
    public const int Rows = 10;

    /// <summary>Metres that B may go, seen from A: a hundredth of a millimetre, a tenth of what a soft contact gives.</summary>
    public const float Travel = 1e-5f;

    /// <summary>Length by which a quaternion may differ, half the angle: at a decimetre from the centre as much as <see cref="Travel"/>.</summary>
    public const float Turn = 5e-5f;

    private const int Searched = 0, Between = 1, TurnA = 4, TurnB = 7;

    /// <summary>The lanes whose bodies stand where their contacts were found.</summary>
    public static void Find<T>(Rows<T> kept, Rows<T> a, Rows<T> b, in T margin, out T rests) where T : unmanaged, ILane<T>
    {
        T travel = (Way(a, b) - kept.Vector(Between)).LengthSquared;
        T turn = (a.Vector(BodyRows.Orientation) - kept.Vector(TurnA)).LengthSquared + (b.Vector(BodyRows.Orientation) - kept.Vector(TurnB)).LengthSquared;
        rests = (travel <= Travel * Travel) & (turn <= Turn * Turn) & (margin + (1 - Travel) <= kept.Scalar(Searched));
    }

    /// <summary>
    /// Keeps where the bodies stand, in the lanes of <paramref name="found"/>, and forgets it in those of <paramref name="cleared"/>. Others stay, so
    /// that nothing depends on whether a neighbour has the pair visited.
    /// </summary>
    public static void Keep<T>(Rows<T> kept, Rows<T> a, Rows<T> b, in T margin, in T found, in T cleared) where T : unmanaged, ILane<T>
    {
        kept.Put(Searched, T.Select(found, margin + 1f, T.Select(cleared, T.Of(0), kept.Scalar(Searched))));
        Put(kept, Between, Way(a, b), in found);
        Put(kept, TurnA, a.Vector(BodyRows.Orientation), in found);
        Put(kept, TurnB, b.Vector(BodyRows.Orientation), in found);
    }

    private static Vec3<T> Way<T>(Rows<T> a, Rows<T> b) where T : unmanaged, ILane<T> => b.Vector(BodyRows.Position) - a.Vector(BodyRows.Position);

    private static void Put<T>(Rows<T> kept, int row, in Vec3<T> value, in T found) where T : unmanaged, ILane<T>
        => kept.Put(row, Vec3<T>.Select(found, value, kept.Vector(row)));
}
