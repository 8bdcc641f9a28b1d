namespace Sim.Physics.Gpu;

/// <summary>A kernel as PTX text, ready for the driver of any GPU from compute capability 8.0 on.</summary>
/// <param name="Text">The whole PTX module.</param>
/// <param name="Entry">Name of its only entry function.</param>
/// <param name="Parameters">What a launch passes, in order.</param>
public sealed record PtxKernel(string Text, string Entry, IReadOnlyList<PtxParameter> Parameters);

/// <summary>One parameter of an entry function.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Alignment">Bytes.</param>
public readonly record struct PtxParameter(int Size, int Alignment);
