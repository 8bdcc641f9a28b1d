using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Environments.Quadrotors;

/// <summary>A place, or a direction, in the world, m.</summary>
public struct Point<T> where T : unmanaged, ILane<T>
{
    public T X, Y, Z;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Point<T> Of(T x, T y, T z)
    {
        Point<T> point;
        (point.X, point.Y, point.Z) = (x, y, z);
        return point;
    }

    /// <summary><paramref name="a"/> in lanes whose mask is set, <paramref name="b"/> elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Point<T> Select(T mask, in Point<T> a, in Point<T> b)
        => Of(T.Select(mask, a.X, b.X), T.Select(mask, a.Y, b.Y), T.Select(mask, a.Z, b.Z));

    /// <summary>Square of the distance to <paramref name="other"/>, m².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T SquaredDistance(in Point<T> other)
    {
        T x = X - other.X, y = Y - other.Y, z = Z - other.Z;
        return T.Fma(x, x, T.Fma(y, y, z * z));
    }

    /// <summary>
    /// This place as seen from the vehicle, in the world's axes, by what <paramref name="view"/> knows of where the
    /// vehicle is: noise on its position error is noise here too.
    /// </summary>
    /// <param name="view">What the actor sees, with its error to <paramref name="target"/>.</param>
    /// <param name="target">The place to which that error refers.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Point<T> SeenBy(in QuadrotorView<T> view, in Point<T> target)
        => Of(X - target.X - view.PositionErrorX, Y - target.Y - view.PositionErrorY, Z - target.Z - view.PositionErrorZ);
}
