using Sim.Physics.Numerics;

namespace Sim.Environments.Lanes.Gpu;

/// <summary>
/// The lane fields of a struct, one after the other, each by its name: the code that a loop over an array of them
/// would be unrolled to. A GPU thread has registers by name only, so an address taken of a struct would put it in
/// memory. <see cref="LaneFields"/> writes the implementation for a struct.
/// </summary>
public interface ILaneFields<TStruct> where TStruct : unmanaged
{
    /// <summary>Reads field k from <c>first[k·stride]</c>.</summary>
    static abstract unsafe void Load(float* first, long stride, out TStruct value);

    /// <summary>Writes field k to <c>first[k·stride]</c>.</summary>
    static abstract unsafe void Store(in TStruct value, float* first, long stride);

    /// <summary>Sets every field to <paramref name="number"/>.</summary>
    static abstract void Fill(LaneGpu number, out TStruct value);

    /// <summary>The sum from the first field to the last, starting at 0.</summary>
    static abstract LaneGpu Sum(in TStruct value);

    /// <summary>Mask: every field is finite.</summary>
    static abstract LaneGpu Finite(in TStruct value);
}
