using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Physics.Batched.Joints;

/// <summary>One joint of a scene in its place among a tile's rows.</summary>
/// <param name="A">First row of body A.</param>
/// <param name="B">First row of body B; A's where there is none.</param>
/// <param name="First">First row of the accumulated impulse.</param>
/// <param name="Parameters">First row of the parameters.</param>
/// <param name="Enabled">Row of the mask of an attachable joint; negative where it is always on.</param>
/// <param name="Scratch">First row in scratch.</param>
internal readonly record struct JointPlace(int A, int B, int First, int Parameters, int Enabled, int Scratch);

/// <summary>What a joint does in a substep, tile by tile.</summary>
internal abstract unsafe class JointStage<T> where T : unmanaged, ILane<T>
{
    /// <summary>Computes the Jacobian and applies the accumulated impulse.</summary>
    public abstract void Begin(float* tile, float* scratch, in SubstepTiming timing);

    /// <summary>One velocity iteration.</summary>
    public abstract void Solve(float* tile, float* scratch);
}

/// <summary>Sizes and stages of all kinds of joint.</summary>
internal static class JointStages
{
    /// <summary>Rows of parameters and of scratch that a joint takes.</summary>
    public static (int Parameters, int Scratch) Sizes(Joint joint) => joint switch
    {
        BallSocket => (BallSocketKernel.ParameterRows, BallSocketKernel.ScratchRows),
        BallSocketServo => (BallSocketServoKernel.ParameterRows, BallSocketServoKernel.ScratchRows),
        Weld => (WeldKernel.ParameterRows, WeldKernel.ScratchRows),
        Hinge => (HingeKernel.ParameterRows, HingeKernel.ScratchRows),
        SwivelHinge => (SwivelHingeKernel.ParameterRows, SwivelHingeKernel.ScratchRows),
        SwingLimit => (SwingLimitKernel.ParameterRows, SwingLimitKernel.ScratchRows),
        TwistLimit => (TwistLimitKernel.ParameterRows, TwistLimitKernel.ScratchRows),
        TwistServo => (TwistServoKernel.ParameterRows, TwistServoKernel.ScratchRows),
        AngularServo => (AngularServoKernel.ParameterRows, AngularServoKernel.ScratchRows),
        AngularMotor => (AngularMotorKernel.ParameterRows, AngularMotorKernel.ScratchRows),
        DistanceLimit => (DistanceLimitKernel.ParameterRows, DistanceLimitKernel.ScratchRows),
        PointOnLineServo => (PointOnLineServoKernel.ParameterRows, PointOnLineServoKernel.ScratchRows),
        OneBodyLinearServo => (OneBodyLinearServoKernel.ParameterRows, OneBodyLinearServoKernel.ScratchRows),
        OneBodyAngularServo => (OneBodyAngularServoKernel.ParameterRows, OneBodyAngularServoKernel.ScratchRows),
        _ => throw new NotSupportedException($"no kernel for a {joint.GetType().Name}"),
    };

    public static JointStage<T> Create<T>(Joint joint, JointPlace place) where T : unmanaged, ILane<T> => joint switch
    {
        BallSocket => new JointStage<T, BallSocketKernel>(place),
        BallSocketServo => new JointStage<T, BallSocketServoKernel>(place),
        Weld => new JointStage<T, WeldKernel>(place),
        Hinge => new JointStage<T, HingeKernel>(place),
        SwivelHinge => new JointStage<T, SwivelHingeKernel>(place),
        SwingLimit => new JointStage<T, SwingLimitKernel>(place),
        TwistLimit => new JointStage<T, TwistLimitKernel>(place),
        TwistServo => new JointStage<T, TwistServoKernel>(place),
        AngularServo => new JointStage<T, AngularServoKernel>(place),
        AngularMotor => new JointStage<T, AngularMotorKernel>(place),
        DistanceLimit => new JointStage<T, DistanceLimitKernel>(place),
        PointOnLineServo => new JointStage<T, PointOnLineServoKernel>(place),
        OneBodyLinearServo => new JointStage<T, OneBodyLinearServoKernel>(place),
        OneBodyAngularServo => new JointStage<T, OneBodyAngularServoKernel>(place),
        _ => throw new NotSupportedException($"no kernel for a {joint.GetType().Name}"),
    };
}

/// <inheritdoc/>
internal sealed unsafe class JointStage<T, TKernel>(JointPlace place) : JointStage<T> where T : unmanaged, ILane<T> where TKernel : struct, IJointKernel
{
    public override void Begin(float* tile, float* scratch, in SubstepTiming timing)
    {
        var own = new Rows<T>(scratch).From(place.Scratch);
        Rows<T> rows = new(tile), a = rows.From(place.A), b = rows.From(place.B), impulse = rows.From(place.First);
        if (place.Enabled < 0)
        {
            TKernel.Prepare(a, b, rows.From(place.Parameters), own, in timing);
            TKernel.WarmStart(a, b, impulse, rows.From(place.Parameters), own);
            return;
        }
        if (T.Any(rows.Scalar(place.Enabled))) BeginWhereEnabled(rows, a, b, own, in timing);
    }

    public override void Solve(float* tile, float* scratch)
    {
        var own = new Rows<T>(scratch).From(place.Scratch);
        Rows<T> rows = new(tile), a = rows.From(place.A), b = rows.From(place.B), impulse = rows.From(place.First);
        if (place.Enabled < 0)
        {
            TKernel.Solve(a, b, impulse, rows.From(place.Parameters), own);
            return;
        }
        if (T.Any(rows.Scalar(place.Enabled))) SolveWhereEnabled(rows, a, b, own);
    }

    [MethodImpl(Stage.Cut)]
    private void BeginWhereEnabled(Rows<T> rows, Rows<T> a, Rows<T> b, Rows<T> own, in SubstepTiming timing)
    {
        var before = new BodyPairVelocity<T>(a, b);
        TKernel.Prepare(a, b, rows.From(place.Parameters), own, in timing);
        TKernel.WarmStart(a, b, rows.From(place.First), rows.From(place.Parameters), own);
        before.KeepWhereNot(rows.Scalar(place.Enabled), a, b);
    }

    [MethodImpl(Stage.Cut)]
    private void SolveWhereEnabled(Rows<T> rows, Rows<T> a, Rows<T> b, Rows<T> own)
    {
        var impulse = rows.From(place.First);
        var before = new BodyPairVelocity<T>(a, b);
        TKernel.Solve(a, b, impulse, rows.From(place.Parameters), own);
        T enabled = rows.Scalar(place.Enabled);
        before.KeepWhereNot(enabled, a, b);
        for (int i = 0; i < TKernel.DegreesOfFreedom; i++) impulse.Put(i, impulse.Scalar(i) & enabled);
    }
}

/// <summary>Velocities put aside while a joint acts that some lanes do not have.</summary>
internal readonly struct BodyPairVelocity<T>(Rows<T> a, Rows<T> b) where T : unmanaged, ILane<T>
{
    private readonly Vec3<T> _linearA = a.Vector(BodyRows.LinearVelocity), _angularA = a.Vector(BodyRows.AngularVelocity);
    private readonly Vec3<T> _linearB = b.Vector(BodyRows.LinearVelocity), _angularB = b.Vector(BodyRows.AngularVelocity);

    /// <summary>Gives lanes outside the mask their velocities back.</summary>
    public void KeepWhereNot(T mask, Rows<T> a, Rows<T> b)
    {
        a.Put(BodyRows.LinearVelocity, Vec3<T>.Select(mask, a.Vector(BodyRows.LinearVelocity), _linearA));
        a.Put(BodyRows.AngularVelocity, Vec3<T>.Select(mask, a.Vector(BodyRows.AngularVelocity), _angularA));
        b.Put(BodyRows.LinearVelocity, Vec3<T>.Select(mask, b.Vector(BodyRows.LinearVelocity), _linearB));
        b.Put(BodyRows.AngularVelocity, Vec3<T>.Select(mask, b.Vector(BodyRows.AngularVelocity), _angularB));
    }
}
