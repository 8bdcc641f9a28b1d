namespace Sim.Physics.Scenes;

/// <summary>Puts a <see cref="Scene"/> together. Bodies and joints keep the order in which they were added.</summary>
public sealed class SceneBuilder
{
    private readonly List<Body> _bodies = [];
    private readonly List<JointPlacement> _joints = [];
    private readonly HashSet<(int, int)> _ignored = [];
    private readonly Dictionary<(int, int), Material> _pairMaterials = [];

    public SceneBuilder(SceneSettings? settings = null) => Settings = settings ?? new SceneSettings();

    public SceneSettings Settings { get; }

    /// <exception cref="SceneException">A number that no engine could run; the message names the body.</exception>
    public BodyId Add(Body body)
    {
        ArgumentNullException.ThrowIfNull(body);
        SceneChecks.Body(body);
        if (_bodies.Exists(other => other.Name == body.Name)) throw new SceneException($"two bodies are named '{body.Name}'");
        _bodies.Add(body);
        return new BodyId(_bodies.Count - 1);
    }

    /// <summary>A body that forces move.</summary>
    /// <inheritdoc cref="Add(Body)"/>
    public BodyId AddDynamic(string name, Shape shape, float mass, Pose pose, Material? material = null)
        => Add(new Body { Name = name, Kind = BodyKind.Dynamic, Shape = shape, Mass = mass, Pose = pose, Material = material ?? Material.Default });

    /// <summary>A body that the program moves.</summary>
    /// <inheritdoc cref="Add(Body)"/>
    public BodyId AddKinematic(string name, Shape? shape, Pose pose, Material? material = null)
        => Add(new Body { Name = name, Kind = BodyKind.Kinematic, Shape = shape, Pose = pose, Material = material ?? Material.Default });

    /// <summary>A body that stays.</summary>
    /// <inheritdoc cref="Add(Body)"/>
    public BodyId AddStatic(string name, Shape shape, Pose pose, Material? material = null)
        => Add(new Body { Name = name, Kind = BodyKind.Static, Shape = shape, Pose = pose, Material = material ?? Material.Default });

    /// <summary>A joint of two bodies.</summary>
    /// <param name="name">Unique in the scene.</param>
    /// <param name="a">First body.</param>
    /// <param name="b">Second body.</param>
    /// <param name="joint">What it does.</param>
    /// <param name="attachable">True for a joint that is off until the world attaches it.</param>
    /// <exception cref="SceneException">A joint that no engine could run; the message names joint and bodies.</exception>
    public JointId Join(string name, BodyId a, BodyId b, Joint joint, bool attachable = false) => Add(new JointPlacement(name, Known(a), Known(b), joint, attachable));

    /// <summary>A joint on one body.</summary>
    /// <inheritdoc cref="Join(string, BodyId, BodyId, Joint, bool)"/>
    public JointId Join(string name, BodyId a, Joint joint, bool attachable = false) => Add(new JointPlacement(name, Known(a), null, joint, attachable));

    /// <summary>Two bodies that pass through each other.</summary>
    public SceneBuilder IgnoreContacts(BodyId a, BodyId b)
    {
        _ignored.Add(Scene.Key(Known(a), Known(b)));
        return this;
    }

    /// <summary>The material of one pair, in place of what its bodies' materials combine to.</summary>
    /// <exception cref="SceneException">A number out of its range.</exception>
    public SceneBuilder SetMaterial(BodyId a, BodyId b, Material material)
    {
        if (material.Fault is { } fault) throw new SceneException($"material of '{_bodies[Known(a).Index].Name}' and '{_bodies[Known(b).Index].Name}': {fault}");
        _pairMaterials[Scene.Key(Known(a), Known(b))] = material;
        return this;
    }

    /// <exception cref="SceneException">The settings are out of range, or there is no body.</exception>
    public Scene Build()
    {
        if (Settings.Fault is { } fault) throw new SceneException(fault);
        if (_bodies.Count == 0) throw new SceneException("a scene needs at least one body");
        return new Scene(this, _bodies, _joints, _ignored, _pairMaterials);
    }

    private JointId Add(JointPlacement joint)
    {
        ArgumentNullException.ThrowIfNull(joint.Joint);
        if (string.IsNullOrWhiteSpace(joint.Name)) throw new SceneException("a joint needs a name");
        if (_joints.Exists(other => other.Name == joint.Name)) throw new SceneException($"two joints are named '{joint.Name}'");
        SceneChecks.Joint(joint, _bodies);
        _joints.Add(joint);
        return new JointId(_joints.Count - 1);
    }

    private BodyId Known(BodyId body)
        => (uint)body.Index < (uint)_bodies.Count ? body : throw new SceneException($"body {body.Index} is not of this scene, which has {_bodies.Count} bodies");
}
