using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Contacts;

/// <summary>What one slot does in a substep, tile by tile.</summary>
internal abstract unsafe class ContactStage<T> where T : unmanaged, ILane<T>
{
    /// <summary>Computes Jacobians and applies the accumulated impulses.</summary>
    /// <param name="tile">The tile's rows.</param>
    /// <param name="scratch">The slot's own scratch.</param>
    /// <param name="contacts">The most contacts that any lane has.</param>
    /// <param name="inverseH">1/s.</param>
    public abstract void Begin(float* tile, float* scratch, int contacts, float inverseH);

    /// <summary>One velocity iteration.</summary>
    public abstract void Solve(float* tile, float* scratch, int contacts, bool legacyFriction);

    /// <summary>Moves depths on by what velocities do in a substep.</summary>
    public abstract void Advance(float* tile, int contacts, float h);

    public static ContactStage<T> Create(PairPlace pair, int rowA, int rowB) => (pair.Convex, pair.Moves) switch
    {
        (true, true) => new ContactStage<T, ConvexContacts, MovingPartner>(pair, rowA, rowB),
        (true, false) => new ContactStage<T, ConvexContacts, StaticPartner>(pair, rowA, rowB),
        (false, true) => new ContactStage<T, GeneralContacts, MovingPartner>(pair, rowA, rowB),
        (false, false) => new ContactStage<T, GeneralContacts, StaticPartner>(pair, rowA, rowB),
    };
}

/// <inheritdoc/>
internal sealed unsafe class ContactStage<T, TKernel, TPartner>(PairPlace pair, int rowA, int rowB) : ContactStage<T>
    where T : unmanaged, ILane<T> where TKernel : struct, IContactKernel where TPartner : struct, IPartner
{
    public override void Begin(float* tile, float* scratch, int contacts, float inverseH)
    {
        Rows<T> rows = new(tile), own = new(scratch), a = rows.From(rowA), b = rows.From(rowB), slot = rows.From(pair.First);
        TKernel.Prepare<T, TPartner>(a, b, slot, own, contacts, pair.Spring, inverseH);
        TKernel.WarmStart<T, TPartner>(a, b, slot, own, contacts);
    }

    public override void Solve(float* tile, float* scratch, int contacts, bool legacyFriction)
    {
        var rows = new Rows<T>(tile);
        TKernel.Solve<T, TPartner>(rows.From(rowA), rows.From(rowB), rows.From(pair.First), new Rows<T>(scratch), contacts, pair.Spring.Softness.Share, legacyFriction);
    }

    public override void Advance(float* tile, int contacts, float h)
    {
        var rows = new Rows<T>(tile);
        TKernel.Advance<T, TPartner>(rows.From(rowA), rows.From(rowB), rows.From(pair.First), contacts, h);
    }
}
