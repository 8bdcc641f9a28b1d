using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Joints;

/// <summary>Parameters: servo, target orientation of B relative to A (quaternion).</summary>
internal readonly struct AngularServoKernel : IJointKernel
{
    public static int DegreesOfFreedom => AngularBlock.DegreesOfFreedom;
    public static int ParameterRows => ServoRows.Count + 4;
    public static int ScratchRows => AngularBlock.ScratchRows;

    public static void Prepare<T>(Rows<T> a, Rows<T> b, Rows<T> parameters, Rows<T> scratch, in SubstepTiming timing) where T : unmanaged, ILane<T>
    {
        AngularBlock.Prepare(a, b, scratch);
        RotationError.Relative(a, b, parameters.From(ServoRows.Count), out var error);
        scratch.Put(AngularBlock.Bias, ServoRule.Bias(error, parameters, timing.InverseH));
        scratch.Put(AngularBlock.Maximum, parameters.Scalar(ServoRows.MaximumImpulse));
    }

    public static void WarmStart<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => AngularBlock.WarmStart(a, b, impulse);

    public static void Solve<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => AngularBlock.Solve(a, b, impulse, parameters, scratch);
}

/// <summary>Parameters: softness, maximum force times substep, target velocity in A's axes (vector).</summary>
internal readonly struct AngularMotorKernel : IJointKernel
{
    public const int MaximumImpulse = SoftnessRows.Count, Target = MaximumImpulse + 1;

    public static int DegreesOfFreedom => AngularBlock.DegreesOfFreedom;
    public static int ParameterRows => Target + 3;
    public static int ScratchRows => AngularBlock.ScratchRows;

    public static void Prepare<T>(Rows<T> a, Rows<T> b, Rows<T> parameters, Rows<T> scratch, in SubstepTiming timing) where T : unmanaged, ILane<T>
    {
        AngularBlock.Prepare(a, b, scratch);
        scratch.Put(AngularBlock.Bias, Quat<T>.Rotate(a.Quaternion(BodyRows.Orientation), parameters.Vector(Target)));
        scratch.Put(AngularBlock.Maximum, parameters.Scalar(MaximumImpulse));
    }

    public static void WarmStart<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => AngularBlock.WarmStart(a, b, impulse);

    public static void Solve<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => AngularBlock.Solve(a, b, impulse, parameters, scratch);
}

/// <summary>Parameters: servo, target orientation in the world (quaternion).</summary>
internal readonly struct OneBodyAngularServoKernel : IJointKernel
{
    public static int DegreesOfFreedom => AngularBlock.DegreesOfFreedom;
    public static int ParameterRows => ServoRows.Count + 4;
    public static int ScratchRows => AngularBlock.ScratchRows;

    public static void Prepare<T>(Rows<T> a, Rows<T> b, Rows<T> parameters, Rows<T> scratch, in SubstepTiming timing) where T : unmanaged, ILane<T>
    {
        AngularBlock.PrepareOne(a, scratch);
        RotationError.ToTarget(a, parameters.From(ServoRows.Count), out var error);
        scratch.Put(AngularBlock.Bias, ServoRule.Bias(error, parameters, timing.InverseH));
        scratch.Put(AngularBlock.Maximum, parameters.Scalar(ServoRows.MaximumImpulse));
    }

    public static void WarmStart<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => AngularBlock.WarmStartOne(a, impulse);

    public static void Solve<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => AngularBlock.SolveOne(a, impulse, parameters, scratch);
}

/// <summary>Rotation errors as axis times angle, radians, world axes.</summary>
internal static class RotationError
{
    /// <summary>How far B is turned beyond its target relative to A.</summary>
    /// <param name="a">A's rows.</param>
    /// <param name="b">B's rows.</param>
    /// <param name="target">B's orientation relative to A, quaternion.</param>
    /// <param name="error">Written.</param>
    [MethodImpl(Stage.Cut)]
    public static void Relative<T>(Rows<T> a, Rows<T> b, Rows<T> target, out Vec3<T> error) where T : unmanaged, ILane<T>
    {
        var wanted = Quat<T>.Multiply(a.Quaternion(BodyRows.Orientation), target.Quaternion(0));
        error = Quat<T>.RotationVector(Quat<T>.Multiply(b.Quaternion(BodyRows.Orientation), Quat<T>.Conjugate(wanted)));
    }

    /// <summary>How far a body still is from its target.</summary>
    [MethodImpl(Stage.Cut)]
    public static void ToTarget<T>(Rows<T> a, Rows<T> target, out Vec3<T> error) where T : unmanaged, ILane<T>
        => error = Quat<T>.RotationVector(Quat<T>.Multiply(target.Quaternion(0), Quat<T>.Conjugate(a.Quaternion(BodyRows.Orientation))));
}
