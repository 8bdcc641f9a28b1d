using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Joints;

/// <summary>
/// Three degrees of freedom that hold a point of A at a point of B: J v = vA + wA × rA − vB − wB × rB.
/// </summary>
internal static class PointToPoint
{
    public const int DegreesOfFreedom = 3;
    public const int ScratchRows = 15;

    private const int ArmA = 0, ArmB = 3, Mass = 6, Bias = 12;

    /// <summary>Arms, effective mass, and the error (xB + rB) − (xA + rA) in place of the bias.</summary>
    public static void Prepare<T>(Rows<T> a, Rows<T> b, Rows<T> offsets, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        Arms(a, b, offsets, scratch);
        Compliance(a, scratch.From(ArmA), out var ofA);
        Compliance(b, scratch.From(ArmB), out var ofB);
        Invert(a, b, in ofA, in ofB, scratch);
    }

    /// <summary>The bias of a plain spring.</summary>
    public static void SpringBias<T>(Rows<T> scratch, Rows<T> parameters) where T : unmanaged, ILane<T>
        => scratch.Put(Bias, scratch.Vector(Bias) * parameters.Scalar(SoftnessRows.ErrorToVelocity));

    /// <summary>The bias of a servo.</summary>
    public static void ServoBias<T>(Rows<T> scratch, Rows<T> parameters, float inverseH) where T : unmanaged, ILane<T>
        => scratch.Put(Bias, ServoRule.Bias(scratch.Vector(Bias), parameters, inverseH));

    public static void WarmStart<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        var accumulated = impulse.Vector(0);
        Push(a, scratch.From(ArmA), in accumulated);
        PushBack(b, scratch.From(ArmB), in accumulated);
    }

    public static void Solve<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        Impulse(a, b, impulse, parameters, scratch, out var change);
        impulse.Put(0, impulse.Vector(0) + change);
        Push(a, scratch.From(ArmA), in change);
        PushBack(b, scratch.From(ArmB), in change);
    }

    /// <summary>As <see cref="Solve"/>, the accumulated impulse limited in length.</summary>
    public static void SolveLimited<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        Impulse(a, b, impulse, parameters, scratch, out var change);
        LimitedImpulse.Accumulate(impulse, parameters.Scalar(ServoRows.MaximumImpulse), ref change);
        Push(a, scratch.From(ArmA), in change);
        PushBack(b, scratch.From(ArmB), in change);
    }

    [MethodImpl(Stage.Cut)]
    private static void Arms<T>(Rows<T> a, Rows<T> b, Rows<T> offsets, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        var armA = Quat<T>.Rotate(a.Quaternion(BodyRows.Orientation), offsets.Vector(0));
        var armB = Quat<T>.Rotate(b.Quaternion(BodyRows.Orientation), offsets.Vector(3));
        scratch.Put(ArmA, armA);
        scratch.Put(ArmB, armB);
        scratch.Put(Bias, b.Vector(BodyRows.Position) - a.Vector(BodyRows.Position) + (armB - armA));
    }

    [MethodImpl(Stage.Cut)]
    private static void Compliance<T>(Rows<T> body, Rows<T> arm, out Sym3<T> compliance) where T : unmanaged, ILane<T>
        => compliance = Sym3<T>.SkewSandwich(arm.Vector(0), body.Symmetric(BodyRows.InverseInertia));

    [MethodImpl(Stage.Cut)]
    private static void Invert<T>(Rows<T> a, Rows<T> b, in Sym3<T> ofA, in Sym3<T> ofB, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        T inverseMass = a.Scalar(BodyRows.InverseMass) + b.Scalar(BodyRows.InverseMass);
        var sum = ofA + ofB;
        sum.XX += inverseMass;
        sum.YY += inverseMass;
        sum.ZZ += inverseMass;
        scratch.Put(Mass, Sym3<T>.Invert(sum));
    }

    [MethodImpl(Stage.Cut)]
    private static void Impulse<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch, out Vec3<T> change) where T : unmanaged, ILane<T>
    {
        var spinA = Vec3<T>.Cross(a.Vector(BodyRows.AngularVelocity), scratch.Vector(ArmA));
        var spinB = Vec3<T>.Cross(b.Vector(BodyRows.AngularVelocity), scratch.Vector(ArmB));
        var velocity = a.Vector(BodyRows.LinearVelocity) - b.Vector(BodyRows.LinearVelocity) + (spinA - spinB);
        var wanted = scratch.Symmetric(Mass) * (scratch.Vector(Bias) - velocity);
        change = Vec3<T>.SubtractScaled(wanted * parameters.Scalar(SoftnessRows.MassScale), parameters.Scalar(SoftnessRows.Softness), impulse.Vector(0));
    }

    /// <summary>Applies an impulse at an arm.</summary>
    [MethodImpl(Stage.Cut)]
    public static void Push<T>(Rows<T> body, Rows<T> arm, in Vec3<T> impulse) where T : unmanaged, ILane<T>
    {
        body.Put(BodyRows.LinearVelocity, Vec3<T>.AddScaled(body.Vector(BodyRows.LinearVelocity), body.Scalar(BodyRows.InverseMass), impulse));
        var turn = body.Symmetric(BodyRows.InverseInertia) * Vec3<T>.Cross(arm.Vector(0), impulse);
        body.Put(BodyRows.AngularVelocity, body.Vector(BodyRows.AngularVelocity) + turn);
    }

    /// <summary>Applies the opposite impulse at an arm.</summary>
    [MethodImpl(Stage.Cut)]
    private static void PushBack<T>(Rows<T> body, Rows<T> arm, in Vec3<T> impulse) where T : unmanaged, ILane<T>
    {
        body.Put(BodyRows.LinearVelocity, Vec3<T>.SubtractScaled(body.Vector(BodyRows.LinearVelocity), body.Scalar(BodyRows.InverseMass), impulse));
        var turn = body.Symmetric(BodyRows.InverseInertia) * Vec3<T>.Cross(arm.Vector(0), impulse);
        body.Put(BodyRows.AngularVelocity, body.Vector(BodyRows.AngularVelocity) - turn);
    }
}
