using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Camera;

/// <summary>Where a target is in the endoscope's square picture of 60°, by the projection of its centre.</summary>
public struct TargetView<T> where T : unmanaged, ILane<T>
{
    /// <summary>1/tan(30°).</summary>
    private const float FocalLength = 1.7320508075688772f;

    private const float Near = 0.01f, Far = 10f;

    /// <summary>1 where the centre is in the picture, else 0.</summary>
    public T InView;

    /// <summary>The centre: −1 to 1 from left to right and from top to bottom, beyond where it is out of view.</summary>
    public T X, Y;

    /// <summary>Projects a point; behind the camera it counts as 1 cm ahead, so that its side stays right.</summary>
    /// <param name="eef">The EEF: the eye. It looks along z, x is up and y right.</param>
    /// <param name="target">In the frame from which <paramref name="eef"/> is seen, m.</param>
    /// <param name="view">What is seen.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Of(in Frame<T> eef, Vec3<T> target, out TargetView<T> view)
    {
        var seen = Frame<T>.ApplyBack(in eef, target);
        T scale = FocalLength / T.Max(seen.Z, T.Of(Near));
        view.X = seen.Y * scale;
        view.Y = -(seen.X * scale);
        T inside = (T.Abs(view.X) <= 1f) & (T.Abs(view.Y) <= 1f) & (seen.Z >= Near) & (seen.Z <= Far);
        view.InView = inside & T.Of(1);
    }

    /// <summary>Distance of the centre from the middle of the picture.</summary>
    public readonly T Error { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => T.Sqrt(T.Fma(X, X, Y * Y)); }
}
