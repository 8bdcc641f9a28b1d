using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Camera;

/// <summary>
/// How far the endoscope's picture is turned against the surgeon's natural line of sight, which is the camera at joints
/// zero: the world's x and y axes at the place that the camera looks at on z = 0 are drawn in both pictures, and the
/// rotation between the two drawings is the angle.
/// </summary>
public static class Misorientation
{
    private const float Cos30 = 0.8660254037844386f;

    /// <summary>Length of the axes that are drawn, m.</summary>
    private const float AxisLength = 0.1f;

    /// <summary>The reference camera in the world: its place, and its axes x = −y, y = (−cos 30°, 0, ½), z = (−½, 0, −cos 30°).</summary>
    private const float
        ReferenceX = -0.05f + 0.6126f * Cos30 + 0.1016f * 0.5f - 0.0207f * 0.5f,
        ReferenceZ = 1.0024f - 0.6126f * 0.5f + 0.1016f * Cos30 - 0.0207f * Cos30;

    /// <summary>
    /// The angle in rad, positive where a positive roll lessens it; within ±π.
    /// </summary>
    /// <param name="camera">In the world, looking down.</param>
    /// <remarks>
    /// The map M from one drawing to the other is a rotation times a stretch; its rotation, U·Vᵀ of the singular value
    /// decomposition, has the tangent (M₁₀ − M₀₁)/(M₀₀ + M₁₁). Focal lengths only scale M and drop out.
    /// </remarks>
    public static T Angle<T>(in Frame<T> camera) where T : unmanaged, ILane<T>
    {
        T distance = -(camera.Origin.Z / camera.Axes.Z.Z);
        DrawAxes(in camera, distance, out T xAcross, out T xUp, out T yAcross, out T yUp);
        T lookX = T.Fma(distance, camera.Axes.Z.X, camera.Origin.X), lookY = T.Fma(distance, camera.Axes.Z.Y, camera.Origin.Y);
        DrawReference(lookX, lookY, out T rxAcross, out T rxUp, out T ryAcross, out T ryUp);

        // Reference drawing times the adjugate of the camera's, which is the inverse up to the determinant.
        T sine = T.Fms(rxUp, yUp, ryUp * xUp) - T.Fms(ryAcross, xAcross, rxAcross * yAcross);
        T cosine = T.Fms(rxAcross, yUp, ryAcross * xUp) + T.Fms(ryUp, xAcross, rxUp * yAcross);
        T turned = T.Fms(xAcross, yUp, yAcross * xUp) & T.OfBits(0x80000000);
        return -LaneMath.Atan2(sine ^ turned, cosine ^ turned);
    }

    /// <summary>The world's x and y axes in the camera's picture, whose middle they start from; in units of focal lengths.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void DrawAxes<T>(in Frame<T> camera, T distance, out T xAcross, out T xUp, out T yAcross, out T yUp)
        where T : unmanaged, ILane<T>
    {
        T perX = AxisLength / T.Fma(camera.Axes.Z.X, T.Of(AxisLength), distance);
        T perY = AxisLength / T.Fma(camera.Axes.Z.Y, T.Of(AxisLength), distance);
        xAcross = camera.Axes.X.X * perX;
        xUp = camera.Axes.Y.X * perX;
        yAcross = camera.Axes.X.Y * perY;
        yUp = camera.Axes.Y.Y * perY;
    }

    /// <summary>The same at (x, y, 0) of the world, in the reference's picture.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void DrawReference<T>(T x, T y, out T xAcross, out T xUp, out T yAcross, out T yUp) where T : unmanaged, ILane<T>
    {
        const float XUp = -Cos30 * AxisLength, XAhead = -0.5f * AxisLength, YAcross = -AxisLength;
        T dx = x - T.Of(ReferenceX);
        T across = -y;
        T up = T.Fma(dx, T.Of(-Cos30), T.Of(-ReferenceZ * 0.5f));
        T ahead = T.Fma(dx, T.Of(-0.5f), T.Of(ReferenceZ * Cos30));
        T perX = 1f / (ahead * (ahead + T.Of(XAhead))), perY = 1f / ahead;
        xAcross = -(across * XAhead * perX);
        xUp = T.Fms(ahead, T.Of(XUp), up * XAhead) * perX;
        yAcross = perY * YAcross;
        yUp = T.Of(0);
    }
}
