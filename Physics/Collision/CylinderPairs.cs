namespace Sim.Physics.Collision;

/// <summary>
/// Capsule, box or cylinder (A) against cylinder (B): <see cref="LeastOverlap"/> finds the normal, and the contacts are where the parts
/// that look at each other along it overlap (<see cref="ContactFace"/>). A cylinder shows its cap where the normal is within 45 degrees of its axis, else the line of its side.
/// </summary>
internal static class CylinderPairs
{
    // Parts that may show, as they enter features.
    private const int BoxFace = 0, Cap = 6, OtherCap = 8, SideLine = 10, OtherSideLine = 11, CapsuleLine = 12, Parts = 16;

    public static void Capsule(float radiusA, float halfA, in Orientation orientationA, float radiusB, float halfB, in Orientation orientationB, Float3 offsetB, float margin, out ConvexManifold manifold)
    {
        manifold = default;
        if (!Near(radiusA + halfA, radiusB, halfB, offsetB, margin)) return;
        Rotation3 rotation = Rotation3.Of(orientationB);
        Opponent a = Meet(ShapeKind.Capsule, new(radiusA, halfA, 0), orientationA, rotation, orientationB, offsetB);
        if (!LeastOverlap.Find(a, radiusB, halfB, margin + radiusA, out LeastOverlap least)) return;

        PlanarContacts contacts;
        contacts.Count = contacts.Offered = 0;
        float deepest = least.Value + radiusA;
        ContactFace face = Shown(radiusB, halfB, least.Normal, CapsuleLine);
        face.AddSegment(a.Centre, a.Axes.Y, halfA, radiusA, deepest, margin, ref contacts);
        face.Write(ref contacts, rotation, a.Centre, 1f, deepest, margin, ref manifold);
    }

    public static void Box(Float3 halfA, in Orientation orientationA, float radiusB, float halfB, in Orientation orientationB, Float3 offsetB, float margin, out ConvexManifold manifold)
    {
        manifold = default;
        if (!Near(halfA.Length, radiusB, halfB, offsetB, margin)) return;
        Rotation3 rotation = Rotation3.Of(orientationB);
        Opponent a = Meet(ShapeKind.Box, halfA, orientationA, rotation, orientationB, offsetB);
        if (!LeastOverlap.Find(a, radiusB, halfB, margin, out LeastOverlap least)) return;

        PlanarContacts contacts;
        contacts.Count = contacts.Offered = 0;
        Float3 normal = -least.Normal;
        if (MathF.Abs(normal.Y) > 0.7f)
        {
            float sign = normal.Y > 0 ? -1f : 1f;
            ContactFace face = FaceOfBox(a, normal, Cap + (sign > 0 ? 1 : 0));
            face.AddDisc(new(0, sign * halfB, 0), new(0, sign, 0), new(1, 0, 0), radiusB, least.Value, margin, ref contacts);
            face.Write(ref contacts, rotation, a.Centre, -1f, least.Value, margin, ref manifold);
        }
        else
        {
            ContactFace face = FaceOfBox(a, normal, SideLine);
            face.AddSegment(Radial(least.Normal) * radiusB, new(0, 1, 0), halfB, 0f, least.Value, margin, ref contacts);
            face.Write(ref contacts, rotation, a.Centre, -1f, least.Value, margin, ref manifold);
        }
    }

    public static void Cylinder(float radiusA, float halfA, in Orientation orientationA, float radiusB, float halfB, in Orientation orientationB, Float3 offsetB, float margin, out ConvexManifold manifold)
    {
        manifold = default;
        if (!Near(MathF.Sqrt(radiusA * radiusA + halfA * halfA), radiusB, halfB, offsetB, margin)) return;
        Rotation3 rotation = Rotation3.Of(orientationB);
        Opponent a = Meet(ShapeKind.Cylinder, new(radiusA, halfA, 0), orientationA, rotation, orientationB, offsetB);
        if (!LeastOverlap.Find(a, radiusB, halfB, margin, out LeastOverlap least)) return;

        PlanarContacts contacts;
        contacts.Count = contacts.Offered = 0;
        Float3 normal = least.Normal;
        float cosineA = Float3.Dot(normal, a.Axes.Y);
        bool capA = MathF.Abs(cosineA) > 0.7f, capB = MathF.Abs(normal.Y) > 0.7f;
        Float3 endA = cosineA > 0 ? -a.Axes.Y : a.Axes.Y;
        if (capA && capB)
        {
            ContactFace face = Shown(radiusB, halfB, normal, OtherCap + (cosineA > 0 ? 0 : 1));
            face.AddDisc(a.Centre + endA * halfA, endA, a.Axes.X, radiusA, least.Value, margin, ref contacts);
            face.Write(ref contacts, rotation, a.Centre, 1f, least.Value, margin, ref manifold);
        }
        else if (capA)
        {
            ContactFace face;
            face.Origin = a.Centre + endA * halfA;
            face.U = a.Axes.Z;
            face.V = a.Axes.X;
            face.W = endA;
            face.HalfU = face.HalfV = radiusA;
            face.Disc = true;
            face.Normal = -normal;
            face.Prefix = (OtherCap + (cosineA > 0 ? 0 : 1)) * Parts + SideLine;
            face.AddSegment(Radial(normal) * radiusB, new(0, 1, 0), halfB, 0f, least.Value, margin, ref contacts);
            face.Write(ref contacts, rotation, a.Centre, -1f, least.Value, margin, ref manifold);
        }
        else
        {
            // A's side line: where its rim points against the normal.
            Float3 radial = a.Axes.Y * cosineA - normal;
            ContactFace face = Shown(radiusB, halfB, normal, OtherSideLine);
            face.AddSegment(a.Centre + radial * (radiusA / radial.Length), a.Axes.Y, halfA, 0f, least.Value, margin, ref contacts);
            face.Write(ref contacts, rotation, a.Centre, 1f, least.Value, margin, ref manifold);
        }
    }

    /// <summary>Whether the bounding spheres come within the margin.</summary>
    private static bool Near(float reachA, float radiusB, float halfB, Float3 offsetB, float margin)
    {
        float reach = reachA + MathF.Sqrt(radiusB * radiusB + halfB * halfB) + margin;
        return offsetB.LengthSquared <= reach * reach;
    }

    private static Opponent Meet(ShapeKind kind, Float3 size, in Orientation orientationA, in Rotation3 rotation, in Orientation orientationB, Float3 offsetB)
    {
        Opponent opponent;
        opponent.Kind = kind;
        opponent.Size = size;
        opponent.Axes = Rotation3.Of(orientationB.Inverse * orientationA);
        opponent.Centre = -rotation.ToBody(offsetB);
        return opponent;
    }

    /// <summary>The cap of the cylinder at the origin that a normal leaves through, or the line of its side.</summary>
    private static ContactFace Shown(float radius, float halfLength, Float3 normal, int other)
    {
        ContactFace face;
        face.Normal = normal;
        if (MathF.Abs(normal.Y) > 0.7f)
        {
            bool lower = normal.Y < 0;
            face.W = new(0, lower ? -1f : 1f, 0);
            face.Origin = face.W * halfLength;
            face.U = new(1, 0, 0);
            face.V = new(0, 0, 1);
            face.HalfU = face.HalfV = radius;
            face.Disc = true;
            face.Prefix = (Cap + (lower ? 0 : 1)) * Parts + other;
        }
        else
        {
            face.W = Radial(normal);
            face.Origin = face.W * radius;
            face.U = new(0, 1, 0);
            face.V = new(-face.W.Z, 0, face.W.X);
            face.HalfU = halfLength;
            face.HalfV = 0;
            face.Disc = false;
            face.Prefix = SideLine * Parts + other;
        }
        return face;
    }

    /// <summary>The face of the box that a normal leaves through.</summary>
    private static ContactFace FaceOfBox(in Opponent box, Float3 normal, int other)
    {
        ContactFace face;
        face.Normal = normal;
        face.Disc = false;
        float x = Float3.Dot(normal, box.Axes.X), y = Float3.Dot(normal, box.Axes.Y), z = Float3.Dot(normal, box.Axes.Z);
        float steepX = MathF.Abs(x), steepY = MathF.Abs(y), steepZ = MathF.Abs(z);
        int part = BoxFace;
        float along, half;
        if (steepX >= steepY && steepX >= steepZ)
        {
            (along, half, face.W, face.U, face.V) = (x, box.Size.X, box.Axes.X, box.Axes.Y, box.Axes.Z);
            (face.HalfU, face.HalfV) = (box.Size.Y, box.Size.Z);
        }
        else if (steepY >= steepZ)
        {
            part += 2;
            (along, half, face.W, face.U, face.V) = (y, box.Size.Y, box.Axes.Y, box.Axes.Z, box.Axes.X);
            (face.HalfU, face.HalfV) = (box.Size.Z, box.Size.X);
        }
        else
        {
            part += 4;
            (along, half, face.W, face.U, face.V) = (z, box.Size.Z, box.Axes.Z, box.Axes.X, box.Axes.Y);
            (face.HalfU, face.HalfV) = (box.Size.X, box.Size.Y);
        }
        if (along < 0)
        {
            face.W = -face.W;
            part++;
        }
        face.Origin = box.Centre + face.W * half;
        face.Prefix = part * Parts + other;
        return face;
    }

    /// <summary>The unit vector of what a direction holds across Y; the direction is not along Y.</summary>
    private static Float3 Radial(Float3 direction)
    {
        float inverse = 1f / MathF.Sqrt(direction.X * direction.X + direction.Z * direction.Z);
        return new(direction.X * inverse, 0, direction.Z * inverse);
    }
}
