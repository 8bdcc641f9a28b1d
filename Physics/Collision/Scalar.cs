using System.Runtime.CompilerServices;

namespace Sim.Physics.Collision;

/// <summary>
/// Minimum, maximum and clamp as one instruction each. MathF.Min and MathF.Max cost ten, because they order zeros and pass NaN on;
/// the kernels need neither, they refuse NaN where they compare.
/// </summary>
internal static class Scalar
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)] public static float Min(float a, float b) => float.MinNative(a, b);

    [MethodImpl(Inline)] public static float Max(float a, float b) => float.MaxNative(a, b);

    /// <summary>The value limited to [-limit, limit].</summary>
    [MethodImpl(Inline)] public static float Clamp(float value, float limit) => Max(-limit, Min(limit, value));
}
