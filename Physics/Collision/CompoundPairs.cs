namespace Sim.Physics.Collision;

/// <summary>
/// Contacts of two bodies of which at least one is made of several convex children: every pair of children whose bounding
/// spheres come within the margin is tested, and <see cref="ManifoldReducer"/> keeps four contacts.
/// </summary>
public static unsafe class CompoundPairs
{
    /// <summary>
    /// A body of one convex shape is a single child at the identity pose. Orientations are unit quaternions from body to world,
    /// <paramref name="offsetB"/> is B's centre less A's in world axes, margin metres. Features follow the order of the
    /// children, which must not change from step to step; up to 512 children a body keep child pairs apart.
    /// </summary>
    public static void Collide(CompoundChild* childrenA, int countA, in Orientation orientationA,
        CompoundChild* childrenB, int countB, in Orientation orientationB, in Float3 offsetB, float margin, out GeneralManifold manifold)
        => Collide(childrenA, countA, Extent(childrenA, countA), orientationA, childrenB, countB, Extent(childrenB, countB), orientationB, offsetB, margin, out manifold);

    /// <summary>The same for bodies whose extents are known: the reach of the children from their body's centre, metres.</summary>
    public static void Collide(CompoundChild* childrenA, int countA, float extentA, in Orientation orientationA,
        CompoundChild* childrenB, int countB, float extentB, in Orientation orientationB, in Float3 offsetB, float margin, out GeneralManifold manifold)
    {
        ManifoldReducer.Start(margin, Scalar.Min(extentA, extentB), out ManifoldReducer reducer);
        for (int j = 0; j < countB; j++)
        {
            ref CompoundChild b = ref childrenB[j];
            Float3 centreB = offsetB + orientationB.Rotate(b.Position);
            Orientation turnB = orientationB * b.Orientation;
            for (int i = 0; i < countA; i++)
            {
                ref CompoundChild a = ref childrenA[i];
                Float3 centreA = orientationA.Rotate(a.Position);
                Float3 between = centreB - centreA;
                if (!Near(a, orientationA, b, turnB, between, margin)) continue;
                Orientation turnA = orientationA * a.Orientation;
                ConvexPairs.Collide(a.Shape, turnA, b.Shape, turnB, between, margin, out ConvexManifold found);
                if (found.Count > 0) reducer.Add(found, centreA, i * 512 + j);
            }
        }
        reducer.Finish(out manifold);
    }

    /// <summary>The reach of the children from their body's centre, metres; a plane's is without end.</summary>
    private static float Extent(CompoundChild* children, int count)
    {
        float extent = 0;
        for (int i = 0; i < count; i++)
            extent = Scalar.Max(extent, children[i].Position.Length + children[i].BoundingRadius);
        return extent;
    }

    /// <summary>
    /// Whether the smaller child's bounding sphere comes within the margin of the larger child: of its shape where that is a
    /// half-space, a box or a capsule, else of its bounding sphere.
    /// </summary>
    private static bool Near(in CompoundChild a, in Orientation bodyA, in CompoundChild b, in Orientation turnB, in Float3 between, float margin)
        => a.BoundingRadius <= b.BoundingRadius
            ? Reaches(b, turnB, -between, a.BoundingRadius + margin)
            : Reaches(a, bodyA * a.Orientation, between, b.BoundingRadius + margin);

    /// <summary>Whether a sphere at <paramref name="place"/> (from the child's centre, world axes) touches the child.</summary>
    private static bool Reaches(in CompoundChild child, in Orientation turn, in Float3 place, float radius)
    {
        switch (child.Shape.Kind)
        {
            case ShapeKind.Plane:
                return Float3.Dot(place, turn.AxisZ) <= radius;
            case ShapeKind.Box:
                Float3 local = turn.Inverse.Rotate(place);
                return SpherePairs.Outside(local, new(child.Shape.A, child.Shape.B, child.Shape.C)).LengthSquared <= radius * radius;
            case ShapeKind.Capsule:
                Float3 axis = turn.AxisY;
                Float3 apart = place - axis * Scalar.Clamp(Float3.Dot(place, axis), child.Shape.B);
                float near = radius + child.Shape.A;
                return apart.LengthSquared <= near * near;
            default:
                float reach = radius + child.BoundingRadius;
                return place.LengthSquared <= reach * reach;
        }
    }
}
