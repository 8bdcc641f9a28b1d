using System.Runtime.CompilerServices;

namespace Sim.Physics.Collision;

/// <summary>
/// Box against box by separating axes: the six face normals and nine edge pairs, the least overlap wins, faces of A before
/// faces of B before edges where they nearly tie. Depths are overlaps along that axis (for boxes that stand apart corner to corner,
/// at least minus the distance). The contacts are where the two faces that look at each other along the normal overlap
/// (<see cref="BoxFaces"/>).
/// </summary>
internal static class BoxPair
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static void Collide(in Float3 halfA, in Orientation orientationA, in Float3 halfB, in Orientation orientationB,
        in Float3 offsetB, float margin, out ConvexManifold manifold)
    {
        manifold = default;
        float reach = halfA.Length + halfB.Length + margin;
        if (!(offsetB.LengthSquared <= reach * reach)) return;

        Orientation toA = orientationA.Inverse;
        Rotation3 b = Rotation3.Of(toA * orientationB);
        Float3 offset = toA.Rotate(offsetB);
        if (!LeastOverlap(halfA, halfB, b, offset, margin, out int axis)) return;

        PlanarContacts contacts;
        contacts.Count = contacts.Offered = 0;
        if (axis is >= 3 and < 6)
        {
            Rotation3 a = new(new(b.X.X, b.Y.X, b.Z.X), new(b.X.Y, b.Y.Y, b.Z.Y), new(b.X.Z, b.Y.Z, b.Z.Z));
            Float3 offsetA = -b.ToBody(offset);
            Float3 normal = FaceNormal(axis - 3, offsetA);
            BoxFaces faces = BoxFaces.Facing(halfB, halfA, a, offsetA, normal);
            faces.Overlap(margin, ref contacts);
            faces.Write(ref contacts, Rotation3.Of(orientationB), offsetB, 1f, BoxFaces.OnB, ref manifold);
        }
        else
        {
            Float3 normal = axis < 3 ? FaceNormal(axis, offset) : EdgeNormal(axis - 6, b, offset);
            BoxFaces faces = BoxFaces.Facing(halfA, halfB, b, offset, normal);
            faces.Overlap(margin, ref contacts);
            faces.Write(ref contacts, Rotation3.Of(orientationA), default, -1f, axis < 3 ? BoxFaces.OnA : BoxFaces.BetweenEdges, ref manifold);
        }
    }

    /// <summary>
    /// False when some axis parts the boxes by more than the margin. Axes: 0..2 A's faces, 3..5 B's, 6 + 3 i + j edge i of A with edge j of B.
    /// b holds B's axes and offset its centre, both in A's axes.
    /// </summary>
    private static bool LeastOverlap(in Float3 halfA, in Float3 halfB, in Rotation3 b, in Float3 offset, float margin, out int axis)
    {
        axis = 0;
        float xx = MathF.Abs(b.X.X), xy = MathF.Abs(b.X.Y), xz = MathF.Abs(b.X.Z);
        float yx = MathF.Abs(b.Y.X), yy = MathF.Abs(b.Y.Y), yz = MathF.Abs(b.Y.Z);
        float zx = MathF.Abs(b.Z.X), zy = MathF.Abs(b.Z.Y), zz = MathF.Abs(b.Z.Z);

        float least = halfA.X + halfB.X * xx + halfB.Y * yx + halfB.Z * zx - MathF.Abs(offset.X);
        float overlap = halfA.Y + halfB.X * xy + halfB.Y * yy + halfB.Z * zy - MathF.Abs(offset.Y);
        if (overlap < least) { least = overlap; axis = 1; }
        overlap = halfA.Z + halfB.X * xz + halfB.Y * yz + halfB.Z * zz - MathF.Abs(offset.Z);
        if (overlap < least) { least = overlap; axis = 2; }
        if (!(least >= -margin)) return false;

        float smallest = Scalar.Min(Scalar.Min(halfA.X, Scalar.Min(halfA.Y, halfA.Z)), Scalar.Min(halfB.X, Scalar.Min(halfB.Y, halfB.Z)));
        float clearly = 1e-3f * smallest;
        float bound = least - clearly;
        overlap = halfB.X + halfA.X * xx + halfA.Y * xy + halfA.Z * xz - MathF.Abs(Float3.Dot(offset, b.X));
        if (overlap < bound) { bound = least = overlap; axis = 3; }
        overlap = halfB.Y + halfA.X * yx + halfA.Y * yy + halfA.Z * yz - MathF.Abs(Float3.Dot(offset, b.Y));
        if (overlap < bound) { bound = least = overlap; axis = 4; }
        overlap = halfB.Z + halfA.X * zx + halfA.Y * zy + halfA.Z * zz - MathF.Abs(Float3.Dot(offset, b.Z));
        if (overlap < bound) { bound = least = overlap; axis = 5; }
        if (!(least >= -margin)) return false;

        // Along A's edge axis crossed with B's, not yet of unit length.
        bound = least - clearly;
        Edge(halfA.Y * xz + halfA.Z * xy + halfB.Y * zx + halfB.Z * yx - MathF.Abs(offset.Z * b.X.Y - offset.Y * b.X.Z), xx, 6, ref bound, ref axis);
        Edge(halfA.Y * yz + halfA.Z * yy + halfB.X * zx + halfB.Z * xx - MathF.Abs(offset.Z * b.Y.Y - offset.Y * b.Y.Z), yx, 7, ref bound, ref axis);
        Edge(halfA.Y * zz + halfA.Z * zy + halfB.X * yx + halfB.Y * xx - MathF.Abs(offset.Z * b.Z.Y - offset.Y * b.Z.Z), zx, 8, ref bound, ref axis);
        Edge(halfA.X * xz + halfA.Z * xx + halfB.Y * zy + halfB.Z * yy - MathF.Abs(offset.X * b.X.Z - offset.Z * b.X.X), xy, 9, ref bound, ref axis);
        Edge(halfA.X * yz + halfA.Z * yx + halfB.X * zy + halfB.Z * xy - MathF.Abs(offset.X * b.Y.Z - offset.Z * b.Y.X), yy, 10, ref bound, ref axis);
        Edge(halfA.X * zz + halfA.Z * zx + halfB.X * yy + halfB.Y * xy - MathF.Abs(offset.X * b.Z.Z - offset.Z * b.Z.X), zy, 11, ref bound, ref axis);
        Edge(halfA.X * xy + halfA.Y * xx + halfB.Y * zz + halfB.Z * yz - MathF.Abs(offset.Y * b.X.X - offset.X * b.X.Y), xz, 12, ref bound, ref axis);
        Edge(halfA.X * yy + halfA.Y * yx + halfB.X * zz + halfB.Z * xz - MathF.Abs(offset.Y * b.Y.X - offset.X * b.Y.Y), yz, 13, ref bound, ref axis);
        Edge(halfA.X * zy + halfA.Y * zx + halfB.X * yz + halfB.Y * xz - MathF.Abs(offset.Y * b.Z.X - offset.X * b.Z.Y), zz, 14, ref bound, ref axis);
        return axis < 6 || bound >= -margin;
    }

    /// <summary>Takes an edge pair whose overlap is below the bound; the cross product of the edges has length √(1 − cosine²).</summary>
    [MethodImpl(Inline)]
    private static void Edge(float scaledOverlap, float cosine, int index, ref float bound, ref int axis)
    {
        // Its length is at most 1, so that an overlap this large cannot win.
        if (!(scaledOverlap < bound) && bound >= 0) return;
        float squaredLength = 1f - cosine * cosine;
        if (!(squaredLength > 1e-6f)) return;
        float overlap = scaledOverlap / MathF.Sqrt(squaredLength);
        if (!(overlap < bound)) return;
        bound = overlap;
        axis = index;
    }

    private static Float3 FaceNormal(int axis, in Float3 towards) => axis switch
    {
        0 => new(towards.X < 0 ? -1f : 1f, 0, 0),
        1 => new(0, towards.Y < 0 ? -1f : 1f, 0),
        _ => new(0, 0, towards.Z < 0 ? -1f : 1f),
    };

    private static Float3 EdgeNormal(int pair, in Rotation3 b, in Float3 towards)
    {
        int i = pair / 3, j = pair - 3 * i;
        Float3 edge = j == 0 ? b.X : j == 1 ? b.Y : b.Z;
        Float3 normal = i == 0 ? new(0, -edge.Z, edge.Y) : i == 1 ? new(edge.Z, 0, -edge.X) : new(-edge.Y, edge.X, 0);
        float inverse = 1f / normal.Length;
        return normal * (Float3.Dot(normal, towards) < 0 ? -inverse : inverse);
    }
}
