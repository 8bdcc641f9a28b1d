namespace Sim.Physics.Threading;

/// <summary>Work that is cut into numbered parts which may run at the same time, in any order, on any thread.</summary>
public interface IPartitionedWork
{
    /// <summary>Does one part. Parts of one run share nothing that any of them writes.</summary>
    /// <param name="part">0 to the run's number of parts, exclusive.</param>
    void Execute(int part);
}
