using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Environments.SurgicalGym;

/// <summary>What the tasks tell beside their observation.</summary>
public struct GymInfo<T> where T : unmanaged, ILane<T>
{
    /// <summary>Components of actions that lay outside [−1, 1] and were clipped, since the episode's start.</summary>
    public T ClippedActions;

    /// <summary>From the tip to the ball's centre, m.</summary>
    public T Distance;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Of(T clipped, in Vec3<T> error, out GymInfo<T> info)
    {
        info.ClippedActions = clipped;
        info.Distance = T.Sqrt(error.LengthSquared);
    }
}

/// <summary>Limits of <see cref="GymInfo{T}"/>, by field.</summary>
internal static class GymInfoBounds
{
    public static IReadOnlyDictionary<string, (float Low, float High)> All { get; } = new Dictionary<string, (float, float)>
    {
        ["clipped_actions"] = (0, float.PositiveInfinity),
        ["distance"] = (0, float.PositiveInfinity),
    };
}
