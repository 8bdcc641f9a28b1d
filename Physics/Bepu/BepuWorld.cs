using System.Numerics;
using BepuPhysics;
using BepuPhysics.Collidables;
using BepuUtilities;
using BepuUtilities.Memory;
using Sim.Physics.Scenes;
using Sim.Physics.Worlds;

namespace Sim.Physics.Bepu;

/// <summary>
/// The BepuPhysics engine: all environments in one simulation, side by side, refused as pairs. For scenes that are too
/// large for the batched engine, and the reference that it is compared with.
/// </summary>
/// <remarks>
/// <para>What the shared simulation costs: positions of an environment away from the origin are rounded more coarsely
/// (<see cref="PositionRounding"/>), solve order depends on the other environments, and so does nothing larger than
/// rounding. There are no snapshots, since an environment cannot be lifted out bit for bit.</para>
/// <para>Swing limits follow the engine's rule whatever <see cref="SceneSettings.LegacySwingLimit"/> says. Friction is
/// Coulomb's, or the old divided rule under <see cref="SceneSettings.LegacyFriction"/>, whichever of the two the
/// package has (<see cref="BepuFriction"/>). <see cref="Scenes.AngularIntegrationMode.ConserveMomentumWithGyroscopicTorque"/>
/// runs as momentum conservation, because the engine's own has the wrong sign. A plane is a wide box.</para>
/// <para>Calls on a faulted environment are checked and have no effect until its reset.</para>
/// </remarks>
public sealed partial class BepuWorld : PhysicsWorld
{
    private readonly BufferPool _pool = new();
    private readonly ThreadDispatcher? _threads;
    private readonly Simulation _simulation;
    private readonly SharedSimulation _shared;
    private readonly BepuOptions _options;
    private readonly Vector3[] _origins;
    private readonly int _moving;
    private readonly int _statics;
    private bool _disposed;

    /// <param name="scene">What every environment holds.</param>
    /// <param name="count">Environments.</param>
    /// <param name="threads">Threads inside a step, this one included. Results do not depend on it beyond rounding, and repeat for the same number.</param>
    /// <param name="options">Defaults when null.</param>
    /// <exception cref="ArgumentException">Options out of range, or environments too far apart for single precision.</exception>
    public BepuWorld(Scene scene, int count, int threads = 1, BepuOptions? options = null)
        : base(scene, count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _options = options ?? new BepuOptions();
        if (_options.Fault is { } fault) throw new ArgumentException(fault, nameof(options));
        var grid = EnvironmentGrid.Of(scene, count, _options);
        _origins = grid.Origins;
        PositionRounding = grid.Rounding;
        _shared = new SharedSimulation(scene, count);
        _moving = _shared.MovingBodies.Length;
        _statics = _shared.StaticBodies.Length;
        _threads = threads > 1 ? new ThreadDispatcher(threads) : null;
        var settings = scene.Settings;
        _simulation = Simulation.Create(
            _pool, new NarrowPhaseCallbacks(_shared), new VelocityCallbacks(_shared), new SolveDescription(settings.VelocityIterations, settings.Substeps), initialAllocationSizes: Sizes());
        _simulation.Deterministic = threads > 1;
        _lastGood = new MotionState[count * _moving];
        _pushed = new int[count * _moving];
        _listed = new bool[count * _moving];
        _faults = new EnvironmentFault[count];
        _condemned = new bool[count];
        _constraints = new int[count * scene.Joints.Count];
        _attached = new bool[count * scene.Joints.Count];
        _descriptions = new Joint[count * scene.Joints.Count];
        AddBodies();
        for (int environment = 0; environment < count; environment++) AddJoints(environment);
    }

    public override string Engine => "bepu";

    public override long BytesPerEnvironment
        => ((long)_pool.GetTotalAllocatedByteCount() / Count) + (_moving * (64 + 12 + 12 + 4 + 1)) + (Scene.Joints.Count * 13);

    /// <summary>By how much positions of the outermost environment may be rounded, metres; 0 for a single environment, which is where its scene says.</summary>
    public float PositionRounding { get; }

    /// <summary>0: a shared simulation has no snapshots.</summary>
    public override int SnapshotBytes => 0;

    public override void Step()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        StopWhatCannotStep();
        _simulation.Timestep(Scene.Settings.Timestep, _threads);
        ForgetWrenches();
        StopWhatWentWrong();
    }

    public override void Reset(int environment)
    {
        CheckEnvironment(environment);
        Thaw(environment);
        RemoveConstraints(environment, contactsOnly: true);
        foreach (int body in _shared.MovingBodies)
        {
            var description = Scene.Bodies[body];
            Place(environment, body, new BodyState(description.Pose, description.LinearVelocity, description.AngularVelocity));
            int handle = Handle(environment, body);
            _shared.Forces[handle] = _shared.Torques[handle] = Vector3.Zero;
        }
        foreach (int body in _shared.StaticBodies) PlaceStatic(environment, body, Scene.Bodies[body].Pose);
        ResetJoints(environment);
    }

    public override BodyState Body(int environment, BodyId body)
    {
        var description = Check(environment, body);
        var origin = _origins[environment];
        if (description.Kind == BodyKind.Static)
        {
            var place = _simulation.Statics[StaticHandle(environment, body.Index)].Pose;
            return new Pose(place.Position - origin - Vector3.Transform(BepuShapes.Offset(description.Shape, _options), place.Orientation), place.Orientation);
        }
        ref var motion = ref Motion(environment, body.Index);
        return new BodyState(new Pose(motion.Pose.Position - origin, motion.Pose.Orientation), motion.Velocity.Linear, motion.Velocity.Angular);
    }

    /// <inheritdoc/>
    /// <remarks>What was in contact before is still solved for in the next step, unless the pair is apart by then.</remarks>
    public override void SetBody(int environment, BodyId body, in BodyState state)
    {
        var description = Check(environment, body);
        CheckState(description, state);
        if (_faults[environment] != EnvironmentFault.None) return;
        if (description.Kind == BodyKind.Static) PlaceStatic(environment, body.Index, state.Pose);
        else Place(environment, body.Index, state);
    }

    public override void SetVelocity(int environment, BodyId body, Vector3 linear, Vector3 angular)
    {
        CheckVelocity(Check(environment, body), linear, angular);
        if (_faults[environment] == EnvironmentFault.None) Drive(environment, body.Index, linear, angular);
    }

    public override void SetVelocities(BodyId body, ReadOnlySpan<float> velocities)
    {
        CheckRows(velocities.Length, 6);
        CheckVelocity(Check(0, body), Vector3.Zero, Vector3.Zero);
        for (int i = 0; i < Count; i++)
        {
            if (_faults[i] == EnvironmentFault.None) Drive(i, body.Index, new Vector3(velocities.Slice(6 * i, 3)), new Vector3(velocities.Slice((6 * i) + 3, 3)));
        }
    }

    public override void ApplyWrench(int environment, BodyId body, Vector3 force, Vector3 torque)
    {
        CheckWrench(Check(environment, body), force, torque);
        Push(environment, body.Index, force, torque);
    }

    public override void ApplyWrenches(BodyId body, ReadOnlySpan<float> wrenches)
    {
        CheckRows(wrenches.Length, 6);
        CheckWrench(Check(0, body), Vector3.Zero, Vector3.Zero);
        for (int i = 0; i < Count; i++) Push(i, body.Index, new Vector3(wrenches.Slice(6 * i, 3)), new Vector3(wrenches.Slice((6 * i) + 3, 3)));
    }

    /// <exception cref="NotSupportedException">Always.</exception>
    public override void Snapshot(int environment, Span<byte> target) => throw NoSnapshots();

    /// <exception cref="NotSupportedException">Always.</exception>
    public override void Restore(int environment, ReadOnlySpan<byte> source) => throw NoSnapshots();

    protected override void Dispose(bool disposing)
    {
        if (_disposed || !disposing) return;
        _disposed = true;
        _simulation.Dispose();
        _threads?.Dispose();
        _pool.Clear();
    }

    private static NotSupportedException NoSnapshots()
        => new("the Bepu engine keeps all environments in one simulation, of which one cannot be saved or put back bit for bit; the batched engine can");

    /// <summary>Enough for four contact pairs a body; the engine grows where a scene has more.</summary>
    private SimulationAllocationSizes Sizes() => new(
        bodies: Math.Max(1, Count * _moving), statics: Math.Max(1, Count * _statics), islands: 1, shapesPerType: 16,
        constraints: Math.Max(16, Count * (Scene.Joints.Count + (4 * _moving))), constraintsPerTypeBatch: 16, constraintCountPerBodyEstimate: 8);

    private void AddBodies()
    {
        var shapes = new TypedIndex[Scene.Bodies.Count];
        for (int i = 0; i < shapes.Length; i++) shapes[i] = BepuShapes.Add(_simulation.Shapes, _pool, Scene.Bodies[i].Shape, _options);
        for (int environment = 0; environment < Count; environment++)
        {
            foreach (int index in _shared.MovingBodies)
            {
                var body = Scene.Bodies[index];
                var added = _simulation.Bodies.Add(new BodyDescription
                {
                    Pose = new RigidPose(body.Pose.Position + _origins[environment], body.Pose.Orientation),
                    Velocity = new BodyVelocity(body.LinearVelocity, body.AngularVelocity),
                    LocalInertia = BepuShapes.Inertia(body),
                    Collidable = new CollidableDescription(shapes[index], body.SpeculativeMargin.Minimum, body.SpeculativeMargin.Maximum, ContinuousDetection.Discrete),
                    // Below zero: never sleeps.
                    Activity = new BodyActivityDescription(-1),
                });
                if (added.Value != Handle(environment, index)) throw new InvalidOperationException("the engine numbers bodies in another order than expected");
                _lastGood[added.Value] = _simulation.Bodies[added].MotionState;
            }
            foreach (int index in _shared.StaticBodies)
            {
                var added = _simulation.Statics.Add(new StaticDescription(StaticPose(environment, index, Scene.Bodies[index].Pose), shapes[index]));
                if (added != StaticHandle(environment, index)) throw new InvalidOperationException("the engine numbers statics in another order than expected");
            }
        }
    }

    private int Handle(int environment, int body) => (environment * _moving) + _shared.Slots[body];

    private StaticHandle StaticHandle(int environment, int body) => new((environment * _statics) + _shared.Slots[body]);

    /// <summary>Bodies never sleep or leave, so that index and handle are one.</summary>
    private ref MotionState Motion(int environment, int body) => ref _simulation.Bodies.ActiveSet.DynamicsState[Handle(environment, body)].Motion;

    private void Place(int environment, int body, in BodyState state)
    {
        ref var motion = ref Motion(environment, body);
        motion.Pose = new RigidPose(state.Pose.Position + _origins[environment], state.Pose.Orientation);
        motion.Velocity = new BodyVelocity(state.LinearVelocity, state.AngularVelocity);
        Accept(environment, body, motion);
    }

    private void Drive(int environment, int body, Vector3 linear, Vector3 angular)
    {
        ref var motion = ref Motion(environment, body);
        motion.Velocity = new BodyVelocity(linear, angular);
        Accept(environment, body, motion);
    }

    private void PlaceStatic(int environment, int body, Pose pose)
    {
        var reference = _simulation.Statics[StaticHandle(environment, body)];
        var place = StaticPose(environment, body, pose);
        if (reference.Pose.Position == place.Position && reference.Pose.Orientation == place.Orientation) return;
        reference.Pose = place;
        reference.UpdateBounds();
    }

    private RigidPose StaticPose(int environment, int body, Pose pose)
        => new(pose.Transform(BepuShapes.Offset(Scene.Bodies[body].Shape, _options)) + _origins[environment], pose.Orientation);
}
