using Sim.Physics.Collision;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Contacts;

/// <summary>
/// Whether a pair may touch within its margin: the bounding sphere of one body against the shape of the other, in
/// all lanes of a tile at once. Never says no to bodies that do.
/// </summary>
/// <param name="Sphere">First row of the body whose bounding sphere is tested.</param>
/// <param name="Radius">Of that sphere, metres.</param>
/// <param name="Other">First row of the other body.</param>
/// <param name="Shape">Its shape; a sphere where it is a compound.</param>
internal readonly record struct PairCull(int Sphere, float Radius, int Other, ConvexShape Shape)
{
    /// <summary>The larger body keeps its shape, the smaller becomes a sphere.</summary>
    public static PairCull Of(int rowA, in Collidable a, int rowB, in Collidable b)
        => a.MaximumRadius <= b.MaximumRadius
            ? new PairCull(rowA, a.MaximumRadius, rowB, ShapeOf(in b))
            : new PairCull(rowB, b.MaximumRadius, rowA, ShapeOf(in a));

    /// <summary>The mask of lanes whose bodies are within <paramref name="margin"/>.</summary>
    public T Near<T>(Rows<T> tile, T margin) where T : unmanaged, ILane<T>
    {
        Rows<T> sphere = tile.From(Sphere), other = tile.From(Other);
        T reach = margin + Radius;
        switch (Shape.Kind)
        {
            case ShapeKind.Sphere: return Within(ToSphere(sphere, other), reach + Shape.A);
            case ShapeKind.Capsule: return Within(ToSegment(sphere, other, Shape.B), reach + Shape.A);
            case ShapeKind.Plane: return AbovePlane(sphere, other) <= reach;
            case ShapeKind.Cylinder: return Within(ToBox(sphere, other, Shape.A, Shape.B, Shape.A), reach);
            default: return Within(ToBox(sphere, other, Shape.A, Shape.B, Shape.C), reach);
        }
    }

    private static ConvexShape ShapeOf(in Collidable body) => body.IsCompound ? ConvexShape.Sphere(body.MaximumRadius) : body.Convex;

    private static T Within<T>(T squaredDistance, T reach) where T : unmanaged, ILane<T> => squaredDistance <= reach * reach;

    private static T ToSphere<T>(Rows<T> sphere, Rows<T> other) where T : unmanaged, ILane<T>
        => (sphere.Vector(BodyRows.Position) - other.Vector(BodyRows.Position)).LengthSquared;

    private static T AbovePlane<T>(Rows<T> sphere, Rows<T> plane) where T : unmanaged, ILane<T>
        => Local(sphere, plane).Z;

    private static T ToSegment<T>(Rows<T> sphere, Rows<T> capsule, float halfLength) where T : unmanaged, ILane<T>
    {
        var local = Local(sphere, capsule);
        local.Y -= LaneMath.Clamp(local.Y, halfLength);
        return local.LengthSquared;
    }

    private static T ToBox<T>(Rows<T> sphere, Rows<T> box, float x, float y, float z) where T : unmanaged, ILane<T>
    {
        var local = Local(sphere, box);
        local.X -= LaneMath.Clamp(local.X, x);
        local.Y -= LaneMath.Clamp(local.Y, y);
        local.Z -= LaneMath.Clamp(local.Z, z);
        return local.LengthSquared;
    }

    /// <summary>The sphere's centre in the other body's axes.</summary>
    private static Vec3<T> Local<T>(Rows<T> sphere, Rows<T> other) where T : unmanaged, ILane<T>
        => Quat<T>.RotateBack(other.Quaternion(BodyRows.Orientation), sphere.Vector(BodyRows.Position) - other.Vector(BodyRows.Position));
}
