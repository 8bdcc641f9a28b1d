using System.Runtime.CompilerServices;

namespace Sim.Physics.Collision;

/// <summary>
/// The face of a box that a contact normal leaves through (the base) and the face of another box that looks back at it
/// most, seen along the normal in the base's plane: a rectangle [-HalfU, HalfU] × [-HalfV, HalfV] and a parallelogram
/// about its centre with half sides along P and Q. Gaps are distances from the base to the other face along the normal, negative inside. Metres.
/// </summary>
internal unsafe struct BoxFaces
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Kinds of normal, a part of the feature: a face of A, a face of B, or across two edges.</summary>
    public const int OnA = 0, OnB = 1, BetweenEdges = 2;

    private int baseAxis, otherFace;
    private bool flipped;
    private float halfU, halfV, halfW, normalU, normalV, normalW;
    private float centreU, centreV, centreGap, pU, pV, pGap, qU, qV, qGap;

    /// <summary>The two faces that face each other along the unit normal, which runs from the base box to the other; all in the base box's axes.</summary>
    public static BoxFaces Facing(in Float3 half, in Float3 halfOther, in Rotation3 other, in Float3 offset, in Float3 normal)
    {
        BoxFaces faces;
        float x = MathF.Abs(normal.X), y = MathF.Abs(normal.Y), z = MathF.Abs(normal.Z);
        faces.baseAxis = x >= y && x >= z ? 0 : y >= z ? 1 : 2;

        float towardsX = Float3.Dot(normal, other.X), towardsY = Float3.Dot(normal, other.Y), towardsZ = Float3.Dot(normal, other.Z);
        x = MathF.Abs(towardsX);
        y = MathF.Abs(towardsY);
        z = MathF.Abs(towardsZ);
        Float3 face, p, q;
        if (x >= y && x >= z) { face = other.X * (towardsX > 0 ? -halfOther.X : halfOther.X); p = other.Y * halfOther.Y; q = other.Z * halfOther.Z; faces.otherFace = towardsX > 0 ? 0 : 1; }
        else if (y >= z) { face = other.Y * (towardsY > 0 ? -halfOther.Y : halfOther.Y); p = other.Z * halfOther.Z; q = other.X * halfOther.X; faces.otherFace = towardsY > 0 ? 2 : 3; }
        else { face = other.Z * (towardsZ > 0 ? -halfOther.Z : halfOther.Z); p = other.X * halfOther.X; q = other.Y * halfOther.Y; faces.otherFace = towardsZ > 0 ? 4 : 5; }

        Float3 centre = offset + face;
        Turn(faces.baseAxis, half, out faces.halfU, out faces.halfV, out faces.halfW);
        Turn(faces.baseAxis, normal, out faces.normalU, out faces.normalV, out faces.normalW);
        Turn(faces.baseAxis, centre, out faces.centreU, out faces.centreV, out float centreW);
        Turn(faces.baseAxis, p, out faces.pU, out faces.pV, out float pW);
        Turn(faces.baseAxis, q, out faces.qU, out faces.qV, out float qW);

        // W points out of the base face.
        faces.flipped = faces.normalW < 0;
        if (faces.flipped)
        {
            faces.normalW = -faces.normalW;
            centreW = -centreW;
            pW = -pW;
            qW = -qW;
        }
        float inverse = 1f / faces.normalW;
        faces.centreGap = (centreW - faces.halfW) * inverse;
        faces.pGap = pW * inverse;
        faces.qGap = qW * inverse;
        faces.centreU -= faces.centreGap * faces.normalU;
        faces.centreV -= faces.centreGap * faces.normalV;
        faces.pU -= faces.pGap * faces.normalU;
        faces.pV -= faces.pGap * faces.normalV;
        faces.qU -= faces.qGap * faces.normalU;
        faces.qV -= faces.qGap * faces.normalV;
        return faces;
    }

    /// <summary>
    /// The corners of the overlap of the two faces whose gap is within the margin. Side k of the parallelogram runs from its corner k to corner k + 1;
    /// feature k is where it enters the rectangle (its first corner, if that is inside), 4 + k where it leaves, 8 + k a corner of the rectangle.
    /// </summary>
    public readonly void Overlap(float margin, ref PlanarContacts contacts)
    {
        float u0 = centreU - pU - qU, v0 = centreV - pV - qV, gap0 = centreGap - pGap - qGap;
        float u1 = centreU + pU - qU, v1 = centreV + pV - qV, gap1 = centreGap + pGap - qGap;
        float u2 = centreU + pU + qU, v2 = centreV + pV + qV, gap2 = centreGap + pGap + qGap;
        float u3 = centreU - pU + qU, v3 = centreV - pV + qV, gap3 = centreGap - pGap + qGap;

        // Boxes of one size that lie on each other have their corners on the rectangle's rim; they count as inside.
        float slack = 1e-3f * (halfU + halfV);
        bool in0 = Inside(u0, v0, slack), in1 = Inside(u1, v1, slack), in2 = Inside(u2, v2, slack), in3 = Inside(u3, v3, slack);
        if (in0 && in1 && in2 && in3)
        {
            contacts.Add(u0, v0, gap0, margin, 0);
            contacts.Add(u1, v1, gap1, margin, 1);
            contacts.Add(u2, v2, gap2, margin, 2);
            contacts.Add(u3, v3, gap3, margin, 3);
            return;
        }

        Side(u0, v0, gap0, 2 * pU, 2 * pV, 2 * pGap, in0, in1, 0, margin, ref contacts);
        Side(u1, v1, gap1, 2 * qU, 2 * qV, 2 * qGap, in1, in2, 1, margin, ref contacts);
        Side(u2, v2, gap2, -2 * pU, -2 * pV, -2 * pGap, in2, in3, 2, margin, ref contacts);
        Side(u3, v3, gap3, -2 * qU, -2 * qV, -2 * qGap, in3, in0, 3, margin, ref contacts);

        float area = pU * qV - pV * qU;
        if (MathF.Abs(area) > 1e-12f * halfU * halfV)
        {
            float inverse = 1f / area;
            Corner(-halfU, -halfV, inverse, 8, margin, ref contacts);
            Corner(halfU, -halfV, inverse, 9, margin, ref contacts);
            Corner(-halfU, halfV, inverse, 10, margin, ref contacts);
            Corner(halfU, halfV, inverse, 11, margin, ref contacts);
        }
        if (contacts.Offered > 0) return;

        // Boxes apart corner to corner: the faces do not overlap, and the other's corner nearest to the base stands for them.
        float nearest = Beyond(u0, v0, gap0), beyond1 = Beyond(u1, v1, gap1), beyond2 = Beyond(u2, v2, gap2), beyond3 = Beyond(u3, v3, gap3);
        float u = u0, v = v0, gap = gap0;
        int corner = 0;
        if (beyond1 < nearest) { nearest = beyond1; u = u1; v = v1; gap = gap1; corner = 1; }
        if (beyond2 < nearest) { nearest = beyond2; u = u2; v = v2; gap = gap2; corner = 2; }
        if (beyond3 < nearest) { u = u3; v = v3; gap = gap3; corner = 3; }
        contacts.Add(u, v, gap, margin, corner);
    }

    /// <summary>Writes the contacts, at most four, in world axes; sign turns the normal so that it runs from B to A.</summary>
    public readonly void Write(ref PlanarContacts contacts, in Rotation3 rotation, in Float3 origin, float sign, int kind, ref ConvexManifold manifold)
    {
        contacts.Thin(halfU + halfV);
        Float3 axisU = baseAxis == 0 ? rotation.Y : baseAxis == 1 ? rotation.Z : rotation.X;
        Float3 axisV = baseAxis == 0 ? rotation.Z : baseAxis == 1 ? rotation.X : rotation.Y;
        Float3 axisW = baseAxis == 0 ? rotation.X : baseAxis == 1 ? rotation.Y : rotation.Z;
        if (flipped) axisW = -axisW;
        Float3 normal = axisU * normalU + axisV * normalV + axisW * normalW;
        Float3 face = origin + axisW * halfW;
        manifold.Normal = normal * sign;
        int prefix = ((kind * 3 + baseAxis) * 6 + otherFace) * 2 + (flipped ? 1 : 0);
        for (int i = 0; i < 4; i++)
        {
            if (i >= contacts.Count) return;
            Float3 offset = face + axisU * contacts.U[i] + axisV * contacts.V[i] + normal * (0.5f * contacts.Gap[i]);
            manifold.Add(offset, -contacts.Gap[i], prefix * 16 + contacts.Feature[i]);
        }
    }

    /// <summary>Coordinates with W across face axis 0, 1 or 2 and U, V after it in turn.</summary>
    [MethodImpl(Inline)]
    private static void Turn(int axis, in Float3 value, out float u, out float v, out float w)
    {
        u = axis == 0 ? value.Y : axis == 1 ? value.Z : value.X;
        v = axis == 0 ? value.Z : axis == 1 ? value.X : value.Y;
        w = axis == 0 ? value.X : axis == 1 ? value.Y : value.Z;
    }

    [MethodImpl(Inline)]
    private readonly bool Inside(float u, float v, float slack) => MathF.Abs(u) <= halfU + slack && MathF.Abs(v) <= halfV + slack;

    /// <summary>The squared distance of a place at some height from the rectangle.</summary>
    private readonly float Beyond(float u, float v, float gap)
    {
        float du = u - Scalar.Clamp(u, halfU), dv = v - Scalar.Clamp(v, halfV);
        return du * du + dv * dv + gap * gap;
    }

    /// <summary>Where one side of the parallelogram enters and leaves the rectangle.</summary>
    private readonly void Side(float u, float v, float gap, float du, float dv, float dGap, bool startsInside, bool endsInside, int side, float margin, ref PlanarContacts contacts)
    {
        float inverseU = MathF.Abs(du) > 1e-9f ? 1f / du : 1e9f, inverseV = MathF.Abs(dv) > 1e-9f ? 1f / dv : 1e9f;
        float firstU = (-halfU - u) * inverseU, secondU = (halfU - u) * inverseU;
        float firstV = (-halfV - v) * inverseV, secondV = (halfV - v) * inverseV;
        float enter = startsInside ? 0f : Scalar.Max(0f, Scalar.Max(Scalar.Min(firstU, secondU), Scalar.Min(firstV, secondV)));
        float leave = Scalar.Min(1f, Scalar.Min(Scalar.Max(firstU, secondU), Scalar.Max(firstV, secondV)));
        if (startsInside || enter < leave)
            contacts.Add(u + du * enter, v + dv * enter, gap + dGap * enter, margin, side);
        if (!endsInside && leave > enter + 1e-4f)
            contacts.Add(u + du * leave, v + dv * leave, gap + dGap * leave, margin, 4 + side);
    }

    /// <summary>A corner of the rectangle, if it lies within the parallelogram.</summary>
    private readonly void Corner(float u, float v, float inverseArea, int feature, float margin, ref PlanarContacts contacts)
    {
        float du = u - centreU, dv = v - centreV;
        float p = (du * qV - dv * qU) * inverseArea, q = (pU * dv - pV * du) * inverseArea;
        if (MathF.Abs(p) < 0.999f && MathF.Abs(q) < 0.999f)
            contacts.Add(u, v, centreGap + p * pGap + q * qGap, margin, feature);
    }
}
