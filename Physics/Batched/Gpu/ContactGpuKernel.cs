using Sim.Physics.Batched.Contacts;
using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Gpu;

/// <summary>A contact slot as a launch passes it.</summary>
/// <param name="A">First row of body A.</param>
/// <param name="B">First row of body B.</param>
/// <param name="First">First row of the slot.</param>
/// <param name="Capacity">Contacts it holds.</param>
/// <param name="Scratch">First row in scratch.</param>
internal readonly record struct GpuSlot(int A, int B, int First, int Capacity, int Scratch);

/// <summary>The stages of one contact slot on a GPU: one thread, one environment. The same methods that the CPU runs.</summary>
internal static class ContactGpuKernel<TKernel, TPartner> where TKernel : struct, IContactKernel where TPartner : struct, IPartner
{
    /// <summary>Computes Jacobians and applies the accumulated impulses.</summary>
    public static void Begin(GpuTile tile, GpuSlot slot, ContactSpring spring, SubstepTiming timing)
    {
        int environment = GpuTile.Environment;
        if (environment >= tile.Count) return;
        var rows = tile.RowsOf(environment);
        var scratch = tile.ScratchOf(environment).From(slot.Scratch);
        TKernel.Prepare<LaneGpu, TPartner>(rows.From(slot.A), rows.From(slot.B), rows.From(slot.First), scratch, slot.Capacity, in spring, timing.InverseH);
        TKernel.WarmStart<LaneGpu, TPartner>(rows.From(slot.A), rows.From(slot.B), rows.From(slot.First), scratch, slot.Capacity);
    }

    /// <summary>One velocity iteration.</summary>
    public static void Solve(GpuTile tile, GpuSlot slot, ContactSpring spring, int legacyFriction)
    {
        int environment = GpuTile.Environment;
        if (environment >= tile.Count) return;
        var rows = tile.RowsOf(environment);
        TKernel.Solve<LaneGpu, TPartner>(rows.From(slot.A), rows.From(slot.B), rows.From(slot.First), tile.ScratchOf(environment).From(slot.Scratch),
            slot.Capacity, spring.Softness.Share, legacyFriction != 0);
    }

    /// <summary>Moves depths on by what velocities do in a substep.</summary>
    public static void Advance(GpuTile tile, GpuSlot slot, SubstepTiming timing)
    {
        int environment = GpuTile.Environment;
        if (environment >= tile.Count) return;
        var rows = tile.RowsOf(environment);
        TKernel.Advance<LaneGpu, TPartner>(rows.From(slot.A), rows.From(slot.B), rows.From(slot.First), slot.Capacity, timing.H);
    }
}
