using Sim.Physics.Numerics;

namespace Sim.Environments.SurgicalGym;

/// <summary>
/// The source lays its environments out in a square grid and observes the tip in the coordinates of the whole. Here an
/// environment's cell follows from its seed: seed modulo 4096, in rows of 64, about the middle, so that a batch with
/// seeds from 0 is the source's.
/// </summary>
internal static class SourceGrid
{
    private const int Side = 64, BitsOfSide = 6;

    /// <summary>A point of a lane's own frame in the coordinates of the grid, m.</summary>
    public static void Place<T>(in Vec3<T> point, in LaneRandom<T> random, float spacing, out Vec3<T> inGrid) where T : unmanaged, ILane<T>
    {
        T mask = T.OfBits(Side - 1);
        T row = T.FromBits(T.ShiftRightBits(random.SeedLow, BitsOfSide) & mask), column = T.FromBits(random.SeedLow & mask);
        T middle = T.Of(0.5f * (Side - 1));
        inGrid.X = T.Fma(row - middle, T.Of(spacing), point.X);
        inGrid.Y = T.Fma(column - middle, T.Of(spacing), point.Y);
        inGrid.Z = point.Z;
    }
}
