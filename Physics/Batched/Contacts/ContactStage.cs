using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Contacts;

/// <summary>What one slot does in a substep, tile by tile.</summary>
internal abstract unsafe class ContactStage<T>(PairPlace pair, int rowA, int rowB) where T : unmanaged, ILane<T>
{
    protected PairPlace Pair { get; } = pair;

    protected int RowA { get; } = rowA;

    protected int RowB { get; } = rowB;

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
        (true, true) => new ConvexStage<T, MovingPartner>(pair, rowA, rowB),
        (true, false) => new ConvexStage<T, StaticPartner>(pair, rowA, rowB),
        (false, true) => new GeneralStage<T, MovingPartner>(pair, rowA, rowB),
        (false, false) => new GeneralStage<T, StaticPartner>(pair, rowA, rowB),
    };
}

/// <inheritdoc/>
internal sealed unsafe class ConvexStage<T, TPartner>(PairPlace pair, int rowA, int rowB) : ContactStage<T>(pair, rowA, rowB)
    where T : unmanaged, ILane<T> where TPartner : struct, IPartner
{
    public override void Begin(float* tile, float* scratch, int contacts, float inverseH)
    {
        Rows<T> rows = new(tile), own = new(scratch), a = rows.From(RowA), b = rows.From(RowB), slot = rows.From(Pair.First);
        ConvexContacts.Prepare<T, TPartner>(a, b, slot, own, contacts, Pair.Spring, inverseH);
        ConvexContacts.WarmStart<T, TPartner>(a, b, slot, own, contacts);
    }

    public override void Solve(float* tile, float* scratch, int contacts, bool legacyFriction)
    {
        var rows = new Rows<T>(tile);
        ConvexContacts.Solve<T, TPartner>(rows.From(RowA), rows.From(RowB), rows.From(Pair.First), new Rows<T>(scratch), contacts, Pair.Spring.Softness.Share, legacyFriction);
    }

    public override void Advance(float* tile, int contacts, float h)
    {
        var rows = new Rows<T>(tile);
        ConvexContacts.Advance<T, TPartner>(rows.From(RowA), rows.From(RowB), rows.From(Pair.First), contacts, h);
    }
}

/// <inheritdoc/>
internal sealed unsafe class GeneralStage<T, TPartner>(PairPlace pair, int rowA, int rowB) : ContactStage<T>(pair, rowA, rowB)
    where T : unmanaged, ILane<T> where TPartner : struct, IPartner
{
    public override void Begin(float* tile, float* scratch, int contacts, float inverseH)
    {
        Rows<T> rows = new(tile), own = new(scratch), a = rows.From(RowA), b = rows.From(RowB), slot = rows.From(Pair.First);
        GeneralContacts.Prepare<T, TPartner>(a, b, slot, own, contacts, Pair.Spring, inverseH);
        GeneralContacts.WarmStart<T, TPartner>(a, b, slot, own, contacts);
    }

    public override void Solve(float* tile, float* scratch, int contacts, bool legacyFriction)
    {
        var rows = new Rows<T>(tile);
        GeneralContacts.Solve<T, TPartner>(rows.From(RowA), rows.From(RowB), rows.From(Pair.First), new Rows<T>(scratch), contacts, Pair.Spring.Softness.Share);
    }

    public override void Advance(float* tile, int contacts, float h)
    {
        var rows = new Rows<T>(tile);
        GeneralContacts.Advance<T, TPartner>(rows.From(RowA), rows.From(RowB), rows.From(Pair.First), contacts, h);
    }
}
