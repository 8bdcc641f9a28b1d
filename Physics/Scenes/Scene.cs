using System.Numerics;

namespace Sim.Physics.Scenes;

/// <summary>
/// The world of one environment, for any engine: checked and unchangeable. Made by <see cref="SceneBuilder"/>.
/// </summary>
public sealed class Scene
{
    private readonly Dictionary<string, BodyId> _bodies;
    private readonly Dictionary<string, JointId> _joints;
    private readonly HashSet<(int, int)> _ignored;
    private readonly Dictionary<(int, int), Material> _pairMaterials;

    internal Scene(SceneBuilder source, List<Body> bodies, List<JointPlacement> joints, HashSet<(int, int)> ignored, Dictionary<(int, int), Material> pairMaterials)
    {
        Settings = source.Settings;
        Bodies = [.. bodies];
        Joints = [.. joints];
        _ignored = [.. ignored];
        _pairMaterials = new Dictionary<(int, int), Material>(pairMaterials);
        _bodies = bodies.Select((body, index) => (body.Name, index)).ToDictionary(pair => pair.Name, pair => new BodyId(pair.index), StringComparer.Ordinal);
        _joints = joints.Select((joint, index) => (joint.Name, index)).ToDictionary(pair => pair.Name, pair => new JointId(pair.index), StringComparer.Ordinal);
    }

    public SceneSettings Settings { get; }

    public IReadOnlyList<Body> Bodies { get; }

    /// <summary>In the order in which they are solved.</summary>
    public IReadOnlyList<JointPlacement> Joints { get; }

    /// <exception cref="SceneException">No body of that name.</exception>
    public BodyId Body(string name) => _bodies.TryGetValue(name, out var id) ? id : throw new SceneException($"no body '{name}'; there are {string.Join(", ", _bodies.Keys)}");

    /// <exception cref="SceneException">No joint of that name.</exception>
    public JointId Joint(string name) => _joints.TryGetValue(name, out var id) ? id : throw new SceneException($"no joint '{name}'; there are {string.Join(", ", _joints.Keys)}");

    /// <summary>Whether contacts of two bodies are looked for: both have shapes, one can be pushed, no rule forbids it.</summary>
    public bool MayTouch(BodyId a, BodyId b)
    {
        Body first = Bodies[a.Index], second = Bodies[b.Index];
        return a != b && first.Shape is not null && second.Shape is not null
            && (first.Kind == BodyKind.Dynamic || second.Kind == BodyKind.Dynamic)
            && (first.CollisionGroup == 0 || first.CollisionGroup != second.CollisionGroup)
            && !_ignored.Contains(Key(a, b));
    }

    /// <summary>What counts where two bodies touch.</summary>
    public Material MaterialOf(BodyId a, BodyId b)
        => _pairMaterials.TryGetValue(Key(a, b), out var own) ? own : Material.Combine(Bodies[a.Index].Material, Bodies[b.Index].Material);

    /// <summary>
    /// What runs, but not well: springs too fast for the substeps, motion too fast for the shapes. One line each.
    /// </summary>
    public IEnumerable<string> Advice()
    {
        float rate = Settings.Substeps / Settings.Timestep;
        foreach (var joint in Joints)
        {
            float frequency = joint.Joint.Frequency;
            if (frequency > rate / 2)
                yield return FormattableString.Invariant($"joint '{joint.Name}': a spring of {frequency} Hz needs a substep rate of at least {2 * frequency} Hz; this scene has {rate} Hz");
            else if (Settings.VelocityIterations == 1 && 6 * frequency > rate)
                yield return FormattableString.Invariant($"joint '{joint.Name}': {frequency} Hz holds well from {MathF.Ceiling((6 * frequency * Settings.Timestep) - 1e-3f)} substeps on; this scene has {Settings.Substeps}");
        }
        float fall = Settings.Gravity.Length() * Settings.Timestep * Settings.Timestep;
        foreach (var body in Bodies)
        {
            float size = body.Shape is null ? float.PositiveInfinity : Thickness(body.Shape);
            if (body.Kind == BodyKind.Dynamic && MathF.Max(body.LinearVelocity.Length() * Settings.Timestep, fall) > size)
                yield return FormattableString.Invariant($"body '{body.Name}': it moves further in a step than its smallest width, {size} m; shorten the step");
        }
    }

    internal static (int, int) Key(BodyId a, BodyId b) => a.Index < b.Index ? (a.Index, b.Index) : (b.Index, a.Index);

    private static float Thickness(Shape shape) => shape switch
    {
        SphereShape sphere => 2 * sphere.Radius,
        CapsuleShape capsule => 2 * capsule.Radius,
        CylinderShape cylinder => MathF.Min(2 * cylinder.Radius, cylinder.Length),
        BoxShape box => MathF.Min(box.X, MathF.Min(box.Y, box.Z)),
        CompoundShape compound => compound.Parts.Min(part => Thickness(part.Shape)),
        _ => float.PositiveInfinity,
    };
}

/// <summary>How a scene is stepped.</summary>
public sealed record SceneSettings
{
    /// <summary>m/s².</summary>
    public Vector3 Gravity { get; init; } = new(0, 0, -9.81f);

    /// <summary>Seconds of one step: one collision detection.</summary>
    public float Timestep { get; init; } = 1f / 240;

    /// <summary>Times a step is solved and integrated.</summary>
    public int Substeps { get; init; } = 4;

    /// <summary>Passes over all constraints in a substep.</summary>
    public int VelocityIterations { get; init; } = 1;

    /// <summary>Share of linear velocity lost in a second, [0, 1).</summary>
    public float LinearDamping { get; init; }

    /// <summary>Share of angular velocity lost in a second, [0, 1).</summary>
    public float AngularDamping { get; init; }

    public AngularIntegrationMode AngularIntegration { get; init; }

    /// <summary>Whether bodies without any constraint take substeps too, or one step.</summary>
    public bool SubstepUnconstrainedBodies { get; init; } = true;

    /// <summary>The reference engine's rule up to August 2026: friction of convex pairs divided by the contact count. Batched engine only.</summary>
    public bool LegacyFriction { get; init; }

    /// <summary>The reference engine's rule for swing limits: the spring acts before the limit instead of beyond. Batched engine only.</summary>
    public bool LegacySwingLimit { get; init; }

    internal string? Fault
        => JointChecks.Finite("gravity", Gravity)
            ?? (float.IsFinite(Timestep) && Timestep > 0 ? null : FormattableString.Invariant($"timestep {Timestep} s must be positive"))
            ?? (Substeps is >= 1 and <= 1024 ? null : $"substeps {Substeps} must lie in [1, 1024]")
            ?? (VelocityIterations is >= 1 and <= 1024 ? null : $"velocity iterations {VelocityIterations} must lie in [1, 1024]")
            ?? Share("linear damping", LinearDamping) ?? Share("angular damping", AngularDamping);

    private static string? Share(string name, float value)
        => value is >= 0 and < 1 ? null : FormattableString.Invariant($"{name} {value} must lie in [0, 1)");
}
