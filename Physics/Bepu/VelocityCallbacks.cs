using System.Numerics;
using System.Runtime.CompilerServices;
using BepuPhysics;
using BepuUtilities;
using Modes = BepuPhysics.AngularIntegrationMode;
using SceneModes = Sim.Physics.Scenes.AngularIntegrationMode;

namespace Sim.Physics.Bepu;

/// <summary>
/// What moves a free body: v ← (v + (g + F/m) h)(1−d)^h and ω ← (ω + W τ h)(1−d)^h, with W the inverse inertia in
/// world axes.
/// </summary>
internal struct VelocityCallbacks(SharedSimulation shared) : IPoseIntegratorCallbacks
{
    private Vector3Wide _fall;
    private Vector<float> _linearDamping;
    private Vector<float> _angularDamping;

    /// <summary>
    /// The engine's gyroscopic mode turns the wrong way: it adds the residual of Euler's equation where it should
    /// subtract it, so that torque-free motion runs along the wrong branch. Momentum conservation stands in for it.
    /// </summary>
    public readonly Modes AngularIntegrationMode
        => shared.Scene.Settings.AngularIntegration == SceneModes.Nonconserving ? Modes.Nonconserving : Modes.ConserveMomentum;

    public readonly bool AllowSubstepsForUnconstrainedBodies => shared.Scene.Settings.SubstepUnconstrainedBodies;

    public readonly bool IntegrateVelocityForKinematics => false;

    public readonly void Initialize(Simulation simulation)
    {
    }

    public void PrepareForIntegration(float dt)
    {
        var settings = shared.Scene.Settings;
        _fall = Vector3Wide.Broadcast(settings.Gravity * dt);
        _linearDamping = new Vector<float>(MathF.Pow(1 - settings.LinearDamping, dt));
        _angularDamping = new Vector<float>(MathF.Pow(1 - settings.AngularDamping, dt));
    }

    public readonly void IntegrateVelocity(
        Vector<int> bodyIndices, Vector3Wide position, QuaternionWide orientation, BodyInertiaWide localInertia, Vector<int> integrationMask, int workerIndex, Vector<float> dt, ref BodyVelocityWide velocity)
    {
        velocity.Linear += _fall;
        if (shared.AnyPushed) Push(bodyIndices, orientation, localInertia, dt, ref velocity);
        velocity.Linear *= _linearDamping;
        velocity.Angular *= _angularDamping;
        if (shared.FrozenCount > 0) HoldStill(bodyIndices, ref velocity);
    }

    [SkipLocalsInit]
    private readonly void Push(Vector<int> bodies, in QuaternionWide orientation, in BodyInertiaWide localInertia, Vector<float> dt, ref BodyVelocityWide velocity)
    {
        int width = Vector<float>.Count;
        Span<float> wrench = stackalloc float[6 * width];
        for (int lane = 0; lane < width; lane++)
        {
            // Bodies are never removed or put to sleep, so that their index is their handle; −1 marks an idle lane.
            int body = bodies[lane];
            Vector3 force = body < 0 ? default : shared.Forces[body], torque = body < 0 ? default : shared.Torques[body];
            wrench[lane] = force.X;
            wrench[width + lane] = force.Y;
            wrench[(2 * width) + lane] = force.Z;
            wrench[(3 * width) + lane] = torque.X;
            wrench[(4 * width) + lane] = torque.Y;
            wrench[(5 * width) + lane] = torque.Z;
        }
        Vector3Wide push, twist;
        push.X = new Vector<float>(wrench);
        push.Y = new Vector<float>(wrench[width..]);
        push.Z = new Vector<float>(wrench[(2 * width)..]);
        twist.X = new Vector<float>(wrench[(3 * width)..]);
        twist.Y = new Vector<float>(wrench[(4 * width)..]);
        twist.Z = new Vector<float>(wrench[(5 * width)..]);
        velocity.Linear += push * (localInertia.InverseMass * dt);
        PoseIntegration.RotateInverseInertia(localInertia.InverseInertiaTensor, orientation, out var inverseInertia);
        Symmetric3x3Wide.TransformWithoutOverlap(twist * dt, inverseInertia, out var turn);
        velocity.Angular += turn;
    }

    private readonly void HoldStill(Vector<int> bodies, ref BodyVelocityWide velocity)
    {
        Span<float> moving = stackalloc float[Vector<float>.Count];
        for (int lane = 0; lane < moving.Length; lane++) moving[lane] = bodies[lane] >= 0 && shared.IsFrozen(bodies[lane]) ? 0 : 1;
        var share = new Vector<float>(moving);
        velocity.Linear *= share;
        velocity.Angular *= share;
    }
}
