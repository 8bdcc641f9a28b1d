using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched;

/// <summary>
/// A part of a tile's storage <c>[row, environment]</c>: row k holds the k-th float32 of every environment of the
/// tile. A vector takes three rows, a quaternion four (x, y, z, w), a symmetric matrix six (xx, yx, yy, zx, zy, zz).
/// </summary>
internal readonly unsafe struct Rows<T> where T : unmanaged, ILane<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly float* _first;

    [MethodImpl(Inline)]
    public Rows(float* first) => _first = first;

    /// <summary>The rows from <paramref name="row"/> on.</summary>
    [MethodImpl(Inline)] public Rows<T> From(int row) => new(At(row));

    [MethodImpl(Inline)] public T Scalar(int row) => T.Load(At(row));
    [MethodImpl(Inline)] public Vec3<T> Vector(int row) => new(Scalar(row), Scalar(row + 1), Scalar(row + 2));
    [MethodImpl(Inline)] public Quat<T> Quaternion(int row) => new(Scalar(row), Scalar(row + 1), Scalar(row + 2), Scalar(row + 3));

    [MethodImpl(Inline)]
    public Sym3<T> Symmetric(int row)
    {
        Sym3<T> matrix;
        matrix.XX = Scalar(row);
        matrix.YX = Scalar(row + 1);
        matrix.YY = Scalar(row + 2);
        matrix.ZX = Scalar(row + 3);
        matrix.ZY = Scalar(row + 4);
        matrix.ZZ = Scalar(row + 5);
        return matrix;
    }

    [MethodImpl(Inline)] public void Put(int row, T value) => T.Store(value, At(row));

    [MethodImpl(Inline)]
    public void Put(int row, Vec3<T> value)
    {
        Put(row, value.X);
        Put(row + 1, value.Y);
        Put(row + 2, value.Z);
    }

    [MethodImpl(Inline)]
    public void Put(int row, Quat<T> value)
    {
        Put(row, value.X);
        Put(row + 1, value.Y);
        Put(row + 2, value.Z);
        Put(row + 3, value.W);
    }

    [MethodImpl(Inline)]
    public void Put(int row, Sym3<T> value)
    {
        Put(row, value.XX);
        Put(row + 1, value.YX);
        Put(row + 2, value.YY);
        Put(row + 3, value.ZX);
        Put(row + 4, value.ZY);
        Put(row + 5, value.ZZ);
    }

    [MethodImpl(Inline)] private float* At(int row) => _first + (row * T.TileWidth);
}
