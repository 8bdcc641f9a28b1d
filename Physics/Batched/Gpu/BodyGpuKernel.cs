using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Gpu;

/// <summary>A substep as a launch passes it.</summary>
/// <param name="H">Seconds.</param>
/// <param name="LinearFactor">What damping leaves of a linear velocity.</param>
/// <param name="AngularFactor">What damping leaves of an angular velocity.</param>
/// <param name="X">Gravity, m/s².</param>
/// <param name="Y">Gravity, m/s².</param>
/// <param name="Z">Gravity, m/s².</param>
internal readonly record struct GpuMotion(float H, float LinearFactor, float AngularFactor, float X, float Y, float Z);

/// <summary>The stages of one body on a GPU: one thread, one environment. The same methods that the CPU runs.</summary>
internal static class BodyGpuKernel
{
    public static void MovePose(GpuTile tile, int body, GpuMotion motion)
    {
        int environment = GpuTile.Environment;
        if (environment >= tile.Count) return;
        BodyMotion.MovePose(tile.RowsOf(environment).From(body), LaneGpu.Of(motion.H));
    }

    public static void TurnAxialInertia(GpuTile tile, int body)
    {
        int environment = GpuTile.Environment;
        if (environment >= tile.Count) return;
        BodyMotion.TurnAxialInertia(tile.RowsOf(environment).From(body));
    }

    public static void TurnDiagonalInertia(GpuTile tile, int body)
    {
        int environment = GpuTile.Environment;
        if (environment >= tile.Count) return;
        BodyMotion.TurnDiagonalInertia(tile.RowsOf(environment).From(body));
    }

    public static void TurnInertia(GpuTile tile, int body)
    {
        int environment = GpuTile.Environment;
        if (environment >= tile.Count) return;
        BodyMotion.TurnInertia(tile.RowsOf(environment).From(body));
    }

    public static void ConserveMomentum(GpuTile tile, int body, GpuMotion motion)
    {
        int environment = GpuTile.Environment;
        if (environment >= tile.Count) return;
        var rows = tile.RowsOf(environment).From(body);
        AngularMomentum.TurnedBack(rows, LaneGpu.Of(motion.H), out var earlier);
        AngularMomentum.Conserve(rows, in earlier);
    }

    public static void Gyroscopic(GpuTile tile, int body, GpuMotion motion)
    {
        int environment = GpuTile.Environment;
        if (environment >= tile.Count) return;
        AngularMomentum.Gyroscopic(tile.RowsOf(environment).From(body), LaneGpu.Of(motion.H));
    }

    public static void Accelerate(GpuTile tile, int body, GpuMotion motion)
    {
        int environment = GpuTile.Environment;
        if (environment >= tile.Count) return;
        var gravity = new Vec3<LaneGpu>(LaneGpu.Of(motion.X), LaneGpu.Of(motion.Y), LaneGpu.Of(motion.Z));
        var step = new MotionStep<LaneGpu>(LaneGpu.Of(motion.H), LaneGpu.Of(motion.LinearFactor), LaneGpu.Of(motion.AngularFactor), gravity);
        BodyMotion.AccelerateUnderWrench(tile.RowsOf(environment).From(body), in step);
    }
}
