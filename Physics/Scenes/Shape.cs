using System.Numerics;

namespace Sim.Physics.Scenes;

/// <summary>The outside of a body, about its centre of mass. Lengths in metres.</summary>
public abstract record Shape
{
    private protected Shape()
    {
    }

    /// <summary>A ball.</summary>
    public static SphereShape Sphere(float radius) => new(radius);

    /// <summary>A cylinder along local Y with a half ball at both ends; <paramref name="length"/> leaves these out.</summary>
    public static CapsuleShape Capsule(float radius, float length) => new(radius, length);

    /// <summary>Full widths along the local axes.</summary>
    public static BoxShape Box(float x, float y, float z) => new(x, y, z);

    /// <summary>A cylinder along local Y.</summary>
    public static CylinderShape Cylinder(float radius, float length) => new(radius, length);

    /// <summary>The half-space below the body's position, its outward normal along local Z. Not for dynamic bodies.</summary>
    public static PlaneShape Plane() => new();

    /// <summary>Several primitives as one rigid body; poses are relative to the centre of mass.</summary>
    public static CompoundShape Compound(params ReadOnlySpan<CompoundPart> parts) => new([.. parts]);

    /// <summary>Volume in m³; parts of a compound are added up as if they did not overlap.</summary>
    public abstract float Volume { get; }

    /// <summary>Inertia of the solid body about its centre, local axes, kg·m².</summary>
    /// <param name="mass">Kilograms.</param>
    public abstract SymmetricMatrix Inertia(float mass);

    /// <summary>What is wrong with the numbers, or null.</summary>
    internal abstract string? Fault { get; }

    private protected static string? Positive(string name, float value)
        => float.IsFinite(value) && value > 0 ? null : FormattableString.Invariant($"{name} {value} must be a positive number of metres");
}

/// <summary>See <see cref="Shape.Sphere"/>.</summary>
public sealed record SphereShape(float Radius) : Shape
{
    public override float Volume => 4f / 3 * MathF.PI * Radius * Radius * Radius;

    public override SymmetricMatrix Inertia(float mass)
    {
        float moment = 0.4f * mass * Radius * Radius;
        return SymmetricMatrix.Diagonal(moment, moment, moment);
    }

    internal override string? Fault => Positive("sphere radius", Radius);
}

/// <summary>See <see cref="Shape.Capsule"/>.</summary>
public sealed record CapsuleShape(float Radius, float Length) : Shape
{
    public override float Volume => MathF.PI * Radius * Radius * (Length + (4f / 3 * Radius));

    public override SymmetricMatrix Inertia(float mass)
    {
        // Mass is shared between the cylinder and the two half balls by volume.
        float whole = Length + (4f / 3 * Radius);
        float cylinder = mass * Length / whole, caps = mass - cylinder;
        float r2 = Radius * Radius, half = Length / 2;
        float along = (0.5f * cylinder * r2) + (0.4f * caps * r2);
        // A half ball's centre lies 3/8 r above its flat side.
        float across = (cylinder * ((r2 / 4) + (Length * Length / 12))) + (caps * ((0.4f * r2) + (half * half) + (0.75f * half * Radius)));
        return SymmetricMatrix.Diagonal(across, along, across);
    }

    internal override string? Fault => Positive("capsule radius", Radius) ?? Positive("capsule length", Length);
}

/// <summary>See <see cref="Shape.Box"/>.</summary>
public sealed record BoxShape(float X, float Y, float Z) : Shape
{
    public override float Volume => X * Y * Z;

    public override SymmetricMatrix Inertia(float mass)
    {
        float x = X * X, y = Y * Y, z = Z * Z, scale = mass / 12;
        return SymmetricMatrix.Diagonal(scale * (y + z), scale * (x + z), scale * (x + y));
    }

    internal override string? Fault => Positive("box width X", X) ?? Positive("box width Y", Y) ?? Positive("box width Z", Z);
}

/// <summary>See <see cref="Shape.Cylinder"/>.</summary>
public sealed record CylinderShape(float Radius, float Length) : Shape
{
    public override float Volume => MathF.PI * Radius * Radius * Length;

    public override SymmetricMatrix Inertia(float mass)
    {
        float across = mass * ((3 * Radius * Radius) + (Length * Length)) / 12;
        return SymmetricMatrix.Diagonal(across, 0.5f * mass * Radius * Radius, across);
    }

    internal override string? Fault => Positive("cylinder radius", Radius) ?? Positive("cylinder length", Length);
}

/// <summary>See <see cref="Shape.Plane"/>.</summary>
public sealed record PlaneShape : Shape
{
    public override float Volume => float.PositiveInfinity;

    /// <summary>None: a plane cannot be dynamic.</summary>
    public override SymmetricMatrix Inertia(float mass) => default;

    internal override string? Fault => null;
}

/// <summary>One primitive of a compound.</summary>
/// <param name="Shape">Not a plane and not a compound.</param>
/// <param name="Pose">Relative to the compound's centre of mass.</param>
/// <param name="Weight">Share of the mass; by volume when null.</param>
public sealed record CompoundPart(Shape Shape, Pose Pose, float? Weight = null)
{
    internal float Share => Weight ?? Shape.Volume;
}

/// <summary>See <see cref="Shape.Compound"/>.</summary>
public sealed record CompoundShape(IReadOnlyList<CompoundPart> Parts) : Shape
{
    public override float Volume => Parts.Sum(part => part.Shape.Volume);

    /// <summary>The same parts about their centre of mass, and where that was in the old frame.</summary>
    public CompoundShape Centred(out Vector3 centre)
    {
        float total = Parts.Sum(part => part.Share);
        var sum = Vector3.Zero;
        foreach (var part in Parts) sum += part.Share * part.Pose.Position;
        var shift = sum / total;
        centre = shift;
        return new CompoundShape([.. Parts.Select(part => part with { Pose = part.Pose with { Position = part.Pose.Position - shift } })]);
    }

    public override SymmetricMatrix Inertia(float mass)
    {
        float total = Parts.Sum(part => part.Share);
        SymmetricMatrix sum = default;
        foreach (var part in Parts)
        {
            float share = mass * part.Share / total;
            sum += part.Shape.Inertia(share).Rotated(part.Pose.Orientation).Shifted(part.Pose.Position, share);
        }
        return sum;
    }

    internal override string? Fault
    {
        get
        {
            if (Parts.Count == 0) return "a compound needs at least one part";
            for (int i = 0; i < Parts.Count; i++)
            {
                var part = Parts[i];
                if (part.Shape is CompoundShape or PlaneShape) return $"part {i} is a {part.Shape.GetType().Name}; parts are spheres, capsules, boxes and cylinders";
                if (part.Shape.Fault is { } fault) return $"part {i}: {fault}";
                if (SceneChecks.PoseFault(part.Pose) is { } pose) return $"part {i}: {pose}";
                if (part.Weight is { } weight && !(float.IsFinite(weight) && weight > 0)) return FormattableString.Invariant($"part {i}: weight {weight} must be positive");
            }
            return null;
        }
    }

    public bool Equals(CompoundShape? other) => other is not null && Parts.SequenceEqual(other.Parts);

    public override int GetHashCode() => Parts.Aggregate(0, HashCode.Combine);
}
