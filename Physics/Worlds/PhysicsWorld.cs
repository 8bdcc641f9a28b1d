using System.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Physics.Worlds;

/// <summary>
/// Copies of one scene, one for each environment, stepped together. Environments do not see each other. Not safe for
/// calls from several threads; an engine may use threads inside <see cref="Step"/>.
/// </summary>
/// <remarks>Every method throws <see cref="ArgumentOutOfRangeException"/> for an environment, body or joint that is not there.</remarks>
public abstract class PhysicsWorld : IDisposable
{
    protected PhysicsWorld(Scene scene, int count)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Scene = scene;
        Count = count;
    }

    public Scene Scene { get; }

    /// <summary>Environments.</summary>
    public int Count { get; }

    /// <summary>"batched" or "bepu".</summary>
    public abstract string Engine { get; }

    /// <summary>Memory that one environment takes.</summary>
    public abstract long BytesPerEnvironment { get; }

    /// <summary>Moves all environments on by one timestep: detects contacts once, then solves and integrates every substep. Allocates nothing.</summary>
    public abstract void Step();

    /// <summary>Puts one environment back to the scene's beginning: poses, velocities, joints, masses, impulses, contacts, faults.</summary>
    public abstract void Reset(int environment);

    /// <summary>Why an environment stands still; <see cref="EnvironmentFault.None"/> while all is well.</summary>
    public abstract EnvironmentFault Fault(int environment);

    public abstract BodyState Body(int environment, BodyId body);

    /// <summary>Puts a body somewhere; valid between any two steps.</summary>
    /// <exception cref="ArgumentException">A number that is not finite, or an orientation that is not a unit quaternion; nothing is changed.</exception>
    public abstract void SetBody(int environment, BodyId body, in BodyState state);

    /// <summary>The way to move a kinematic body: it keeps this velocity until the next call. m/s and rad/s, world axes.</summary>
    /// <exception cref="ArgumentException">A number that is not finite; nothing is changed.</exception>
    public abstract void SetVelocity(int environment, BodyId body, Vector3 linear, Vector3 angular);

    /// <summary>Adds a force at the centre of mass and a torque, world axes, N and N·m, for the next step alone.</summary>
    /// <exception cref="ArgumentException">A number that is not finite, or a body that is not dynamic; nothing is changed.</exception>
    public abstract void ApplyWrench(int environment, BodyId body, Vector3 force, Vector3 torque);

    /// <summary>Replaces the numbers of a joint in one environment, as servo and motor targets need, until its reset.</summary>
    /// <exception cref="ArgumentException">Another kind of joint, or a number out of range; nothing is changed.</exception>
    public abstract void SetJoint(int environment, JointId joint, Joint description);

    /// <summary>Switches an attachable joint on.</summary>
    /// <remarks>No effect on one that is on. A <see cref="Weld"/>, <see cref="BallSocket"/>, <see cref="BallSocketServo"/> or <see cref="AngularServo"/> takes hold of the bodies as they are now: B's pose relative to A, or A's anchor where B's anchor is; its other numbers stay as the scene or <see cref="SetJoint"/> left them.</remarks>
    /// <exception cref="ArgumentException">A joint that is not attachable.</exception>
    public abstract void Attach(int environment, JointId joint);

    /// <summary>Switches an attachable joint off.</summary>
    /// <exception cref="ArgumentException">A joint that is not attachable.</exception>
    public abstract void Detach(int environment, JointId joint);

    /// <summary>Whether a joint is on; always true unless it is attachable.</summary>
    public abstract bool IsAttached(int environment, JointId joint);

    /// <summary>
    /// Accumulated impulse of a joint in the last substep, in its constraint space: N·s or N·m·s. Divide by the
    /// substep's length for forces.
    /// </summary>
    /// <param name="environment">Which copy.</param>
    /// <param name="joint">Which joint.</param>
    /// <param name="impulse">Written; <see cref="Joint.DegreesOfFreedom"/> numbers or more.</param>
    public abstract void JointImpulse(int environment, JointId joint, Span<float> impulse);

    /// <summary>What two bodies feel of each other in the last substep.</summary>
    public abstract ContactReading Contact(int environment, BodyId a, BodyId b);

    /// <summary>Force that all contacts together put on a body in the last substep: newtons, world axes.</summary>
    public abstract Vector3 ContactForce(int environment, BodyId body);

    /// <summary>Bytes of a snapshot of one environment; 0 where the engine has none.</summary>
    public abstract int SnapshotBytes { get; }

    /// <summary>Copies all that decides an environment's future, impulses and contacts included.</summary>
    /// <exception cref="NotSupportedException">An engine that cannot.</exception>
    public abstract void Snapshot(int environment, Span<byte> target);

    /// <summary>Puts an environment where a snapshot of any environment of the same scene was taken: it goes on bit for bit.</summary>
    /// <exception cref="ArgumentException">Not a snapshot of this scene; nothing is changed.</exception>
    /// <exception cref="NotSupportedException">An engine that cannot.</exception>
    public abstract void Restore(int environment, ReadOnlySpan<byte> source);

    /// <summary>
    /// <see cref="ApplyWrench"/> for all environments at once; what is not finite faults its environment in the next
    /// step.
    /// </summary>
    /// <param name="body">A dynamic body.</param>
    /// <param name="wrenches">float32 <c>[environment, 6]</c>: force in N, torque in N·m, world axes.</param>
    public virtual void ApplyWrenches(BodyId body, ReadOnlySpan<float> wrenches)
    {
        CheckRows(wrenches.Length, 6);
        for (int i = 0; i < Count; i++)
        {
            var row = wrenches.Slice(6 * i, 6);
            ApplyWrench(i, body, new Vector3(row[0], row[1], row[2]), new Vector3(row[3], row[4], row[5]));
        }
    }

    /// <summary><see cref="SetVelocity"/> for all environments at once; what is not finite faults its environment in the next step.</summary>
    /// <param name="body">Not a static body.</param>
    /// <param name="velocities">float32 <c>[environment, 6]</c>: linear in m/s, angular in rad/s, world axes.</param>
    public virtual void SetVelocities(BodyId body, ReadOnlySpan<float> velocities)
    {
        CheckRows(velocities.Length, 6);
        for (int i = 0; i < Count; i++)
        {
            var row = velocities.Slice(6 * i, 6);
            SetVelocity(i, body, new Vector3(row[0], row[1], row[2]), new Vector3(row[3], row[4], row[5]));
        }
    }

    /// <summary><see cref="Body"/> for all environments at once.</summary>
    /// <param name="body">Any body.</param>
    /// <param name="states">
    /// float32 <c>[environment, 13]</c>, written: position, orientation (x, y, z, w), linear and angular velocity.
    /// </param>
    public virtual void ReadBodies(BodyId body, Span<float> states)
    {
        CheckRows(states.Length, 13);
        for (int i = 0; i < Count; i++)
        {
            var state = Body(i, body);
            var row = states.Slice(13 * i, 13);
            state.Pose.Position.CopyTo(row);
            (row[3], row[4], row[5], row[6]) = (state.Pose.Orientation.X, state.Pose.Orientation.Y, state.Pose.Orientation.Z, state.Pose.Orientation.W);
            state.LinearVelocity.CopyTo(row[7..]);
            state.AngularVelocity.CopyTo(row[10..]);
        }
    }

    /// <summary>Puts all environments back to the beginning.</summary>
    public void Reset()
    {
        for (int environment = 0; environment < Count; environment++) Reset(environment);
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    protected void CheckRows(int length, int width)
    {
        if (length != Count * width) throw new ArgumentException($"{length} numbers for {Count} environments of {width} each: {Count * width} are needed");
    }

    protected void CheckEnvironment(int environment)
    {
        if ((uint)environment >= (uint)Count) throw new ArgumentOutOfRangeException(nameof(environment), environment, $"environment {environment} is not in [0, {Count - 1}]");
    }

    /// <summary>Checks both and returns the body's description.</summary>
    protected Body Check(int environment, BodyId body)
    {
        CheckEnvironment(environment);
        if ((uint)body.Index >= (uint)Scene.Bodies.Count) throw new ArgumentOutOfRangeException(nameof(body), body.Index, $"body {body.Index} is not in [0, {Scene.Bodies.Count - 1}]");
        return Scene.Bodies[body.Index];
    }

    /// <summary>Checks both and returns the joint's description.</summary>
    protected JointPlacement Check(int environment, JointId joint)
    {
        CheckEnvironment(environment);
        if ((uint)joint.Index >= (uint)Scene.Joints.Count) throw new ArgumentOutOfRangeException(nameof(joint), joint.Index, $"joint {joint.Index} is not in [0, {Scene.Joints.Count - 1}]");
        return Scene.Joints[joint.Index];
    }

    protected static void CheckState(Body body, in BodyState state)
    {
        string? fault = SceneChecks.PoseFault(state.Pose) ?? MotionFault(state.LinearVelocity, state.AngularVelocity);
        if (fault is not null) throw new ArgumentException($"body '{body.Name}': {fault}");
    }

    protected static void CheckVelocity(Body body, Vector3 linear, Vector3 angular)
    {
        if (body.Kind == BodyKind.Static) throw new ArgumentException($"body '{body.Name}' is static and has no velocity");
        if (MotionFault(linear, angular) is { } fault) throw new ArgumentException($"body '{body.Name}': {fault}");
    }

    protected static void CheckWrench(Body body, Vector3 force, Vector3 torque)
    {
        if (body.Kind != BodyKind.Dynamic) throw new ArgumentException($"body '{body.Name}' is {body.Kind}; forces move dynamic bodies only");
        string? fault = JointChecks.Finite("force", force) ?? JointChecks.Finite("torque", torque);
        if (fault is not null) throw new ArgumentException($"body '{body.Name}': {fault}");
    }

    protected static void CheckReplacement(JointPlacement joint, Joint description)
    {
        ArgumentNullException.ThrowIfNull(description);
        if (description.GetType() != joint.Joint.GetType()) throw new ArgumentException($"joint '{joint.Name}' is a {joint.Joint.GetType().Name}, not a {description.GetType().Name}");
        if (description.Fault is { } fault) throw new ArgumentException($"joint '{joint.Name}': {fault}");
    }

    protected static void CheckRoom(JointPlacement joint, Span<float> impulse)
    {
        int degrees = joint.Joint.DegreesOfFreedom;
        if (impulse.Length < degrees) throw new ArgumentException($"joint '{joint.Name}' has an impulse of {degrees} numbers; there is room for {impulse.Length}");
    }

    protected static void CheckAttachable(JointPlacement joint)
    {
        if (!joint.Attachable) throw new ArgumentException($"joint '{joint.Name}' is not attachable: it is always on");
    }

    private static string? MotionFault(Vector3 linear, Vector3 angular)
        => JointChecks.Finite("linear velocity", linear) ?? JointChecks.Finite("angular velocity", angular);
}
