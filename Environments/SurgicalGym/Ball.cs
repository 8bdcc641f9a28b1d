using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Environments.SurgicalGym;

/// <summary>The ball to be touched, in the environment's frame, m. It collides with nothing.</summary>
public struct Ball<T> where T : unmanaged, ILane<T>
{
    /// <summary>From its mean, m.</summary>
    public Vec3<T> Offset;

    /// <summary>Way of one step, m.</summary>
    public Vec3<T> Momentum;

    /// <summary>Draws an episode's ball from the stream <see cref="RandomStream.Task"/>, at rest.</summary>
    public static void Draw(in LaneRandom<T> random, in BallSettings settings, out Ball<T> ball)
    {
        Normals(in random, settings.Deviation, out ball.Offset);
        ball.Momentum = Vec3<T>.Zero;
    }

    /// <summary>One step: a random push on the momentum, then the way, within limits that stop the way but not the momentum.</summary>
    public void Drift(in LaneRandom<T> random, in BallSettings settings)
    {
        Normals(in random, settings.Push, out var push);
        Drift(ref Offset.X, ref Momentum.X, push.X, settings.Reach);
        Drift(ref Offset.Y, ref Momentum.Y, push.Y, settings.Reach);
        Drift(ref Offset.Z, ref Momentum.Z, push.Z, settings.Reach);
    }

    /// <summary>From the ball's centre to <paramref name="tip"/>, m.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void ErrorOf(in Vec3<T> tip, float meanX, float meanY, float meanZ, out Vec3<T> error)
    {
        error.X = tip.X - (Offset.X + meanX);
        error.Y = tip.Y - (Offset.Y + meanY);
        error.Z = tip.Z - (Offset.Z + meanZ);
    }

    /// <summary>Sum of the components' sizes: the distance that every task here is judged by, m.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Distance(in Vec3<T> error) => T.Abs(error.X) + T.Abs(error.Y) + T.Abs(error.Z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Drift(ref T offset, ref T momentum, T push, float reach)
    {
        momentum += push;
        offset = LaneMath.Clamp(offset + momentum, reach);
    }

    private static void Normals(in LaneRandom<T> random, float deviation, out Vec3<T> normals)
    {
        var draws = random.Stream(RandomStream.Task);
        normals.X = draws.Normal() * deviation;
        normals.Y = draws.Normal() * deviation;
        normals.Z = draws.Normal() * deviation;
    }
}
