namespace Sim.Agents.Training;

/// <summary>Training met a NaN or an infinity; the message says where. The last good checkpoint stays.</summary>
public sealed class NonFiniteException(string message) : Exception(message);
