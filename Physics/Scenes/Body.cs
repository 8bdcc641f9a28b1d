using System.Numerics;

namespace Sim.Physics.Scenes;

/// <summary>Who moves a body.</summary>
public enum BodyKind
{
    /// <summary>Forces do.</summary>
    Dynamic,

    /// <summary>Its velocity, which only the program sets; nothing pushes it.</summary>
    Kinematic,

    /// <summary>Nobody; it may be put elsewhere between steps.</summary>
    Static,
}

/// <summary>Place of a body in its scene.</summary>
public readonly record struct BodyId(int Index);

/// <summary>The distance at which contacts are made ahead of touching, in metres: what motion needs, within these limits.</summary>
public readonly record struct SpeculativeMargin(float Minimum, float Maximum)
{
    public static readonly SpeculativeMargin Default = new(0, float.MaxValue);
}

/// <summary>One body of a scene.</summary>
public sealed record Body
{
    public required string Name { get; init; }

    public required BodyKind Kind { get; init; }

    /// <summary>Null for a body that touches nothing.</summary>
    public Shape? Shape { get; init; }

    /// <summary>Kilograms; 0 unless dynamic.</summary>
    public float Mass { get; init; }

    /// <summary>About the centre of mass, local axes, kg·m²; that of the solid shape when null.</summary>
    public SymmetricMatrix? Inertia { get; init; }

    /// <summary>Where it begins: pose of the centre of mass.</summary>
    public Pose Pose { get; init; } = Pose.Identity;

    /// <summary>m/s, world axes, at the beginning.</summary>
    public Vector3 LinearVelocity { get; init; }

    /// <summary>rad/s, world axes, at the beginning.</summary>
    public Vector3 AngularVelocity { get; init; }

    public Material Material { get; init; } = Material.Default;

    /// <summary>0 collides with all; bodies of one group other than 0 do not collide with each other.</summary>
    public int CollisionGroup { get; init; }

    public SpeculativeMargin SpeculativeMargin { get; init; } = SpeculativeMargin.Default;

    /// <summary>Inverse of the mass, 0 unless dynamic.</summary>
    public float InverseMass => Kind == BodyKind.Dynamic ? 1 / Mass : 0;

    /// <summary>Inverse of the inertia in local axes, zero unless dynamic.</summary>
    public SymmetricMatrix InverseInertia => Kind == BodyKind.Dynamic ? (Inertia ?? Shape!.Inertia(Mass)).Inverse() : default;
}
