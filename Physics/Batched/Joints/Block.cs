using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Joints;

/// <summary>
/// Up to six degrees of freedom solved together. Degree k has a linear direction n on A (and −n on B), an angular
/// direction on A and one on B: J v = n·(vA − vB) + p·wA + q·wB. The matrix J W Jᵀ is factored into L·D·Lᵀ.
/// </summary>
internal static class Block
{
    /// <summary>Rows of one degree of freedom.</summary>
    private const int Width = 10;

    private const int Linear = 0, AngularA = 3, AngularB = 6, BiasRow = 9;

    /// <summary>Scratch of a joint with <paramref name="degrees"/> degrees of freedom: them, the factors, a vector to solve.</summary>
    public static int ScratchRows(int degrees) => (degrees * Width) + (degrees * (degrees + 1) / 2) + degrees;

    [MethodImpl(Stage.Inline)]
    public static void Put<T>(Rows<T> scratch, int degree, Vec3<T> linear, Vec3<T> angularA, Vec3<T> angularB, T bias) where T : unmanaged, ILane<T>
    {
        var rows = scratch.From(degree * Width);
        rows.Put(Linear, linear);
        rows.Put(AngularA, angularA);
        rows.Put(AngularB, angularB);
        rows.Put(BiasRow, bias);
    }

    /// <summary>Three degrees that hold A's point at <paramref name="armA"/> at B's at <paramref name="armB"/>, from <paramref name="degree"/> on.</summary>
    [MethodImpl(Stage.Cut)]
    public static void PutPoint<T>(Rows<T> scratch, int degree, in Vec3<T> armA, in Vec3<T> armB, in Vec3<T> bias) where T : unmanaged, ILane<T>
    {
        T zero = T.Of(0), one = T.Of(1);
        // (w × r)·e = w·(r × e)
        Put(scratch, degree, new Vec3<T>(one, zero, zero), new Vec3<T>(zero, armA.Z, -armA.Y), new Vec3<T>(zero, -armB.Z, armB.Y), bias.X);
        Put(scratch, degree + 1, new Vec3<T>(zero, one, zero), new Vec3<T>(-armA.Z, zero, armA.X), new Vec3<T>(armB.Z, zero, -armB.X), bias.Y);
        Put(scratch, degree + 2, new Vec3<T>(zero, zero, one), new Vec3<T>(armA.Y, -armA.X, zero), new Vec3<T>(-armB.Y, armB.X, zero), bias.Z);
    }

    /// <summary>One degree that keeps A and B from turning against each other about an axis.</summary>
    [MethodImpl(Stage.Inline)]
    public static void PutAxis<T>(Rows<T> scratch, int degree, Vec3<T> axis, T bias) where T : unmanaged, ILane<T>
        => Put(scratch, degree, Vec3<T>.Zero, axis, -axis, bias);

    /// <summary>Builds and factors the matrix once all degrees stand in scratch.</summary>
    public static void Factor<T>(Rows<T> a, Rows<T> b, Rows<T> scratch, int degrees) where T : unmanaged, ILane<T>
    {
        var factors = scratch.From(degrees * Width);
        for (int i = 0; i < degrees; i++)
        {
            Column(a, b, scratch, factors, degrees, i);
        }
        for (int i = 0; i < degrees; i++)
        {
            for (int j = 0; j < i; j++) Eliminate(factors, i, j);
            Pivot(factors, i);
        }
    }

    public static void WarmStart<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> scratch, int degrees) where T : unmanaged, ILane<T>
        => Apply(a, b, impulse, scratch, degrees);

    /// <summary>Leaves the unclamped change of the impulse in the returned rows.</summary>
    public static Rows<T> Change<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch, int degrees) where T : unmanaged, ILane<T>
    {
        var factors = scratch.From(degrees * Width);
        var change = factors.From(degrees * (degrees + 1) / 2);
        for (int i = 0; i < degrees; i++) change.Put(i, Missing(a, b, scratch.From(i * Width)));
        for (int i = 0; i < degrees; i++)
        {
            T value = change.Scalar(i);
            for (int j = 0; j < i; j++) value = T.Fnma(factors.Scalar(Index(i, j)), change.Scalar(j), value);
            change.Put(i, value);
        }
        // The pivots stand inverted.
        for (int i = 0; i < degrees; i++) change.Put(i, change.Scalar(i) * factors.Scalar(Index(i, i)));
        for (int i = degrees - 1; i >= 0; i--)
        {
            T value = change.Scalar(i);
            for (int j = i + 1; j < degrees; j++) value = T.Fnma(factors.Scalar(Index(j, i)), change.Scalar(j), value);
            change.Put(i, value);
        }
        T scale = parameters.Scalar(SoftnessRows.MassScale), softness = parameters.Scalar(SoftnessRows.Softness);
        for (int i = 0; i < degrees; i++) change.Put(i, T.Fms(change.Scalar(i), scale, softness * impulse.Scalar(i)));
        return change;
    }

    /// <summary>One iteration without a limit.</summary>
    public static void Solve<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> parameters, Rows<T> scratch, int degrees) where T : unmanaged, ILane<T>
    {
        var change = Change(a, b, impulse, parameters, scratch, degrees);
        for (int i = 0; i < degrees; i++) impulse.Put(i, impulse.Scalar(i) + change.Scalar(i));
        Apply(a, b, change, scratch, degrees);
    }

    /// <summary>Applies an impulse given in constraint space.</summary>
    [MethodImpl(Stage.Cut)]
    public static void Apply<T>(Rows<T> a, Rows<T> b, Rows<T> impulse, Rows<T> scratch, int degrees) where T : unmanaged, ILane<T>
    {
        Vec3<T> linear = Vec3<T>.Zero, angularA = Vec3<T>.Zero, angularB = Vec3<T>.Zero;
        for (int i = 0; i < degrees; i++)
        {
            var rows = scratch.From(i * Width);
            T size = impulse.Scalar(i);
            linear = Vec3<T>.AddScaled(linear, size, rows.Vector(Linear));
            angularA = Vec3<T>.AddScaled(angularA, size, rows.Vector(AngularA));
            angularB = Vec3<T>.AddScaled(angularB, size, rows.Vector(AngularB));
        }
        Push(a, in linear, in angularA);
        linear = -linear;
        Push(b, in linear, in angularB);
    }

    [MethodImpl(Stage.Cut)]
    private static void Push<T>(Rows<T> body, in Vec3<T> linear, in Vec3<T> angular) where T : unmanaged, ILane<T>
    {
        body.Put(BodyRows.LinearVelocity, Vec3<T>.AddScaled(body.Vector(BodyRows.LinearVelocity), body.Scalar(BodyRows.InverseMass), linear));
        body.Put(BodyRows.AngularVelocity, body.Vector(BodyRows.AngularVelocity) + (body.Symmetric(BodyRows.InverseInertia) * angular));
    }

    [MethodImpl(Stage.Inline)]
    private static T Missing<T>(Rows<T> a, Rows<T> b, Rows<T> rows) where T : unmanaged, ILane<T>
    {
        T velocity = Vec3<T>.Dot(rows.Vector(Linear), a.Vector(BodyRows.LinearVelocity) - b.Vector(BodyRows.LinearVelocity));
        velocity += Vec3<T>.Dot(rows.Vector(AngularA), a.Vector(BodyRows.AngularVelocity));
        velocity += Vec3<T>.Dot(rows.Vector(AngularB), b.Vector(BodyRows.AngularVelocity));
        return rows.Scalar(BiasRow) - velocity;
    }

    [MethodImpl(Stage.Cut)]
    private static void Column<T>(Rows<T> a, Rows<T> b, Rows<T> scratch, Rows<T> factors, int degrees, int i) where T : unmanaged, ILane<T>
    {
        var rows = scratch.From(i * Width);
        var turnA = a.Symmetric(BodyRows.InverseInertia) * rows.Vector(AngularA);
        var turnB = b.Symmetric(BodyRows.InverseInertia) * rows.Vector(AngularB);
        var move = rows.Vector(Linear) * (a.Scalar(BodyRows.InverseMass) + b.Scalar(BodyRows.InverseMass));
        for (int j = i; j < degrees; j++)
        {
            var other = scratch.From(j * Width);
            factors.Put(Index(j, i), Vec3<T>.Dot(move, other.Vector(Linear)) + Vec3<T>.Dot(turnA, other.Vector(AngularA)) + Vec3<T>.Dot(turnB, other.Vector(AngularB)));
        }
    }

    /// <summary>Entry (i, j) of L times pivot j; earlier entries of the row still carry their pivots.</summary>
    [MethodImpl(Stage.Inline)]
    private static void Eliminate<T>(Rows<T> factors, int i, int j) where T : unmanaged, ILane<T>
    {
        T value = factors.Scalar(Index(i, j));
        for (int k = 0; k < j; k++) value = T.Fnma(factors.Scalar(Index(i, k)), factors.Scalar(Index(j, k)), value);
        factors.Put(Index(i, j), value);
    }

    /// <summary>Divides row i by the pivots and stores the inverse of its own.</summary>
    [MethodImpl(Stage.Inline)]
    private static void Pivot<T>(Rows<T> factors, int i) where T : unmanaged, ILane<T>
    {
        T pivot = factors.Scalar(Index(i, i));
        for (int j = 0; j < i; j++)
        {
            T scaled = factors.Scalar(Index(i, j));
            T entry = scaled * factors.Scalar(Index(j, j));
            pivot = T.Fnma(scaled, entry, pivot);
            factors.Put(Index(i, j), entry);
        }
        factors.Put(Index(i, i), T.Of(1) / pivot);
    }

    private static int Index(int row, int column) => (row * (row + 1) / 2) + column;
}
