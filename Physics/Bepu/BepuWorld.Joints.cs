using System.Runtime.CompilerServices;
using BepuPhysics;
using BepuPhysics.CollisionDetection;
using BepuUtilities;
using Sim.Physics.Scenes;
using Sim.Physics.Worlds;

namespace Sim.Physics.Bepu;

/// <content>Joints: one constraint of the engine for each that is on, environment by environment.</content>
public sealed partial class BepuWorld
{
    /// <summary>Constraint handles; −1 for a joint that is off.</summary>
    private readonly int[] _constraints;
    private readonly bool[] _attached;

    /// <summary>What each joint is now.</summary>
    private readonly Joint[] _descriptions;

    public override void SetJoint(int environment, JointId joint, Joint description)
    {
        CheckReplacement(Check(environment, joint), description);
        if (_faults[environment] == EnvironmentFault.None) Describe(environment, joint.Index, description);
    }

    public override void Attach(int environment, JointId joint)
    {
        var placement = Check(environment, joint);
        CheckAttachable(placement);
        if (_faults[environment] != EnvironmentFault.None || IsAttached(environment, joint)) return;
        Describe(environment, joint.Index, Held(environment, placement, _descriptions[Place(environment, joint.Index)]));
        SwitchOn(environment, joint.Index);
    }

    public override void Detach(int environment, JointId joint)
    {
        CheckAttachable(Check(environment, joint));
        if (_faults[environment] == EnvironmentFault.None) SwitchOff(environment, joint.Index);
    }

    public override bool IsAttached(int environment, JointId joint)
    {
        Check(environment, joint);
        return _attached[Place(environment, joint.Index)];
    }

    public override void JointImpulse(int environment, JointId joint, Span<float> impulse)
    {
        var placement = Check(environment, joint);
        CheckRoom(placement, impulse);
        int handle = _constraints[Place(environment, joint.Index)];
        for (int i = 0; i < placement.Joint.DegreesOfFreedom; i++) impulse[i] = handle < 0 ? 0 : Impulse(handle, i);
    }

    private int Place(int environment, int joint) => (environment * Scene.Joints.Count) + joint;

    private void AddJoints(int environment)
    {
        for (int joint = 0; joint < Scene.Joints.Count; joint++)
        {
            int place = Place(environment, joint);
            _descriptions[place] = Scene.Joints[joint].Joint;
            _constraints[place] = -1;
            if (!Scene.Joints[joint].Attachable) SwitchOn(environment, joint);
        }
    }

    /// <summary>Numbers, on or off, and impulses as in the beginning; what is on already keeps its constraint.</summary>
    private void ResetJoints(int environment)
    {
        for (int joint = 0; joint < Scene.Joints.Count; joint++)
        {
            Describe(environment, joint, Scene.Joints[joint].Joint);
            if (Scene.Joints[joint].Attachable)
            {
                SwitchOff(environment, joint);
                continue;
            }
            int handle = _constraints[Place(environment, joint)];
            if (handle < 0) SwitchOn(environment, joint);
            else for (int i = 0; i < Scene.Joints[joint].Joint.DegreesOfFreedom; i++) Impulse(handle, i) = 0;
        }
    }

    private void Describe(int environment, int joint, Joint description)
    {
        int place = Place(environment, joint);
        if (ReferenceEquals(_descriptions[place], description)) return;
        _descriptions[place] = description;
        if (_constraints[place] >= 0) EngineJoint(environment, joint).Apply(description, new ConstraintHandle(_constraints[place]));
    }

    private void SwitchOn(int environment, int joint)
    {
        int place = Place(environment, joint);
        _attached[place] = true;
        if (_constraints[place] < 0) _constraints[place] = EngineJoint(environment, joint).Add(_descriptions[place]).Value;
    }

    private void SwitchOff(int environment, int joint)
    {
        int place = Place(environment, joint);
        _attached[place] = false;
        if (_constraints[place] < 0) return;
        _simulation.Solver.Remove(new ConstraintHandle(_constraints[place]));
        _constraints[place] = -1;
    }

    private BepuJoints EngineJoint(int environment, int joint)
    {
        var placement = Scene.Joints[joint];
        int a = Handle(environment, placement.A.Index), b = placement.B is { } second ? Handle(environment, second.Index) : -1;
        return new BepuJoints(_simulation.Solver, new BodyHandle(a), new BodyHandle(b), _origins[environment]);
    }

    /// <summary>The same joint, with hold of its bodies where they are.</summary>
    private Joint Held(int environment, JointPlacement placement, Joint joint)
    {
        if (placement.B is not { } second) return joint;
        Pose a = Body(environment, placement.A).Pose, b = Body(environment, second).Pose;
        var relative = b.In(a);
        return joint switch
        {
            Weld weld => weld with { LocalOffset = relative.Position, LocalOrientation = relative.Orientation },
            BallSocket socket => socket with { LocalOffsetA = relative.Transform(socket.LocalOffsetB) },
            BallSocketServo socket => socket with { LocalOffsetA = relative.Transform(socket.LocalOffsetB) },
            AngularServo servo => servo with { TargetRelativeRotationLocalA = relative.Orientation },
            _ => joint,
        };
    }

    /// <summary>All constraints on an environment's bodies; joints that were on are forgotten as constraints, not as attached.</summary>
    private void RemoveConstraints(int environment, bool contactsOnly)
    {
        var solver = _simulation.Solver;
        for (int body = environment * _moving; body < (environment + 1) * _moving; body++)
        {
            ref var constraints = ref _simulation.Bodies.ActiveSet.Constraints[body];
            for (int i = constraints.Count - 1; i >= 0; i--)
            {
                var handle = constraints[i].ConnectingConstraintHandle;
                if (!contactsOnly || NarrowPhase.IsContactConstraintType(solver.HandleToConstraint[handle.Value].TypeId)) solver.Remove(handle);
            }
        }
        if (!contactsOnly) _constraints.AsSpan(Place(environment, 0), Scene.Joints.Count).Fill(-1);
    }

    /// <summary>The solver keeps impulses in bundles of one vector for each degree of freedom; a constraint is a lane of its bundle.</summary>
    private unsafe ref float Impulse(int handle, int degree)
    {
        var constraint = _simulation.Solver.GetConstraintReference(new ConstraintHandle(handle));
        BundleIndexing.GetBundleIndices(constraint.IndexInTypeBatch, out int bundle, out int lane);
        ref var batch = ref constraint.TypeBatch;
        int width = _simulation.Solver.TypeProcessors[batch.TypeId].ConstrainedDegreesOfFreedom;
        return ref Unsafe.AsRef<float>((float*)batch.AccumulatedImpulses.Memory + ((((bundle * width) + degree) * System.Numerics.Vector<float>.Count) + lane));
    }
}
