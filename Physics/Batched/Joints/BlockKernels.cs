using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Joints;

/// <summary>Parameters: softness, offset in A (vector), orientation of B relative to A (quaternion). Impulse: three of rotation, three of position.</summary>
internal readonly struct WeldKernel : IJointKernel
{
    private const int Offset = SoftnessRows.Count, Orientation = Offset + 3;

    public static int DegreesOfFreedom => 6;
    public static int ParameterRows => Orientation + 4;
    public static int ScratchRows => Block.ScratchRows(DegreesOfFreedom);

    public static void Prepare<T>(Rows<T> a, Rows<T> b, Rows<T> parameters, Rows<T> scratch, in SubstepTiming timing) where T : unmanaged, ILane<T>
    {
        RotationError.Relative(a, b, parameters.From(Orientation), out var turned);
        T errorToVelocity = parameters.Scalar(SoftnessRows.ErrorToVelocity);
        T zero = T.Of(0), one = T.Of(1);
        Block.PutAxis(scratch, 0, new Vec3<T>(one, zero, zero), turned.X * errorToVelocity);
        Block.PutAxis(scratch, 1, new Vec3<T>(zero, one, zero), turned.Y * errorToVelocity);
        Block.PutAxis(scratch, 2, new Vec3<T>(zero, zero, one), turned.Z * errorToVelocity);
        var arm = Quat<T>.Rotate(a.Quaternion(BodyRows.Orientation), parameters.Vector(Offset));
        var bias = (b.Vector(BodyRows.Position) - a.Vector(BodyRows.Position) - arm) * errorToVelocity;
        var none = Vec3<T>.Zero;
        Block.PutPoint(scratch, 3, in arm, in none, in bias);
        Block.Factor(a, b, scratch, DegreesOfFreedom);
    }

    public static void WarmStart<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => Block.WarmStart(a, b, impulse, scratch, DegreesOfFreedom);

    public static void Solve<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => Block.Solve(a, b, impulse, parameters, scratch, DegreesOfFreedom);
}

/// <summary>Parameters: softness, offsets in A and B, hinge axes in A and B, two axes of A at right angles to its hinge axis; all vectors.</summary>
internal readonly struct HingeKernel : IJointKernel
{
    private const int OffsetA = SoftnessRows.Count, OffsetB = OffsetA + 3, AxisA = OffsetB + 3, AxisB = AxisA + 3, First = AxisB + 3, Second = First + 3;

    public static int DegreesOfFreedom => 5;
    public static int ParameterRows => Second + 3;
    public static int ScratchRows => Block.ScratchRows(DegreesOfFreedom);

    public static void Prepare<T>(Rows<T> a, Rows<T> b, Rows<T> parameters, Rows<T> scratch, in SubstepTiming timing) where T : unmanaged, ILane<T>
    {
        Anchor.Put(a, b, parameters.From(OffsetA), parameters.Scalar(SoftnessRows.ErrorToVelocity), scratch);
        Axes(a, b, parameters, scratch);
        Block.Factor(a, b, scratch, DegreesOfFreedom);
    }

    public static void WarmStart<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => Block.WarmStart(a, b, impulse, scratch, DegreesOfFreedom);

    public static void Solve<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => Block.Solve(a, b, impulse, parameters, scratch, DegreesOfFreedom);

    /// <summary>The angles by which B's hinge axis leans out of A's, about the two axes of A.</summary>
    [MethodImpl(Stage.Cut)]
    private static void Axes<T>(Rows<T> a, Rows<T> b, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        var turn = a.Quaternion(BodyRows.Orientation);
        var first = Quat<T>.Rotate(turn, parameters.Vector(First));
        var second = Quat<T>.Rotate(turn, parameters.Vector(Second));
        Lean(a, b, parameters, in first, in second, out T aboutFirst, out T aboutSecond);
        T errorToVelocity = parameters.Scalar(SoftnessRows.ErrorToVelocity);
        Block.PutAxis(scratch, 3, first, aboutFirst * errorToVelocity);
        Block.PutAxis(scratch, 4, second, aboutSecond * errorToVelocity);
    }

    [MethodImpl(Stage.Cut)]
    private static void Lean<T>(Rows<T> a, Rows<T> b, Rows<T> parameters, in Vec3<T> first, in Vec3<T> second, out T aboutFirst, out T aboutSecond) where T : unmanaged, ILane<T>
    {
        var hinge = Quat<T>.Rotate(b.Quaternion(BodyRows.Orientation), parameters.Vector(AxisB));
        T along = Vec3<T>.Dot(hinge, Quat<T>.Rotate(a.Quaternion(BodyRows.Orientation), parameters.Vector(AxisA)));
        aboutFirst = LaneMath.Atan2(Vec3<T>.Dot(hinge, second), along);
        aboutSecond = -LaneMath.Atan2(Vec3<T>.Dot(hinge, first), along);
    }
}

/// <summary>Parameters: softness, offsets in A and B, swivel axis in A, hinge axis in B; all vectors.</summary>
internal readonly struct SwivelHingeKernel : IJointKernel
{
    private const int OffsetA = SoftnessRows.Count, SwivelA = OffsetA + 6, HingeB = SwivelA + 3;

    public static int DegreesOfFreedom => 4;
    public static int ParameterRows => HingeB + 3;
    public static int ScratchRows => Block.ScratchRows(DegreesOfFreedom);

    public static void Prepare<T>(Rows<T> a, Rows<T> b, Rows<T> parameters, Rows<T> scratch, in SubstepTiming timing) where T : unmanaged, ILane<T>
    {
        T errorToVelocity = parameters.Scalar(SoftnessRows.ErrorToVelocity);
        Anchor.Put(a, b, parameters.From(OffsetA), errorToVelocity, scratch);
        var swivel = Quat<T>.Rotate(a.Quaternion(BodyRows.Orientation), parameters.Vector(SwivelA));
        var hinge = Quat<T>.Rotate(b.Quaternion(BodyRows.Orientation), parameters.Vector(HingeB));
        var axis = Vec3<T>.Cross(swivel, hinge);
        // Near-parallel axes leave no direction between them.
        Block.PutAxis(scratch, 3, Vec3<T>.Select(axis.LengthSquared < T.Of(1e-3f), hinge, axis), -(Vec3<T>.Dot(swivel, hinge) * errorToVelocity));
        Block.Factor(a, b, scratch, DegreesOfFreedom);
    }

    public static void WarmStart<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => Block.WarmStart(a, b, impulse, scratch, DegreesOfFreedom);

    public static void Solve<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => Block.Solve(a, b, impulse, parameters, scratch, DegreesOfFreedom);
}

/// <summary>Parameters: softness, offsets in A and B (vectors), minimum and maximum distance.</summary>
internal readonly struct DistanceLimitKernel : IJointKernel
{
    private const int OffsetA = SoftnessRows.Count, OffsetB = OffsetA + 3, Minimum = OffsetB + 3, Maximum = Minimum + 1;

    public static int DegreesOfFreedom => 1;
    public static int ParameterRows => Maximum + 1;
    public static int ScratchRows => Block.ScratchRows(DegreesOfFreedom);

    public static void Prepare<T>(Rows<T> a, Rows<T> b, Rows<T> parameters, Rows<T> scratch, in SubstepTiming timing) where T : unmanaged, ILane<T>
    {
        var armA = Quat<T>.Rotate(a.Quaternion(BodyRows.Orientation), parameters.Vector(OffsetA));
        var armB = Quat<T>.Rotate(b.Quaternion(BodyRows.Orientation), parameters.Vector(OffsetB));
        var apart = b.Vector(BodyRows.Position) - a.Vector(BodyRows.Position) + (armB - armA);
        Direction(in armA, in armB, in apart, parameters, scratch, timing.InverseH);
        Block.Factor(a, b, scratch, DegreesOfFreedom);
    }

    public static void WarmStart<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => Block.WarmStart(a, b, impulse, scratch, DegreesOfFreedom);

    public static void Solve<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        var change = Block.Change(a, b, impulse, parameters, scratch, DegreesOfFreedom);
        change.Put(0, LimitedImpulse.AccumulatePositive(impulse, change.Scalar(0)));
        Block.Apply(a, b, change, scratch, DegreesOfFreedom);
    }

    [MethodImpl(Stage.Cut)]
    private static void Direction<T>(in Vec3<T> armA, in Vec3<T> armB, in Vec3<T> apart, Rows<T> parameters, Rows<T> scratch, float inverseH) where T : unmanaged, ILane<T>
    {
        T distance = T.Sqrt(apart.LengthSquared);
        T below = parameters.Scalar(Minimum) - distance, above = distance - parameters.Scalar(Maximum);
        T lower = T.Abs(below) < T.Abs(above);
        var direction = apart * (T.Select(lower, T.Of(-1), T.Of(1)) / distance);
        direction = Vec3<T>.Select(distance < T.Of(1e-9f), new Vec3<T>(T.Of(1), T.Of(0), T.Of(0)), direction);
        T bias = ServoRule.LimitBias(T.Select(lower, below, above), parameters.Scalar(SoftnessRows.ErrorToVelocity), inverseH);
        Block.Put(scratch, 0, direction, Vec3<T>.Cross(armA, direction), Vec3<T>.Cross(direction, armB), bias);
    }
}

/// <summary>Parameters: servo, offsets in A and B, line's direction in A, two axes of A at right angles to it; all vectors.</summary>
internal readonly struct PointOnLineServoKernel : IJointKernel
{
    private const int OffsetA = ServoRows.Count, OffsetB = OffsetA + 3, Line = OffsetB + 3, First = Line + 3, Second = First + 3;

    public static int DegreesOfFreedom => 2;
    public static int ParameterRows => Second + 3;
    public static int ScratchRows => Block.ScratchRows(DegreesOfFreedom);

    public static void Prepare<T>(Rows<T> a, Rows<T> b, Rows<T> parameters, Rows<T> scratch, in SubstepTiming timing) where T : unmanaged, ILane<T>
    {
        var armB = Quat<T>.Rotate(b.Quaternion(BodyRows.Orientation), parameters.Vector(OffsetB));
        var anchorB = b.Vector(BodyRows.Position) - a.Vector(BodyRows.Position) + armB;
        Nearest(a, in anchorB, parameters, out var armA, out var apart);
        Tangents(a, in armA, in armB, in apart, parameters, scratch, timing.InverseH);
        Block.Factor(a, b, scratch, DegreesOfFreedom);
    }

    public static void WarmStart<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
        => Block.WarmStart(a, b, impulse, scratch, DegreesOfFreedom);

    public static void Solve<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        var change = Block.Change(a, b, impulse, parameters, scratch, DegreesOfFreedom);
        T x = impulse.Scalar(0), y = impulse.Scalar(1);
        T sumX = x + change.Scalar(0), sumY = y + change.Scalar(1);
        T scale = ServoRule.LimitScale(T.Sqrt(T.Fma(sumX, sumX, sumY * sumY)), parameters.Scalar(ServoRows.MaximumImpulse));
        sumX *= scale;
        sumY *= scale;
        impulse.Put(0, sumX);
        impulse.Put(1, sumY);
        change.Put(0, sumX - x);
        change.Put(1, sumY - y);
        Block.Apply(a, b, change, scratch, DegreesOfFreedom);
    }

    /// <summary>A's arm to the point of its line nearest to B's anchor, and the way from the line's start to that anchor.</summary>
    [MethodImpl(Stage.Cut)]
    private static void Nearest<T>(Rows<T> a, in Vec3<T> anchorB, Rows<T> parameters, out Vec3<T> arm, out Vec3<T> apart) where T : unmanaged, ILane<T>
    {
        var turn = a.Quaternion(BodyRows.Orientation);
        var start = Quat<T>.Rotate(turn, parameters.Vector(OffsetA));
        var line = Quat<T>.Rotate(turn, parameters.Vector(Line));
        apart = anchorB - start;
        arm = Vec3<T>.AddScaled(start, Vec3<T>.Dot(apart, line), line);
    }

    [MethodImpl(Stage.Cut)]
    private static void Tangents<T>(Rows<T> a, in Vec3<T> armA, in Vec3<T> armB, in Vec3<T> apart, Rows<T> parameters, Rows<T> scratch, float inverseH) where T : unmanaged, ILane<T>
    {
        var turn = a.Quaternion(BodyRows.Orientation);
        var first = Quat<T>.Rotate(turn, parameters.Vector(First));
        var second = Quat<T>.Rotate(turn, parameters.Vector(Second));
        T x = Vec3<T>.Dot(apart, first), y = Vec3<T>.Dot(apart, second);
        T scale = ServoRule.BiasScale(T.Sqrt(T.Fma(x, x, y * y)), parameters, inverseH);
        Block.Put(scratch, 0, first, Vec3<T>.Cross(armA, first), Vec3<T>.Cross(first, armB), x * scale);
        Block.Put(scratch, 1, second, Vec3<T>.Cross(armA, second), Vec3<T>.Cross(second, armB), y * scale);
    }
}

/// <summary>The three degrees that hold anchors together, from the first on.</summary>
internal static class Anchor
{
    /// <param name="a">A's rows.</param>
    /// <param name="b">B's rows.</param>
    /// <param name="offsets">Offset in A, offset in B.</param>
    /// <param name="errorToVelocity">1/s.</param>
    /// <param name="scratch">Written.</param>
    [MethodImpl(Stage.Cut)]
    public static void Put<T>(Rows<T> a, Rows<T> b, Rows<T> offsets, in T errorToVelocity, Rows<T> scratch) where T : unmanaged, ILane<T>
    {
        var armA = Quat<T>.Rotate(a.Quaternion(BodyRows.Orientation), offsets.Vector(0));
        var armB = Quat<T>.Rotate(b.Quaternion(BodyRows.Orientation), offsets.Vector(3));
        var bias = (b.Vector(BodyRows.Position) - a.Vector(BodyRows.Position) + (armB - armA)) * errorToVelocity;
        Block.PutPoint(scratch, 0, in armA, in armB, in bias);
    }
}
