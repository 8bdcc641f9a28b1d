using System.Numerics;
using Sim.Physics.Scenes;
using Sim.Physics.Worlds;

namespace Sim.Tests.Physics.Benchmarks;

/// <summary>A world in which kinematic bodies move and nothing else does; it counts and keeps what it is told.</summary>
internal sealed class FakeWorld(Scene scene, int count, string engine = "fake") : PhysicsWorld(scene, count)
{
    private readonly Dictionary<(int Environment, int Body), (Vector3 Place, Vector3 Velocity)> _moved = [];
    private readonly Dictionary<(int Environment, int Body), Vector3> _momentum = [];

    public int Steps { get; private set; }

    public bool Disposed { get; private set; }

    /// <summary>The environment that goes wrong.</summary>
    public int? Faulty { get; init; }

    public override string Engine => engine;
    public override long BytesPerEnvironment => 1000;
    public override int SnapshotBytes => 0;

    /// <summary>Sum of force × timestep, N·s.</summary>
    public Vector3 Momentum(int environment, BodyId body) => _momentum[(environment, body.Index)];

    public override void Step()
    {
        foreach (var (key, (place, velocity)) in _moved) _moved[key] = (place + (velocity * Scene.Settings.Timestep), velocity);
        Steps++;
    }

    public override EnvironmentFault Fault(int environment) => environment == Faulty ? EnvironmentFault.NotFinite : EnvironmentFault.None;

    public override BodyState Body(int environment, BodyId body) => (Pose)Place(environment, body);

    public override void SetVelocity(int environment, BodyId body, Vector3 linear, Vector3 angular)
    {
        CheckVelocity(Check(environment, body), linear, angular);
        _moved[(environment, body.Index)] = (Place(environment, body), linear);
    }

    public override void ApplyWrench(int environment, BodyId body, Vector3 force, Vector3 torque)
    {
        CheckWrench(Check(environment, body), force, torque);
        _momentum[(environment, body.Index)] = _momentum.GetValueOrDefault((environment, body.Index)) + (force * Scene.Settings.Timestep);
    }

    public override void Reset(int environment) => throw new NotSupportedException();
    public override void SetBody(int environment, BodyId body, in BodyState state) => throw new NotSupportedException();
    public override void SetJoint(int environment, JointId joint, Joint description) => throw new NotSupportedException();
    public override void Attach(int environment, JointId joint) => throw new NotSupportedException();
    public override void Detach(int environment, JointId joint) => throw new NotSupportedException();
    public override bool IsAttached(int environment, JointId joint) => throw new NotSupportedException();
    public override void JointImpulse(int environment, JointId joint, Span<float> impulse) => throw new NotSupportedException();
    public override ContactReading Contact(int environment, BodyId a, BodyId b) => throw new NotSupportedException();
    public override Vector3 ContactForce(int environment, BodyId body) => throw new NotSupportedException();
    public override void Snapshot(int environment, Span<byte> target) => throw new NotSupportedException();
    public override void Restore(int environment, ReadOnlySpan<byte> source) => throw new NotSupportedException();

    protected override void Dispose(bool disposing) => Disposed = true;

    private Vector3 Place(int environment, BodyId body)
        => _moved.TryGetValue((environment, body.Index), out var moved) ? moved.Place : Scene.Bodies[body.Index].Pose.Position;
}
