using System.Numerics;
using BepuPhysics;
using BepuPhysics.Constraints;
using Sim.Physics.Scenes;
using Engine = BepuPhysics.Constraints;

namespace Sim.Physics.Bepu;

/// <summary>Joints of a scene as the engine's constraints: names and numbers are the same, world targets move to the environment's place.</summary>
internal readonly ref struct BepuJoints(Solver solver, BodyHandle a, BodyHandle b, Vector3 origin)
{
    private readonly Solver _solver = solver;
    private readonly BodyHandle _a = a;
    private readonly BodyHandle _b = b;
    private readonly Vector3 _origin = origin;

    public ConstraintHandle Add(Joint joint) => Place(joint, new ConstraintHandle(-1));

    /// <summary>Replaces the numbers of a constraint of the same kind; its impulses stay.</summary>
    public void Apply(Joint joint, ConstraintHandle existing) => Place(joint, existing);

    private ConstraintHandle Place(Joint joint, ConstraintHandle existing) => joint switch
    {
        Scenes.BallSocket j => Two(existing, new Engine.BallSocket { LocalOffsetA = j.LocalOffsetA, LocalOffsetB = j.LocalOffsetB, SpringSettings = Spring(j) }),
        Scenes.BallSocketServo j => Two(existing, new Engine.BallSocketServo
        {
            LocalOffsetA = j.LocalOffsetA,
            LocalOffsetB = j.LocalOffsetB,
            SpringSettings = Spring(j),
            ServoSettings = Servo(j),
        }),
        Scenes.Weld j => Two(existing, new Engine.Weld { LocalOffset = j.LocalOffset, LocalOrientation = j.LocalOrientation, SpringSettings = Spring(j) }),
        Scenes.Hinge j => Two(existing, new Engine.Hinge
        {
            LocalOffsetA = j.LocalOffsetA,
            LocalOffsetB = j.LocalOffsetB,
            LocalHingeAxisA = j.LocalHingeAxisA,
            LocalHingeAxisB = j.LocalHingeAxisB,
            SpringSettings = Spring(j),
        }),
        Scenes.SwivelHinge j => Two(existing, new Engine.SwivelHinge
        {
            LocalOffsetA = j.LocalOffsetA,
            LocalOffsetB = j.LocalOffsetB,
            LocalSwivelAxisA = j.LocalSwivelAxisA,
            LocalHingeAxisB = j.LocalHingeAxisB,
            SpringSettings = Spring(j),
        }),
        Scenes.SwingLimit j => Two(existing, new Engine.SwingLimit { AxisLocalA = j.AxisLocalA, AxisLocalB = j.AxisLocalB, MinimumDot = j.MinimumDot, SpringSettings = Spring(j) }),
        Scenes.TwistLimit j => Two(existing, new Engine.TwistLimit
        {
            LocalBasisA = j.LocalBasisA,
            LocalBasisB = j.LocalBasisB,
            MinimumAngle = j.MinimumAngle,
            MaximumAngle = j.MaximumAngle,
            SpringSettings = Spring(j),
        }),
        Scenes.TwistServo j => Two(existing, new Engine.TwistServo
        {
            LocalBasisA = j.LocalBasisA,
            LocalBasisB = j.LocalBasisB,
            TargetAngle = j.TargetAngle,
            SpringSettings = Spring(j),
            ServoSettings = Servo(j),
        }),
        Scenes.AngularServo j => Two(existing, new Engine.AngularServo { TargetRelativeRotationLocalA = j.TargetRelativeRotationLocalA, SpringSettings = Spring(j), ServoSettings = Servo(j) }),
        Scenes.AngularMotor j => Two(existing, new Engine.AngularMotor
        {
            TargetVelocityLocalA = j.TargetVelocityLocalA,
            Settings = new Engine.MotorSettings { MaximumForce = j.Motor.MaximumForce, Damping = j.Motor.Damping },
        }),
        Scenes.DistanceLimit j => Two(existing, new Engine.DistanceLimit
        {
            LocalOffsetA = j.LocalOffsetA,
            LocalOffsetB = j.LocalOffsetB,
            MinimumDistance = j.MinimumDistance,
            MaximumDistance = j.MaximumDistance,
            SpringSettings = Spring(j),
        }),
        Scenes.PointOnLineServo j => Two(existing, new Engine.PointOnLineServo
        {
            LocalOffsetA = j.LocalOffsetA,
            LocalOffsetB = j.LocalOffsetB,
            LocalDirection = j.LocalDirection,
            SpringSettings = Spring(j),
            ServoSettings = Servo(j),
        }),
        Scenes.OneBodyLinearServo j => One(existing, new Engine.OneBodyLinearServo
        {
            LocalOffset = j.LocalOffset,
            Target = j.Target + _origin,
            SpringSettings = Spring(j),
            ServoSettings = Servo(j),
        }),
        Scenes.OneBodyAngularServo j => One(existing, new Engine.OneBodyAngularServo { TargetOrientation = j.TargetOrientation, SpringSettings = Spring(j), ServoSettings = Servo(j) }),
        _ => throw new NotSupportedException($"joint {joint.GetType().Name}"),
    };

    private ConstraintHandle Two<T>(ConstraintHandle existing, in T description)
        where T : unmanaged, ITwoBodyConstraintDescription<T>
    {
        if (existing.Value < 0) return _solver.Add(_a, _b, description);
        _solver.ApplyDescription(existing, description);
        return existing;
    }

    private ConstraintHandle One<T>(ConstraintHandle existing, in T description)
        where T : unmanaged, IOneBodyConstraintDescription<T>
    {
        if (existing.Value < 0) return _solver.Add(_a, description);
        _solver.ApplyDescription(existing, description);
        return existing;
    }

    private static Engine.SpringSettings Spring(SpringJoint joint) => new(joint.Spring.Frequency, joint.Spring.DampingRatio);

    private static Engine.ServoSettings Servo(ServoJoint joint) => new(joint.Servo.MaximumSpeed, joint.Servo.BaseSpeed, joint.Servo.MaximumForce);
}
