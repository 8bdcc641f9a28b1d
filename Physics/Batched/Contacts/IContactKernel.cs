using Sim.Physics.Numerics;

namespace Sim.Physics.Batched.Contacts;

/// <summary>
/// The lane kernel of one kind of slot. Only as many contacts are touched as any lane of the tile has; a lane that lacks
/// one keeps its bits.
/// </summary>
internal interface IContactKernel
{
    /// <summary>Computes Jacobians, effective masses and biases of this substep.</summary>
    static abstract void Prepare<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> slot, Rows<T> scratch, int contacts, in ContactSpring spring, float inverseH)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner;

    /// <summary>Applies all accumulated impulses as one force and one torque on each body.</summary>
    static abstract void WarmStart<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> slot, Rows<T> scratch, int contacts)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner;

    /// <summary>One velocity iteration.</summary>
    /// <param name="a">A's rows.</param>
    /// <param name="b">B's rows.</param>
    /// <param name="slot">The pair's rows.</param>
    /// <param name="scratch">As prepared.</param>
    /// <param name="contacts">The most that any lane has.</param>
    /// <param name="softness">Of the spring.</param>
    /// <param name="legacyFriction">Whether friction of convex pairs is divided by the number of contacts.</param>
    static abstract void Solve<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> slot, Rows<T> scratch, int contacts, float softness, bool legacyFriction)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner;

    /// <summary>Moves depths on by what velocities do in a substep.</summary>
    static abstract void Advance<T, TPartner>(Rows<T> a, Rows<T> b, Rows<T> slot, int contacts, float h)
        where T : unmanaged, ILane<T> where TPartner : struct, IPartner;
}
