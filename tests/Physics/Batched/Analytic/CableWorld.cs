using System.Numerics;
using Sim.Physics.Batched;
using Sim.Physics.Scenes;

namespace Sim.Tests.Physics.Batched.Analytic;

/// <summary>A batch of one cable, and what can be measured on it: in double precision from the states of its rods.</summary>
internal sealed class CableWorld : IDisposable
{
    private readonly BodyId[] _rods;
    private readonly double[] _stiffness;

    /// <param name="cable">What is built.</param>
    /// <param name="points">Where its joints begin.</param>
    /// <param name="count">Environments.</param>
    /// <param name="addMore">What else the scene holds.</param>
    public CableWorld(Cable cable, IReadOnlyList<Vector3> points, int count = 1, Action<SceneBuilder, IReadOnlyList<BodyId>>? addMore = null)
    {
        Cable = cable;
        World = new BatchedWorld(cable.Build(points, addMore), count, threads: 1);
        _rods = [.. Enumerable.Range(0, cable.Rods).Select(i => World.Scene.Body($"rod {i}"))];
        _stiffness = [.. Enumerable.Repeat(cable.Stiffness, count)];
    }

    /// <summary>A batch with an EI for each environment.</summary>
    public static CableWorld WithStiffness(Cable cable, IReadOnlyList<Vector3> points, params ReadOnlySpan<double> stiffness)
    {
        var world = new CableWorld(cable with { Stiffness = stiffness[0] }, points, stiffness.Length);
        for (int environment = 0; environment < stiffness.Length; environment++) world.Bend(environment, stiffness[environment]);
        return world;
    }

    public Cable Cable { get; }

    public BatchedWorld World { get; }

    public int Count => World.Count;

    public BodyId Rod(int index) => _rods[index];

    public BodyState State(int environment, int rod) => World.Body(environment, _rods[rod]);

    public void Dispose() => World.Dispose();

    public void Run(double seconds, Action? beforeStep = null)
    {
        int steps = (int)Math.Round(seconds / Cable.Timestep);
        for (int i = 0; i < steps; i++)
        {
            beforeStep?.Invoke();
            World.Step();
        }
    }

    /// <summary>Puts all joint points elsewhere, at rest.</summary>
    public void Put(int environment, IReadOnlyList<Vector3> points)
    {
        for (int i = 0; i < _rods.Length; i++) World.SetBody(environment, _rods[i], Cable.Between(points[i], points[i + 1]));
    }

    /// <summary>Pushes a rod at one of its points, given in its own axes, for the next step.</summary>
    public void Push(int environment, int rod, Vector3 force, Vector3 localPoint)
    {
        var arm = Vector3.Transform(localPoint, State(environment, rod).Pose.Orientation);
        World.ApplyWrench(environment, _rods[rod], force, Vector3.Cross(arm, force));
    }

    /// <summary>The far end of the last rod.</summary>
    public Vector3 Tip(int environment) => State(environment, _rods.Length - 1).Pose.Transform(new Vector3(0, (float)(Cable.Pitch / 2), 0));

    /// <summary>The end of a rod that is nearer the first anchor.</summary>
    public Vector3 Begin(int environment, int rod) => State(environment, rod).Pose.Transform(new Vector3(0, (float)(-Cable.Pitch / 2), 0));

    public Vector3 End(int environment, int rod) => State(environment, rod).Pose.Transform(new Vector3(0, (float)(Cable.Pitch / 2), 0));

    /// <summary>Metres by which the joint before a rod stands open; of the first rod, from its anchor.</summary>
    public double Gap(int environment, int joint)
        => Opening(environment, joint).Length();

    /// <summary>Sum over the joints of a cable that hangs from its first end.</summary>
    public double TotalGap(int environment) => Enumerable.Range(0, Cable.Rods).Sum(joint => Gap(environment, joint));

    /// <summary>Sum over the same joints, as vectors: by how much they move the tip.</summary>
    public Vector3 TotalOpening(int environment) => Enumerable.Range(0, Cable.Rods).Aggregate(Vector3.Zero, (sum, joint) => sum + Opening(environment, joint));

    /// <summary>Force in a joint, N: its impulse over the substep.</summary>
    public double Tension(int environment, int joint)
    {
        Span<float> impulse = stackalloc float[3];
        World.JointImpulse(environment, World.Scene.Joint($"socket {joint}"), impulse);
        return new Vector3(impulse).Length() * Cable.Rate;
    }

    /// <summary>Mean over the rods, m/s.</summary>
    public double MeanSpeed(int environment) => _rods.Average(rod => World.Body(environment, rod).LinearVelocity.Length());

    /// <summary>Kinetic energy, weight, bending and the sockets' springs: Σ ½mv² + ½Iω² + mgz + ½kφ² + ½m_eff ω_j² gap², joules.</summary>
    public double Energy(int environment)
    {
        double sum = 0;
        for (int i = 0; i < _rods.Length; i++)
        {
            var state = State(environment, i);
            sum += (0.5 * Cable.RodMass * state.LinearVelocity.LengthSquared()) + (0.5 * Cable.RodInertia * state.AngularVelocity.LengthSquared())
                + (Cable.RodMass * Cable.Gravity * state.Pose.Position.Z);
            sum += (0.5 * BendStiffness(environment, i) * Math.Pow(Bending(environment, i), 2)) + SocketEnergy(environment, i);
        }
        return sum;
    }

    public bool IsFinite(int environment) => Enumerable.Range(0, _rods.Length).All(i =>
    {
        var state = State(environment, i);
        return float.IsFinite(state.Pose.Position.LengthSquared() + state.LinearVelocity.LengthSquared() + state.AngularVelocity.LengthSquared());
    });

    /// <summary>Gives the cable of one environment another EI.</summary>
    public void Bend(int environment, double stiffness)
    {
        _stiffness[environment] = stiffness;
        if (Cable.First == CableEnd.Clamped) World.SetJoint(environment, World.Scene.Joint("bend 0"), Cable.Bend(stiffness, clamp: true));
        for (int i = 1; i < _rods.Length; i++) World.SetJoint(environment, World.Scene.Joint($"bend {i}"), Cable.Bend(stiffness, clamp: false));
    }

    private double BendStiffness(int environment, int joint)
        => joint == 0 && Cable.First != CableEnd.Clamped ? 0 : (joint == 0 ? 2 : 1) * _stiffness[environment] / Cable.Pitch;

    private Vector3 Opening(int environment, int joint)
    {
        var before = joint == 0 ? World.Body(environment, World.Scene.Body("first anchor")).Pose.Position : End(environment, joint - 1);
        return Begin(environment, joint) - before;
    }

    /// <summary>m_eff is m/2 along the rods and smaller by 1 + 3/β across them; twice that at the anchor.</summary>
    private double SocketEnergy(int environment, int joint)
    {
        var opening = Opening(environment, joint);
        double along = Vector3.Dot(opening, Vector3.Transform(Vector3.UnitY, State(environment, joint).Pose.Orientation));
        double across = Math.Max(0, opening.LengthSquared() - (along * along));
        double stiffness = Cable.RodMass * Math.Pow(Math.Tau * Cable.SocketFrequency, 2) / (joint == 0 ? 1 : 2);
        return 0.5 * stiffness * ((along * along) + (across / (1 + (3 / Cable.InertiaBoost))));
    }

    /// <summary>φ of the joint before a rod, radians.</summary>
    private double Bending(int environment, int joint)
    {
        var axis = Vector3.Transform(Vector3.UnitY, State(environment, joint).Pose.Orientation);
        var before = joint == 0 ? Vector3.UnitX : Vector3.Transform(Vector3.UnitY, State(environment, joint - 1).Pose.Orientation);
        return 2 * Math.Asin(Math.Min(1, Vector3.Distance(axis, before) / 2));
    }
}
