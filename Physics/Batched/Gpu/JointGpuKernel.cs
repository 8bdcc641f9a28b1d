using Sim.Physics.Batched.Joints;

namespace Sim.Physics.Batched.Gpu;

/// <summary>The stages of one joint on a GPU: one thread, one environment. The same methods that the CPU runs.</summary>
internal static class JointGpuKernel<TKernel> where TKernel : struct, IJointKernel
{
    /// <summary>Computes the Jacobian and applies the accumulated impulse.</summary>
    public static void Begin(GpuTile tile, JointPlace place, SubstepTiming timing)
    {
        int environment = GpuTile.Environment;
        if (environment >= tile.Count) return;
        var rows = tile.RowsOf(environment);
        var scratch = tile.ScratchOf(environment).From(place.Scratch);
        TKernel.Prepare(rows.From(place.A), rows.From(place.B), rows.From(place.Parameters), scratch, in timing);
        TKernel.WarmStart(rows.From(place.A), rows.From(place.B), rows.From(place.First), rows.From(place.Parameters), scratch);
    }

    /// <summary>One velocity iteration.</summary>
    public static void Solve(GpuTile tile, JointPlace place)
    {
        int environment = GpuTile.Environment;
        if (environment >= tile.Count) return;
        var rows = tile.RowsOf(environment);
        TKernel.Solve(rows.From(place.A), rows.From(place.B), rows.From(place.First), rows.From(place.Parameters), tile.ScratchOf(environment).From(place.Scratch));
    }
}
