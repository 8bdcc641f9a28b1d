using System.Runtime.CompilerServices;

namespace Sim.Physics.Numerics;

/// <summary>A coordinate frame seen from another: where its origin is and which way its axes point.</summary>
public struct Frame<T> where T : unmanaged, ILane<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public Vec3<T> Origin;
    public Rotation<T> Axes;

    /// <summary>A point of the frame, in the outer frame.</summary>
    [MethodImpl(Inline)]
    public static Vec3<T> Apply(in Frame<T> frame, Vec3<T> point) => frame.Origin + Rotation<T>.Apply(in frame.Axes, point);

    /// <summary>A point of the outer frame, in the frame.</summary>
    [MethodImpl(Inline)]
    public static Vec3<T> ApplyBack(in Frame<T> frame, Vec3<T> point) => Rotation<T>.ApplyBack(in frame.Axes, point - frame.Origin);

    /// <summary>a·b: a frame b of the frame a, in the frame from which a is seen.</summary>
    [MethodImpl(Inline)]
    public static void Multiply(in Frame<T> a, in Frame<T> b, out Frame<T> product)
    {
        Rotation<T>.Multiply(in a.Axes, in b.Axes, out product.Axes);
        product.Origin = Apply(in a, b.Origin);
    }

    /// <summary>a⁻¹·b: the frame b as seen from the frame a.</summary>
    [MethodImpl(Inline)]
    public static void MultiplyBack(in Frame<T> a, in Frame<T> b, out Frame<T> product)
    {
        Rotation<T>.MultiplyBack(in a.Axes, in b.Axes, out product.Axes);
        product.Origin = ApplyBack(in a, b.Origin);
    }
}
