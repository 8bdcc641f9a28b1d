using Sim.Physics.Numerics;

namespace Sim.Tests.Physics.Numerics;

/// <summary>Inputs of the lane tests: every pair of the special values, then random bit patterns and everyday numbers.</summary>
internal static class LaneSamples
{
    private static readonly float[] Special =
    [
        0f, -0f, 1f, -1f, 0.5f, -0.5f, 1.5f, -1.5f, 2.5f, -2.5f, MathF.PI, -MathF.PI, 100.25f, -8191.7f,
        float.Epsilon, -float.Epsilon, 1.1754942e-38f, 1.17549435e-38f, -1.17549435e-38f, 8388607.5f, 8388609f,
        -16777216f, 2147483520f, -2147483520f, 4e9f, float.MaxValue, float.MinValue, 88.72283f, 88.7229f, -87.33654f,
        -87.3366f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, -float.NaN,
        BitConverter.UInt32BitsToSingle(0x7FC12345),
    ];

    private static readonly int Count = ((Special.Length * Special.Length) + (16 * 2048)) / 16 * 16;

    public static float[] A { get; } = [.. Enumerable.Range(0, Count).Select(i => At(i, 0))];
    public static float[] B { get; } = [.. Enumerable.Range(0, Count).Select(i => At(i, 1))];
    public static float[] C { get; } = [.. Enumerable.Range(0, Count).Select(i => At(i, 2))];

    /// <summary>A random 32-bit word for each (index, column).</summary>
    public static uint Word(int index, int column)
    {
        Lane1 c0 = Lane1.OfBits((uint)index), c1 = Lane1.OfBits((uint)column), c2 = Lane1.OfBits(0), c3 = Lane1.OfBits(0);
        Philox.Scramble(ref c0, ref c1, ref c2, ref c3, Lane1.OfBits(7), Lane1.OfBits(11));
        return BitConverter.SingleToUInt32Bits(c0.Value);
    }

    private static float At(int index, int column)
    {
        if (index < Special.Length * Special.Length)
        {
            int turn = column switch { 0 => index, 1 => index / Special.Length, _ => index * 7 / 3 };
            return Special[turn % Special.Length];
        }
        uint word = Word(index, column);
        return (index & 1) == 0 ? BitConverter.UInt32BitsToSingle(word) : ((word >> 8) - 8388608f) / 1048576f;
    }
}
