namespace Sim.Physics.Collision;

/// <summary>
/// The direction in which two convex bodies that stand apart come nearest, after Gilbert, Johnson and Keerthi: the point of the
/// bodies' difference nearest to the origin, closed in on by triangles of its furthest points.
/// </summary>
internal struct NearestDirection
{
    private const int Iterations = 24;

    // Corners of the present simplex; the first Count of them count.
    private Float3 p0, p1, p2;
    private int count;

    /// <summary>
    /// The unit vector from cylinder to opponent between their nearest points, the opponent moved by <paramref name="shift"/> along
    /// the unit vector <paramref name="start"/>. Where they overlap even so, start itself.
    /// </summary>
    public static Float3 Find(in Opponent opponent, float radius, float halfLength, Float3 start, float shift)
    {
        Float3 centre = opponent.Centre + start * shift;
        NearestDirection simplex = default;
        Float3 nearest = Furthest(opponent, radius, halfLength, start, centre);
        simplex.p0 = nearest;
        simplex.count = 1;
        for (int i = 0; i < Iterations; i++)
        {
            float squared = nearest.LengthSquared;
            Float3 next = Furthest(opponent, radius, halfLength, nearest, centre);

            // As near as single precision tells.
            if (!(squared - Float3.Dot(nearest, next) > 2e-6f * squared)) break;
            Float3 nearer = simplex.Take(next);
            if (!(nearer.LengthSquared < squared)) break;
            nearest = nearer;
        }
        float distance = nearest.Length;
        return distance > 1e-6f * (radius + halfLength) ? nearest * (1f / distance) : start;
    }

    /// <summary>The point of opponent less cylinder that lies furthest against a vector.</summary>
    private static Float3 Furthest(in Opponent opponent, float radius, float halfLength, Float3 direction, Float3 centre)
        => centre + opponent.Furthest(-direction) - Opponent.CylinderFurthest(radius, halfLength, direction);

    /// <summary>Adds a corner, drops those that the nearest point does not need, and returns that point.</summary>
    private Float3 Take(Float3 next)
    {
        if (count == 1)
        {
            Float3 point = OnTriangle(p0, p0, next, out int keep);
            if ((keep & 3) == 0) p0 = next;
            else if ((keep & 4) != 0) { p1 = next; count = 2; }
            return point;
        }
        if (count == 2)
        {
            Float3 point = OnTriangle(p0, p1, next, out int keep);
            Keep(p0, p1, next, keep);
            return point;
        }

        // The origin lies outside the tetrahedron, behind one of the faces at the new corner.
        Float3 a = OnTriangle(p0, p1, next, out int keepA), b = OnTriangle(p1, p2, next, out int keepB), c = OnTriangle(p2, p0, next, out int keepC);
        float lengthA = a.LengthSquared, lengthB = b.LengthSquared, lengthC = c.LengthSquared;
        if (lengthA <= lengthB && lengthA <= lengthC) { Keep(p0, p1, next, keepA); return a; }
        if (lengthB <= lengthC) { Keep(p1, p2, next, keepB); return b; }
        Keep(p2, p0, next, keepC);
        return c;
    }

    private void Keep(Float3 a, Float3 b, Float3 c, int keep)
    {
        count = 0;
        if ((keep & 1) != 0) Append(a);
        if ((keep & 2) != 0) Append(b);
        if ((keep & 4) != 0) Append(c);
    }

    private void Append(Float3 corner)
    {
        if (count == 0) p0 = corner;
        else if (count == 1) p1 = corner;
        else p2 = corner;
        count++;
    }

    /// <summary>The point of a triangle nearest to the origin, and which corners span it (bits 1, 2 and 4).</summary>
    private static Float3 OnTriangle(Float3 a, Float3 b, Float3 c, out int keep)
    {
        // By the regions of corners, sides and face (Ericson, Real-Time Collision Detection, 5.1.5).
        Float3 ab = b - a, ac = c - a;
        float abA = -Float3.Dot(ab, a), acA = -Float3.Dot(ac, a);
        if (abA <= 0 && acA <= 0) { keep = 1; return a; }
        float abB = -Float3.Dot(ab, b), acB = -Float3.Dot(ac, b);
        if (abB >= 0 && acB <= abB && ab.LengthSquared > 0) { keep = 2; return b; }
        float abC = -Float3.Dot(ab, c), acC = -Float3.Dot(ac, c);
        if (acC >= 0 && abC <= acC) { keep = 4; return c; }
        float areaC = abA * acB - abB * acA;
        if (areaC <= 0 && abA > 0 && abB <= 0) { keep = 3; return a + ab * (abA / (abA - abB)); }
        float areaB = abC * acA - abA * acC;
        if (areaB <= 0 && acA > 0 && acC <= 0) { keep = 5; return a + ac * (acA / (acA - acC)); }
        float areaA = abB * acC - abC * acB;
        float alongB = acB - abB, alongC = abC - acC;
        if (areaA <= 0 && alongB >= 0 && alongC >= 0 && alongB + alongC > 0) { keep = 6; return b + (c - b) * (alongB / (alongB + alongC)); }
        // The foot of the perpendicular on the plane. Three corners in a line have no plane; their longest side stands for them.
        Float3 normal = Float3.Cross(ab, ac);
        float squared = normal.LengthSquared, sides = ab.LengthSquared * ac.LengthSquared;
        if (!(squared > 1e-9f * sides)) return OnSliver(a, b, c, out keep);
        keep = 7;
        return normal * (Float3.Dot(normal, a) / squared);
    }

    private static Float3 OnSliver(Float3 a, Float3 b, Float3 c, out int keep)
    {
        Float3 ab = OnSide(a, b, out bool both), ac = OnSide(a, c, out bool bothC), bc = OnSide(b, c, out bool bothBC);
        float lengthAB = ab.LengthSquared, lengthAC = ac.LengthSquared, lengthBC = bc.LengthSquared;
        if (lengthAC <= lengthAB && lengthAC <= lengthBC) { keep = bothC ? 5 : 4; return ac; }
        if (lengthBC <= lengthAB) { keep = bothBC ? 6 : 4; return bc; }
        keep = both ? 3 : 2;
        return ab;
    }

    /// <summary>The point of a side nearest to the origin, and whether its start counts in it.</summary>
    private static Float3 OnSide(Float3 a, Float3 b, out bool both)
    {
        Float3 side = b - a;
        float squared = side.LengthSquared, along = -Float3.Dot(a, side);
        float part = squared > 0 ? Scalar.Max(0f, Scalar.Min(1f, along / squared)) : 1f;
        both = part < 1;
        return a + side * part;
    }
}
