using Sim.Physics.Numerics;

namespace Sim.Environments.Lanes;

/// <summary>The action of a task with a <see cref="Spaces.Discrete"/> action space.</summary>
public struct Choice<T> where T : unmanaged, ILane<T>
{
    /// <summary>The choice, 0 … count − 1, as a whole number.</summary>
    public T Index;
}
