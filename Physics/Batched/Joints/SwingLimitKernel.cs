using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Joints;

/// <summary>Parameters: softness, axis in A (vector), axis in B (vector), minimum dot, mask of the legacy rule.</summary>
internal readonly struct SwingLimitKernel : IJointKernel
{
    private const int AxisA = SoftnessRows.Count, AxisB = AxisA + 3, MinimumDot = AxisB + 3, Legacy = MinimumDot + 1;

    public static int DegreesOfFreedom => 1;
    public static int ParameterRows => Legacy + 1;
    public static int ScratchRows => AngularLine.ScratchRows;

    public static void Prepare<T>(Rows<T> a, Rows<T> b, Rows<T> parameters, Rows<T> scratch, in SubstepTiming timing) where T : unmanaged, ILane<T>
        => Axis(a, b, parameters, scratch, timing.InverseH);

    public static void WarmStart<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => AngularLine.WarmStartLimit(a, b, impulse, parameters, scratch);

    public static void Solve<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => AngularLine.SolveLimit(a, b, impulse, parameters, scratch);

    [MethodImpl(Stage.Cut)]
    private static void Axis<T>(Rows<T> a, Rows<T> b, Rows<T> parameters, Rows<T> scratch, float inverseH) where T : unmanaged, ILane<T>
    {
        var axisA = Quat<T>.Rotate(a.Quaternion(BodyRows.Orientation), parameters.Vector(AxisA));
        var axisB = Quat<T>.Rotate(b.Quaternion(BodyRows.Orientation), parameters.Vector(AxisB));
        var axis = Vec3<T>.Cross(axisA, axisB);
        T straight = axis.LengthSquared < T.Of(1e-7f);
        scratch.Put(AngularLine.Axis, axis);
        if (T.Any(straight)) AnyAxis(in axisA, in straight, scratch);

        // Room is what is left to the limit, negative beyond it. A free limit may be reached within one substep, a
        // violated one is corrected by the spring; the reference engine has the two the other way round.
        T room = Vec3<T>.Dot(axisA, axisB) - parameters.Scalar(MinimumDot);
        T whole = room * inverseH, soft = room * parameters.Scalar(SoftnessRows.ErrorToVelocity);
        scratch.Put(AngularLine.Bias, -T.Select(parameters.Scalar(Legacy), T.Min(whole, soft), T.Max(whole, soft)));
    }

    /// <summary>Where both axes agree, any axis at right angles.</summary>
    [MethodImpl(Stage.Cut)]
    private static void AnyAxis<T>(in Vec3<T> axisA, in T straight, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        Vec3<T>.Tangents(axisA, out var perpendicular, out _);
        scratch.Put(AngularLine.Axis, Vec3<T>.Select(straight, perpendicular, scratch.Vector(AngularLine.Axis)));
    }
}
