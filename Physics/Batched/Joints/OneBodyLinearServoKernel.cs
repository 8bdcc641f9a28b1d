using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Joints;

/// <summary>J v = v + w × r. Parameters: servo, offset (vector), target in the world (vector).</summary>
internal readonly struct OneBodyLinearServoKernel : IJointKernel
{
    private const int Offset = ServoRows.Count, Target = Offset + 3;
    private const int Arm = 0, Mass = 3, Bias = 9;

    public static int DegreesOfFreedom => 3;
    public static int ParameterRows => Target + 3;
    public static int ScratchRows => Bias + 3;

    public static void Prepare<T>(Rows<T> a, Rows<T> b, Rows<T> parameters, Rows<T> scratch, in SubstepTiming timing) where T : unmanaged, ILane<T>
    {
        var arm = Quat<T>.Rotate(a.Quaternion(BodyRows.Orientation), parameters.Vector(Offset));
        scratch.Put(Arm, arm);
        scratch.Put(Bias, ServoRule.Bias(parameters.Vector(Target) - a.Vector(BodyRows.Position) - arm, parameters, timing.InverseH));
        EffectiveMass(a, scratch);
    }

    public static void WarmStart<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        var accumulated = impulse.Vector(0);
        PointToPoint.Push(a, scratch.From(Arm), in accumulated);
    }

    public static void Solve<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        var velocity = a.Vector(BodyRows.LinearVelocity) + Vec3<T>.Cross(a.Vector(BodyRows.AngularVelocity), scratch.Vector(Arm));
        var wanted = scratch.Symmetric(Mass) * (scratch.Vector(Bias) - velocity);
        var change = Vec3<T>.SubtractScaled(wanted * parameters.Scalar(SoftnessRows.MassScale), parameters.Scalar(SoftnessRows.Softness), impulse.Vector(0));
        LimitedImpulse.Accumulate(impulse, parameters.Scalar(ServoRows.MaximumImpulse), ref change);
        PointToPoint.Push(a, scratch.From(Arm), in change);
    }

    [MethodImpl(Stage.Cut)]
    private static void EffectiveMass<T>(Rows<T> a, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        var compliance = Sym3<T>.SkewSandwich(scratch.Vector(Arm), a.Symmetric(BodyRows.InverseInertia));
        T inverseMass = a.Scalar(BodyRows.InverseMass);
        compliance.XX += inverseMass;
        compliance.YY += inverseMass;
        compliance.ZZ += inverseMass;
        scratch.Put(Mass, Sym3<T>.Invert(compliance));
    }
}
