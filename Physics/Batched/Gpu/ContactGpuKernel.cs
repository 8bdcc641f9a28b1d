using Sim.Physics.Batched.Contacts;

namespace Sim.Physics.Batched.Gpu;

/// <summary>A contact slot as a launch passes it.</summary>
/// <param name="A">First row of body A.</param>
/// <param name="B">First row of body B.</param>
/// <param name="First">First row of the slot.</param>
/// <param name="Capacity">Contacts it holds.</param>
/// <param name="Scratch">First row in scratch.</param>
internal readonly record struct GpuSlot(int A, int B, int First, int Capacity, int Scratch);

/// <summary>The stages of one contact slot on a GPU: one thread, one environment. The same methods that the CPU runs.</summary>
internal static class ContactGpuKernel<TPartner> where TPartner : struct, IPartner
{
    public static void BeginConvex(GpuTile tile, GpuSlot slot, ContactSpring spring, SubstepTiming timing)
    {
        int environment = GpuTile.Environment;
        if (environment >= tile.Count) return;
        var rows = tile.RowsOf(environment);
        var scratch = tile.ScratchOf(environment).From(slot.Scratch);
        ConvexContacts.Prepare<Numerics.LaneGpu, TPartner>(rows.From(slot.A), rows.From(slot.B), rows.From(slot.First), scratch, slot.Capacity, in spring, timing.InverseH);
        ConvexContacts.WarmStart<Numerics.LaneGpu, TPartner>(rows.From(slot.A), rows.From(slot.B), rows.From(slot.First), scratch, slot.Capacity);
    }

    public static void SolveConvex(GpuTile tile, GpuSlot slot, ContactSpring spring, int legacyFriction)
    {
        int environment = GpuTile.Environment;
        if (environment >= tile.Count) return;
        var rows = tile.RowsOf(environment);
        ConvexContacts.Solve<Numerics.LaneGpu, TPartner>(rows.From(slot.A), rows.From(slot.B), rows.From(slot.First), tile.ScratchOf(environment).From(slot.Scratch),
            slot.Capacity, spring.Softness.Share, legacyFriction != 0);
    }

    public static void AdvanceConvex(GpuTile tile, GpuSlot slot, SubstepTiming timing)
    {
        int environment = GpuTile.Environment;
        if (environment >= tile.Count) return;
        var rows = tile.RowsOf(environment);
        ConvexContacts.Advance<Numerics.LaneGpu, TPartner>(rows.From(slot.A), rows.From(slot.B), rows.From(slot.First), slot.Capacity, timing.H);
    }

    public static void BeginGeneral(GpuTile tile, GpuSlot slot, ContactSpring spring, SubstepTiming timing)
    {
        int environment = GpuTile.Environment;
        if (environment >= tile.Count) return;
        var rows = tile.RowsOf(environment);
        var scratch = tile.ScratchOf(environment).From(slot.Scratch);
        GeneralContacts.Prepare<Numerics.LaneGpu, TPartner>(rows.From(slot.A), rows.From(slot.B), rows.From(slot.First), scratch, slot.Capacity, in spring, timing.InverseH);
        GeneralContacts.WarmStart<Numerics.LaneGpu, TPartner>(rows.From(slot.A), rows.From(slot.B), rows.From(slot.First), scratch, slot.Capacity);
    }

    public static void SolveGeneral(GpuTile tile, GpuSlot slot, ContactSpring spring)
    {
        int environment = GpuTile.Environment;
        if (environment >= tile.Count) return;
        var rows = tile.RowsOf(environment);
        GeneralContacts.Solve<Numerics.LaneGpu, TPartner>(rows.From(slot.A), rows.From(slot.B), rows.From(slot.First), tile.ScratchOf(environment).From(slot.Scratch),
            slot.Capacity, spring.Softness.Share);
    }

    public static void AdvanceGeneral(GpuTile tile, GpuSlot slot, SubstepTiming timing)
    {
        int environment = GpuTile.Environment;
        if (environment >= tile.Count) return;
        var rows = tile.RowsOf(environment);
        GeneralContacts.Advance<Numerics.LaneGpu, TPartner>(rows.From(slot.A), rows.From(slot.B), rows.From(slot.First), slot.Capacity, timing.H);
    }
}
