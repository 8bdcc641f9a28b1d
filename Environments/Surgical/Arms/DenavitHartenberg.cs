using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Arms;

/// <summary>
/// Rows of modified Denavit-Hartenberg tables, RotX(α)·TransX(a)·RotZ(θ)·TransZ(d) (J. J. Craig, Introduction to
/// Robotics), of arms whose twists α are right angles.
/// </summary>
public static class DenavitHartenberg
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>A row with α = 0.</summary>
    /// <param name="frame">The frame before the row, then behind it.</param>
    /// <param name="length">a.</param>
    /// <param name="depth">d.</param>
    /// <param name="sin">Sine of θ.</param>
    /// <param name="cos">Cosine of θ.</param>
    [MethodImpl(Inline)]
    public static void Straight<T>(ref Frame<T> frame, float length, T depth, T sin, T cos) where T : unmanaged, ILane<T>
    {
        frame.Origin = Vec3<T>.AddScaled(Vec3<T>.AddScaled(frame.Origin, T.Of(length), frame.Axes.X), depth, frame.Axes.Z);
        Rotation<T>.TurnZ(ref frame.Axes, sin, cos);
    }

    /// <summary>A row with α = +π/2; parameters as those of <see cref="Straight"/>.</summary>
    [MethodImpl(Inline)]
    public static void TwistUp<T>(ref Frame<T> frame, float length, T depth, T sin, T cos) where T : unmanaged, ILane<T>
    {
        frame.Axes = new Rotation<T>(frame.Axes.X, frame.Axes.Z, -frame.Axes.Y);
        Straight(ref frame, length, depth, sin, cos);
    }

    /// <summary>A row with α = −π/2; parameters as those of <see cref="Straight"/>.</summary>
    [MethodImpl(Inline)]
    public static void TwistDown<T>(ref Frame<T> frame, float length, T depth, T sin, T cos) where T : unmanaged, ILane<T>
    {
        frame.Axes = new Rotation<T>(frame.Axes.X, -frame.Axes.Z, frame.Axes.Y);
        Straight(ref frame, length, depth, sin, cos);
    }
}
