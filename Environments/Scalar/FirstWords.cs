using Sim.Physics.Numerics;

namespace Sim.Environments.Scalar;

/// <summary>
/// The first block of draws of a bundle of lanes at once: most steps need no second, and the generator is worth more
/// than a game's rules when it runs for one lane at a time.
/// </summary>
internal static unsafe class FirstWords
{
    /// <summary>Lanes of a bundle.</summary>
    public const int Lanes = 16;

    /// <summary>Draws the four first words of <see cref="Lanes"/> lanes.</summary>
    /// <param name="seedLow">Low words of the seeds.</param>
    /// <param name="seedHigh">High words of the seeds.</param>
    /// <param name="episode">Episode numbers.</param>
    /// <param name="step">Control steps since the episodes' starts.</param>
    /// <param name="words">Takes <c>[4, Lanes]</c> words.</param>
    public static void Draw<T>(uint* seedLow, uint* seedHigh, uint* episode, int* step, uint* words) where T : unmanaged, ILane<T>
    {
        for (int lane = 0; lane < Lanes; lane += T.Width)
        {
            T c0 = T.OfBits(0), c1 = T.Load((float*)step + lane), c2 = T.Load((float*)episode + lane), c3 = T.OfBits((uint)RandomStream.Game);
            Philox.Scramble(ref c0, ref c1, ref c2, ref c3, T.Load((float*)seedLow + lane), T.Load((float*)seedHigh + lane));
            float* target = (float*)words + lane;
            T.Store(c0, target);
            T.Store(c1, target + Lanes);
            T.Store(c2, target + (2 * Lanes));
            T.Store(c3, target + (3 * Lanes));
        }
    }
}
