using System.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Tests.Physics.Batched.Analytic;

/// <summary>How an end of a cable is held.</summary>
internal enum CableEnd
{
    Free,

    /// <summary>Held at a point, free to turn.</summary>
    Pinned,

    /// <summary>Held at a point and in the direction of the world's X axis.</summary>
    Clamped,
}

/// <summary>
/// A cable in the plane y = 0 as a chain of equal rods: ball sockets hold it together, angular servos bend and twist it
/// back, and its rods have an isotropic inertia β·m·h²/12. Defaults are those for which accuracy is asked: 24 rods, β 10,
/// 32 substeps of a 60 Hz step.
/// </summary>
internal sealed record Cable
{
    public int Rods { get; init; } = 24;

    /// <summary>Metres.</summary>
    public double Length { get; init; } = 0.4;

    /// <summary>kg/m.</summary>
    public double Density { get; init; } = 0.03;

    /// <summary>EI = GJ, N·m²; 0 leaves the servos out.</summary>
    public double Stiffness { get; init; }

    /// <summary>Ratio of bending and twisting.</summary>
    public float BendDamping { get; init; } = 0.3f;

    /// <summary>β.</summary>
    public double InertiaBoost { get; init; } = 10;

    public CableEnd First { get; init; } = CableEnd.Clamped;

    public CableEnd Last { get; init; } = CableEnd.Free;

    /// <summary>Metres; 0 for rods that touch nothing.</summary>
    public float Radius { get; init; }

    public Material Material { get; init; } = Material.Default;

    /// <summary>m/s².</summary>
    public double Gravity { get; init; } = 9.81;

    public float Timestep { get; init; } = 1f / 60;

    public int Substeps { get; init; } = 32;

    /// <summary>c of velocities that fall as exp(−c·t), 1/s.</summary>
    public double Drag { get; init; } = 1;

    /// <summary>Substeps a second.</summary>
    public double Rate => Substeps / (double)Timestep;

    /// <summary>h, metres.</summary>
    public double Pitch => Length / Rods;

    /// <summary>m, kilograms.</summary>
    public double RodMass => Density * Pitch;

    /// <summary>I, kg·m².</summary>
    public double RodInertia => InertiaBoost * RodMass * Pitch * Pitch / 12;

    /// <summary>w, N/m.</summary>
    public double Weight => Density * Gravity;

    /// <summary>
    /// f of the ball sockets over the substep rate. With one iteration a substep a straight chain of them, which
    /// nothing but they holds along its axis, is stable up to 0.22; at 0.25 it shakes itself apart.
    /// </summary>
    public double SocketShare { get; init; } = 0.2;

    /// <summary>f of the ball sockets, Hz.</summary>
    public double SocketFrequency => SocketShare * Rate;

    /// <summary>
    /// ω = √(k/m_eff), rad/s: k = EI/h and m_eff = I/2 between rods, 2EI/h and I at a clamp, which carries half a
    /// rod's curvature. Both give √(24 EI/(β μ h⁴)).
    /// </summary>
    public double BendFrequency(double stiffness) => Math.Sqrt(2 * stiffness / (Pitch * RodInertia));

    /// <summary>The stiffness at which ω times the substep has a value.</summary>
    public double StiffnessAt(double bendFrequencyTimesSubstep)
        => Math.Pow(bendFrequencyTimesSubstep * Rate, 2) * Pitch * RodInertia / 2;

    /// <summary>The bending servo of an EI; the first one of a clamped cable turns the clamp's axes into the first rod's.</summary>
    public AngularServo Bend(double stiffness, bool clamp) => new()
    {
        TargetRelativeRotationLocalA = clamp ? Lying : Quaternion.Identity,
        Spring = new SpringSettings((float)(BendFrequency(stiffness) / Math.Tau), BendDamping),
    };

    /// <summary>The joint points of a straight cable from the origin along X, n + 1 of them.</summary>
    public Vector3[] Straight() => [.. Enumerable.Range(0, Rods + 1).Select(i => new Vector3((float)(i * Pitch), 0, 0))];

    /// <summary>The joint points of a cable from a point of the plane y = 0 with angles below the horizontal, one a rod.</summary>
    public Vector3[] Bent(IReadOnlyList<double> angles, double x = 0, double z = 0)
    {
        var points = new Vector3[Rods + 1];
        points[0] = new Vector3((float)x, 0, (float)z);
        for (int i = 0; i < Rods; i++)
        {
            x += Pitch * Math.Cos(angles[i]);
            z -= Pitch * Math.Sin(angles[i]);
            points[i + 1] = new Vector3((float)x, 0, (float)z);
        }
        return points;
    }

    /// <summary>The pose of the rod between two points of the plane y = 0; rods lie along their own Y axis.</summary>
    public static Pose Between(Vector3 from, Vector3 to)
    {
        float dip = MathF.Atan2(from.Z - to.Z, to.X - from.X);
        return new Pose((from + to) / 2, Quaternion.CreateFromAxisAngle(Vector3.UnitY, dip) * Lying);
    }

    /// <summary>Turns a rod's Y axis onto the world's X axis.</summary>
    private static Quaternion Lying { get; } = Quaternion.CreateFromAxisAngle(Vector3.UnitZ, -MathF.PI / 2);

    /// <summary>Bodies "rod 0" and on, joints "socket k" and "bend k" before rod k, and "socket n" behind the last.</summary>
    /// <param name="points">Where the n + 1 joint points begin; held ends stay where they are.</param>
    /// <param name="addMore">What else the scene holds; it is called after the cable is built.</param>
    public Scene Build(IReadOnlyList<Vector3> points, Action<SceneBuilder, IReadOnlyList<BodyId>>? addMore = null)
    {
        float damping = (float)(1 - Math.Exp(-Drag));
        var builder = new SceneBuilder(new SceneSettings
        {
            Gravity = new Vector3(0, 0, (float)-Gravity),
            Timestep = Timestep,
            Substeps = Substeps,
            LinearDamping = damping,
            AngularDamping = damping,
        });
        BodyId[] rods = [.. Enumerable.Range(0, Rods).Select(i => builder.Add(Rod(i, Between(points[i], points[i + 1]))))];
        if (First != CableEnd.Free) Hold(builder, rods[0], "first anchor", 0, points[0], First);
        for (int i = 1; i < Rods; i++) Join(builder, i, rods[i - 1], Half, rods[i], -Half, bends: Stiffness > 0, clamp: false);
        if (Last == CableEnd.Pinned) Hold(builder, rods[^1], "last anchor", Rods, points[^1], Last);
        addMore?.Invoke(builder, rods);
        return builder.Build();
    }

    private Vector3 Half => new(0, (float)(Pitch / 2), 0);

    private Body Rod(int index, Pose pose)
    {
        float inertia = (float)RodInertia;
        return new Body
        {
            Name = $"rod {index}",
            Kind = BodyKind.Dynamic,
            Shape = Radius > 0 ? Shape.Capsule(Radius, (float)Pitch) : null,
            Mass = (float)RodMass,
            Inertia = SymmetricMatrix.Diagonal(inertia, inertia, inertia),
            Pose = pose,
            Material = Material,
            CollisionGroup = 1,
        };
    }

    private void Hold(SceneBuilder builder, BodyId rod, string name, int joint, Vector3 point, CableEnd end)
    {
        var anchor = builder.AddKinematic(name, null, point);
        Join(builder, joint, anchor, Vector3.Zero, rod, joint == 0 ? -Half : Half, bends: end == CableEnd.Clamped && Stiffness > 0, clamp: true);
    }

    private void Join(SceneBuilder builder, int joint, BodyId a, Vector3 offsetA, BodyId b, Vector3 offsetB, bool bends, bool clamp)
    {
        builder.Join($"socket {joint}", a, b, new BallSocket { LocalOffsetA = offsetA, LocalOffsetB = offsetB, Spring = new SpringSettings((float)SocketFrequency, 1) });
        if (bends) builder.Join($"bend {joint}", a, b, Bend(Stiffness, clamp));
    }
}
