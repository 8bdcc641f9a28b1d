using System.Runtime.CompilerServices;

namespace Sim.Physics.Collision;

/// <summary>
/// The part of one body (the base) that looks at the other along the contact normal, as a rectangle or a disc in the axes of the
/// cylinder of the pair: a box's face, a cylinder's cap, or the line of a cylinder's side (a rectangle without width). What the other body shows, a segment or a
/// disc, is seen along the normal in the base's plane; gaps are distances from the base along the normal. Metres.
/// </summary>
internal unsafe struct ContactFace
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    // Below this slope a disc counts as flat on the base, and its points keep their places in the body.
    private const float FlatSine = 2e-3f;

    // Slope beyond which rounding of the normal cannot have made an end of a segment the deepest place.
    private const float Sloping = 5e-3f;

    // Sines between two lines up to which they lie beside each other, and from which they cross.
    private const float Beside = 0.01f, Across = 0.05f;

    private const float HalfRoot = 0.70710678f;

    /// <summary>Centre of the face, and its axes; W points out of the body.</summary>
    public Float3 Origin, U, V, W;

    /// <summary>Half the extents along U and V; of a disc both are the radius.</summary>
    public float HalfU, HalfV;

    public bool Disc;

    /// <summary>Unit vector from the base to the other body.</summary>
    public Float3 Normal;

    /// <summary>Distinguishes this face and what it meets from others of the pair.</summary>
    public int Prefix;

    /// <summary>By how much a gap may exceed the margin before it is corrected in <see cref="Write"/>.</summary>
    private readonly float Loose { [MethodImpl(Inline)] get => 0.1f * (HalfU + HalfV); }

    private readonly float Slack { [MethodImpl(Inline)] get => 1e-3f * (HalfU + HalfV); }

    /// <summary>
    /// The two ends of the part of a segment that lies over the base, with its deepest end where it slopes; a single point where that is short, or
    /// where the segment crosses a line. The body about the segment reaches <paramref name="radius"/> nearer.
    /// </summary>
    public readonly void AddSegment(Float3 centre, Float3 axis, float halfLength, float radius, float deepest, float margin, ref PlanarContacts contacts)
    {
        margin += Loose;
        See(centre - Origin, out float u, out float v, out float gap);
        See(axis, out float du, out float dv, out float rise);
        float low = -halfLength, high = halfLength;
        if (Disc)
        {
            CutDisc(u, v, du, dv, HalfU + Slack, ref low, ref high);
        }
        else
        {
            CutStrip(u, du, HalfU + Slack, ref low, ref high);
            if (HalfV > 0) CutStrip(v, dv, HalfV + Slack, ref low, ref high);
        }
        bool empty = !(low <= high);

        // A segment that just misses a corner passes it between leaving one strip and entering the other; far off, its place nearest to the face's centre serves.
        float slope = Float3.Dot(axis, Normal), squared = du * du + dv * dv;
        bool far = empty && !(low - high < halfLength);
        float middle = far ? (squared > 1e-12f ? -(u * du + v * dv) / squared : 0f) : 0.5f * (low + high);
        float deep = slope > Sloping ? -halfLength : slope < -Sloping ? halfLength : Scalar.Clamp(middle, halfLength);
        bool sloping = MathF.Abs(slope) > Sloping;
        if (empty)
        {
            low = high = deep;
        }
        else if (sloping)
        {
            // The least overlap is where the deepest end meets the base; rounding of the normal must not push it off.
            low = Scalar.Min(low, deep);
            high = Scalar.Max(high, deep);
        }
        if (HalfV == 0 && !empty)
        {
            // Two lines: beside each other they share a stretch, which shrinks to where they meet as the angle between them grows.
            float sine = MathF.Abs(dv);
            if (!sloping && sine > Beside) deep = Scalar.Max(low, Scalar.Min(high, -v / dv));
            float share = Scalar.Max(0f, Scalar.Min(1f, (Across - sine) * (1f / (Across - Beside))));
            low = deep + (low - deep) * share;
            high = deep + (high - deep) * share;
        }

        if (!(high - low > 0.02f * halfLength))
        {
            contacts.Add(u + du * deep, v + dv * deep, -deepest, margin, 0);
            return;
        }
        contacts.Add(u + du * low, v + dv * low, gap + rise * low - radius, margin, 0);
        contacts.Add(u + du * high, v + dv * high, gap + rise * high - radius, margin, 1);
    }

    /// <summary>
    /// The outline of what a disc and the base share, the disc's rim taken as an octagon that starts at its deepest point. Feature k is where side k of the
    /// octagon enters the base (its first corner, if that is inside), 8 + k where it leaves, 16 + k a corner of the base's own outline.
    /// </summary>
    public readonly void AddDisc(Float3 centre, Float3 outward, Float3 inPlane, float radius, float deepest, float margin, ref PlanarContacts contacts)
    {
        margin += Loose;
        Float3 down = outward * Float3.Dot(Normal, outward) - Normal;
        float sine = down.Length;
        Float3 first = (sine > FlatSine ? down * (1f / sine) : inPlane) * radius;
        Float3 second = Float3.Cross(outward, first);
        See(centre - Origin, out float u, out float v, out float gap);
        See(first, out float uFirst, out float vFirst, out float gapFirst);
        See(second, out float uSecond, out float vSecond, out float gapSecond);

        if (Inside(u + uFirst, v + vFirst) && Inside(u + uSecond, v + vSecond) && Inside(u - uFirst, v - vFirst) && Inside(u - uSecond, v - vSecond))
        {
            contacts.Add(u + uFirst, v + vFirst, gap + gapFirst, margin, 0);
            contacts.Add(u + uSecond, v + vSecond, gap + gapSecond, margin, 2);
            contacts.Add(u - uFirst, v - vFirst, gap - gapFirst, margin, 4);
            contacts.Add(u - uSecond, v - vSecond, gap - gapSecond, margin, 6);
            return;
        }

        float cosine = 1, sineAngle = 0;
        float fromU = u + uFirst, fromV = v + vFirst, fromGap = gap + gapFirst;

        // The octagon's first corner is the deepest place of a disc that slopes, and the least overlap is where it meets the base.
        bool startsInside = sine > Sloping || Inside(fromU, fromV);
        bool firstInside = startsInside;
        for (int side = 0; side < 8; side++)
        {
            float turned = (cosine - sineAngle) * HalfRoot;
            sineAngle = (cosine + sineAngle) * HalfRoot;
            cosine = turned;
            float toU = u + cosine * uFirst + sineAngle * uSecond, toV = v + cosine * vFirst + sineAngle * vSecond;
            float toGap = gap + cosine * gapFirst + sineAngle * gapSecond;
            bool endsInside = side == 7 ? firstInside : Inside(toU, toV);
            Side(fromU, fromV, fromGap, toU - fromU, toV - fromV, toGap - fromGap, startsInside, endsInside, side, margin, ref contacts);
            fromU = toU;
            fromV = toV;
            fromGap = toGap;
            startsInside = endsInside;
        }

        float area = uFirst * vSecond - vFirst * uSecond;
        if (MathF.Abs(area) > 1e-12f * HalfU * HalfV)
        {
            float inverse = 1f / area;
            if (Disc) AddRim(u, v, gap, uFirst * inverse, vFirst * inverse, gapFirst, uSecond * inverse, vSecond * inverse, gapSecond, margin, ref contacts);
            else AddCorners(u, v, gap, uFirst * inverse, vFirst * inverse, gapFirst, uSecond * inverse, vSecond * inverse, gapSecond, margin, ref contacts);
        }
        if (contacts.Offered == 0) contacts.Add(u + uFirst, v + vFirst, -deepest, margin, 0);
    }

    /// <summary>
    /// Writes the contacts, at most four, with offsets from the opponent's centre in world axes. The normal is turned by
    /// <paramref name="sign"/> to run from the cylinder to the opponent.
    /// </summary>
    public readonly void Write(ref PlanarContacts contacts, in Rotation3 rotation, Float3 centre, float sign, float deepest, float margin, ref ConvexManifold manifold)
    {
        contacts.Thin(HalfU + HalfV);
        manifold.Normal = rotation.ToWorld(Normal * sign);

        // A small turn of the normal moves gaps at places in the face in proportion, but the least overlap in its square only: that one is right.
        float least = float.MaxValue;
        for (int i = 0; i < 4; i++)
            if (i < contacts.Count) least = Scalar.Min(least, contacts.Gap[i]);
        float correction = -deepest - least;
        for (int i = 0; i < 4; i++)
        {
            if (i >= contacts.Count) return;
            float gap = contacts.Gap[i] + correction;
            if (!(gap <= margin)) continue;
            Float3 place = Origin + U * contacts.U[i] + V * contacts.V[i] + Normal * (0.5f * gap);
            manifold.Add(rotation.ToWorld(place - centre), -gap, Prefix * 32 + contacts.Feature[i]);
        }
    }

    /// <summary>A point, or a difference of points, seen along the normal in the base's plane, and its gap.</summary>
    [MethodImpl(Inline)]
    private readonly void See(Float3 point, out float u, out float v, out float gap)
    {
        gap = Float3.Dot(point, W) / Float3.Dot(Normal, W);
        Float3 seen = point - Normal * gap;
        u = Float3.Dot(seen, U);
        v = Float3.Dot(seen, V);
    }

    [MethodImpl(Inline)]
    private readonly bool Inside(float u, float v)
    {
        float slack = Slack;
        return Disc ? u * u + v * v <= (HalfU + slack) * (HalfU + slack) : MathF.Abs(u) <= HalfU + slack && MathF.Abs(v) <= HalfV + slack;
    }

    private readonly void Side(float u, float v, float gap, float du, float dv, float dGap, bool startsInside, bool endsInside, int side, float margin, ref PlanarContacts contacts)
    {
        float enter = 0, leave = 1;
        if (Disc)
        {
            CutDisc(u, v, du, dv, HalfU, ref enter, ref leave);
        }
        else
        {
            CutStrip(u, du, HalfU, ref enter, ref leave);
            CutStrip(v, dv, HalfV, ref enter, ref leave);
        }
        if (startsInside) enter = 0;
        if (startsInside || enter < leave)
            contacts.Add(u + du * enter, v + dv * enter, gap + dGap * enter, margin, side);
        if (!endsInside && leave > enter + 1e-4f)
            contacts.Add(u + du * leave, v + dv * leave, gap + dGap * leave, margin, 8 + side);
    }

    /// <summary>The corners of a rectangular base that lie in the disc; the disc's two radii come divided by their area.</summary>
    private readonly void AddCorners(float u, float v, float gap, float uFirst, float vFirst, float gapFirst, float uSecond, float vSecond, float gapSecond, float margin, ref PlanarContacts contacts)
    {
        for (int corner = 0; corner < 4; corner++)
        {
            float cornerU = (corner & 1) != 0 ? HalfU : -HalfU, cornerV = (corner & 2) != 0 ? HalfV : -HalfV;
            AddWithin(cornerU, cornerV, u, v, gap, uFirst, vFirst, gapFirst, uSecond, vSecond, gapSecond, corner, margin, ref contacts);
        }
    }

    /// <summary>Eight points of a round base's rim that lie in the disc, the first where the disc comes lowest.</summary>
    private readonly void AddRim(float u, float v, float gap, float uFirst, float vFirst, float gapFirst, float uSecond, float vSecond, float gapSecond, float margin, ref PlanarContacts contacts)
    {
        float slopeU = vSecond * gapFirst - vFirst * gapSecond, slopeV = uFirst * gapSecond - uSecond * gapFirst;
        float slope = MathF.Sqrt(slopeU * slopeU + slopeV * slopeV);
        float rimU = slope > FlatSine ? -slopeU / slope * HalfU : HalfU, rimV = slope > FlatSine ? -slopeV / slope * HalfU : 0f;
        for (int corner = 0; corner < 8; corner++)
        {
            AddWithin(rimU, rimV, u, v, gap, uFirst, vFirst, gapFirst, uSecond, vSecond, gapSecond, corner, margin, ref contacts);
            float turned = (rimU - rimV) * HalfRoot;
            rimV = (rimU + rimV) * HalfRoot;
            rimU = turned;
        }
    }

    [MethodImpl(Inline)]
    private static void AddWithin(float atU, float atV, float u, float v, float gap, float uFirst, float vFirst, float gapFirst, float uSecond, float vSecond, float gapSecond, int corner, float margin, ref PlanarContacts contacts)
    {
        float du = atU - u, dv = atV - v;
        float first = du * vSecond - dv * uSecond, second = dv * uFirst - du * vFirst;
        if (first * first + second * second < 0.998f)
            contacts.Add(atU, atV, gap + first * gapFirst + second * gapSecond, margin, 16 + corner);
    }

    /// <summary>Cuts [low, high] down to where |start + speed t| stays within the limit.</summary>
    [MethodImpl(Inline)]
    private static void CutStrip(float start, float speed, float limit, ref float low, ref float high)
    {
        float inverse = MathF.Abs(speed) > 1e-9f ? 1f / speed : 1e9f;
        float first = (-limit - start) * inverse, second = (limit - start) * inverse;
        low = Scalar.Max(low, Scalar.Min(first, second));
        high = Scalar.Min(high, Scalar.Max(first, second));
    }

    /// <summary>Cuts [low, high] down to where the moving point stays within a circle about the origin; an empty range where it never is.</summary>
    [MethodImpl(Inline)]
    private static void CutDisc(float u, float v, float du, float dv, float radius, ref float low, ref float high)
    {
        float squared = du * du + dv * dv, along = u * du + v * dv;
        float outside = u * u + v * v - radius * radius;
        if (!(squared > 1e-12f))
        {
            if (outside > 0) high = low;
            return;
        }
        float inside = along * along - squared * outside;
        float middle = -along / squared;
        float half = inside > 0 ? MathF.Sqrt(inside) / squared : 0f;
        low = Scalar.Max(low, middle - half);
        high = Scalar.Min(high, middle + half);
    }
}
