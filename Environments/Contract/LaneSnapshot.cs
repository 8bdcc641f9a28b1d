namespace Sim.Environments;

/// <summary>
/// Everything one environment of a batch is: restoring it, into any lane of any batch of the same definition and
/// settings, continues bit for bit.
/// </summary>
/// <param name="Environment">Id and version of the definition.</param>
/// <param name="Data">Opaque state.</param>
public sealed record LaneSnapshot(string Environment, ReadOnlyMemory<byte> Data);
