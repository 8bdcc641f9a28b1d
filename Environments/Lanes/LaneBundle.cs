using System.Runtime.InteropServices;
using Sim.Physics.Numerics;

namespace Sim.Environments.Lanes;

/// <summary>
/// The private state of <c>T.Width</c> environments: field-major, in place, so that a kernel works on it without
/// loading or storing rows. A bundle's fields lie side by side (array of structures of arrays), which also keeps
/// rows from falling into one cache set.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LaneBundle<T, TState, TReward>
    where T : unmanaged, ILane<T>
    where TState : unmanaged
    where TReward : unmanaged
{
    public TState State;

    /// <summary>Seed, episode and step of each lane.</summary>
    public LaneRandom<T> At;

    /// <summary>Undiscounted return of the running episode.</summary>
    public T Return;

    /// <summary>Mask of lanes whose episode ended and that have not been reset since (NextStep, Disabled).</summary>
    public T Ended;

    /// <summary>Sums of the reward terms over the running episode.</summary>
    public TReward Terms;
}
