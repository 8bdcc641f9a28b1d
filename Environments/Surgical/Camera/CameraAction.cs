using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Camera;

/// <summary>Three numbers in [−1, 1]: a step or a velocity along the axes of the task.</summary>
public struct CameraAction<T> where T : unmanaged, ILane<T>
{
    public T X, Y, Z;

    /// <summary>The action within its limits, as a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vec3<T> Clipped() => new(LaneMath.Clamp(X, 1), LaneMath.Clamp(Y, 1), LaneMath.Clamp(Z, 1));

    /// <summary>How many of the numbers are beyond their limits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Beyond()
    {
        T one = T.Of(1);
        return ((T.Abs(X) > one) & one) + ((T.Abs(Y) > one) & one) + ((T.Abs(Z) > one) & one);
    }
}

/// <summary>What the camera tasks tell beside their observations.</summary>
public struct CameraInfo<T> where T : unmanaged, ILane<T>
{
    /// <summary>Numbers of this episode's actions that were outside [−1, 1].</summary>
    public T ClippedActions;
}

/// <summary>Limits of <see cref="CameraInfo{T}"/>.</summary>
internal static class CameraInfo
{
    public static IReadOnlyDictionary<string, (float Low, float High)> Bounds(int episodeSteps, int actionSize)
        => new Dictionary<string, (float, float)> { ["clipped_actions"] = (0, (float)episodeSteps * actionSize) };
}
