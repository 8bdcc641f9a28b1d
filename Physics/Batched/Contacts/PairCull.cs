using System.Runtime.CompilerServices;
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
/// <param name="HalfLength">0; half the length of a capsule that keeps it against a box, the radius being the capsule's own.</param>
/// <param name="Bounds">Sum of both bounding radii, tried first; infinite with a plane.</param>
internal readonly record struct PairCull(int Sphere, float Radius, int Other, ConvexShape Shape, float HalfLength, float Bounds)
{
    /// <summary>Of two compounds, the boxes that hold them: half widths of <see cref="Sphere"/>'s and of <see cref="Other"/>'s; zero of other pairs.</summary>
    private Float3 Reach { get; init; }

    /// <inheritdoc cref="Reach"/>
    private Float3 OtherReach { get; init; }

    /// <summary>The larger body keeps its shape, the smaller becomes a sphere; a capsule meets a box as it is.</summary>
    public static PairCull Of(int rowA, in Collidable a, int rowB, in Collidable b)
    {
        float bounds = a.MaximumRadius + b.MaximumRadius;
        if (IsCapsule(in a) && IsBox(in b)) return new PairCull(rowA, a.Convex.A, rowB, b.Convex, a.Convex.B, bounds);
        if (IsCapsule(in b) && IsBox(in a)) return new PairCull(rowB, b.Convex.A, rowA, a.Convex, b.Convex.B, bounds);
        if (a.IsCompound && b.IsCompound)
            return new PairCull(rowA, a.MaximumRadius, rowB, ShapeOf(in b), 0, bounds) { Reach = a.Reach, OtherReach = b.Reach };
        return a.MaximumRadius <= b.MaximumRadius
            ? new PairCull(rowA, a.MaximumRadius, rowB, ShapeOf(in b), 0, bounds)
            : new PairCull(rowB, b.MaximumRadius, rowA, ShapeOf(in a), 0, bounds);
    }

    /// <summary>The mask of lanes whose bodies are within <paramref name="margin"/>.</summary>
    [MethodImpl(Stage.Inline)]
    public void Near<T>(Rows<T> tile, in T margin, out T near) where T : unmanaged, ILane<T>
    {
        near = Within(ToSphere(tile.From(Sphere), tile.From(Other)), margin + Bounds);
        bool compounds = Reach.X > 0;
        if ((Shape.Kind == ShapeKind.Sphere && !compounds) || !T.Any(near)) return;
        T exact;
        if (compounds) NearBoxes(tile.From(Sphere), tile.From(Other), in margin, out exact);
        else NearShape(tile, in margin, out exact);
        near &= exact;
    }

    /// <summary>Whether the boxes that hold two compounds come within the margin along the line of their centres.</summary>
    [MethodImpl(Stage.Cut)]
    private void NearBoxes<T>(Rows<T> a, Rows<T> b, in T margin, out T near) where T : unmanaged, ILane<T>
    {
        var between = b.Vector(BodyRows.Position) - a.Vector(BodyRows.Position);
        T square = between.LengthSquared, distance = T.Sqrt(square);
        T reach = Along(a, between, Reach) + Along(b, between, OtherReach);
        // Both sides are lengths times the distance; a hundred thousandth more than rounding could take away.
        near = square <= T.Fma(margin, distance, reach) + (square * 1e-5f);
    }

    /// <summary>How far a box reaches along a vector, times the vector's length.</summary>
    [MethodImpl(Stage.Inline)]
    private static T Along<T>(Rows<T> body, Vec3<T> direction, Float3 reach) where T : unmanaged, ILane<T>
    {
        var local = Quat<T>.RotateBack(body.Quaternion(BodyRows.Orientation), direction);
        return (T.Abs(local.X) * reach.X) + (T.Abs(local.Y) * reach.Y) + (T.Abs(local.Z) * reach.Z);
    }

    [MethodImpl(Stage.Cut)]
    private void NearShape<T>(Rows<T> tile, in T margin, out T near) where T : unmanaged, ILane<T>
    {
        Rows<T> sphere = tile.From(Sphere), other = tile.From(Other);
        T reach = margin + Radius;
        Local(sphere, other, out var local);
        switch (Shape.Kind)
        {
            case ShapeKind.Capsule: near = Within(ToSegment(local, Shape.B), reach + Shape.A); break;
            case ShapeKind.Plane: near = local.Z <= reach; break;
            case ShapeKind.Cylinder: near = Within(ToBox(local, T.Of(Shape.A), T.Of(Shape.B), T.Of(Shape.A)), reach); break;
            default:
                if (HalfLength > 0) NearBox(sphere, other, in local, in reach, out near);
                else near = Within(ToBox(local, T.Of(Shape.A), T.Of(Shape.B), T.Of(Shape.C)), reach);
                break;
        }
    }

    /// <summary>A capsule's middle against the box grown by the capsule's reach along the box's axes.</summary>
    [MethodImpl(Stage.Cut)]
    private void NearBox<T>(Rows<T> capsule, Rows<T> box, in Vec3<T> local, in T reach, out T near) where T : unmanaged, ILane<T>
    {
        var axis = Quat<T>.Rotate(capsule.Quaternion(BodyRows.Orientation), new Vec3<T>(T.Of(0), T.Of(HalfLength), T.Of(0)));
        axis = Quat<T>.RotateBack(box.Quaternion(BodyRows.Orientation), axis);
        near = Within(ToBox(local, T.Abs(axis.X) + Shape.A, T.Abs(axis.Y) + Shape.B, T.Abs(axis.Z) + Shape.C), reach);
    }

    private static bool IsCapsule(in Collidable body) => !body.IsCompound && body.Convex.Kind == ShapeKind.Capsule;

    private static bool IsBox(in Collidable body) => !body.IsCompound && body.Convex.Kind == ShapeKind.Box;

    private static ConvexShape ShapeOf(in Collidable body) => body.IsCompound ? ConvexShape.Sphere(body.MaximumRadius) : body.Convex;

    [MethodImpl(Stage.Inline)]
    private static T Within<T>(T squaredDistance, T reach) where T : unmanaged, ILane<T> => squaredDistance <= reach * reach;

    [MethodImpl(Stage.Inline)]
    private static T ToSphere<T>(Rows<T> sphere, Rows<T> other) where T : unmanaged, ILane<T>
        => (sphere.Vector(BodyRows.Position) - other.Vector(BodyRows.Position)).LengthSquared;

    [MethodImpl(Stage.Inline)]
    private static T ToSegment<T>(Vec3<T> local, float halfLength) where T : unmanaged, ILane<T>
    {
        local.Y -= LaneMath.Clamp(local.Y, halfLength);
        return local.LengthSquared;
    }

    [MethodImpl(Stage.Inline)]
    private static T ToBox<T>(Vec3<T> local, T x, T y, T z) where T : unmanaged, ILane<T>
    {
        local.X -= LaneMath.Clamp(local.X, -x, x);
        local.Y -= LaneMath.Clamp(local.Y, -y, y);
        local.Z -= LaneMath.Clamp(local.Z, -z, z);
        return local.LengthSquared;
    }

    /// <summary>The sphere's centre in the other body's axes.</summary>
    [MethodImpl(Stage.Inline)]
    private static void Local<T>(Rows<T> sphere, Rows<T> other, out Vec3<T> local) where T : unmanaged, ILane<T>
        => local = Quat<T>.RotateBack(other.Quaternion(BodyRows.Orientation), sphere.Vector(BodyRows.Position) - other.Vector(BodyRows.Position));
}
