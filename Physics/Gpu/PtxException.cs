namespace Sim.Physics.Gpu;

/// <summary>A method that no kernel can be made of; the message says which and why.</summary>
public sealed class PtxException : Exception
{
    public PtxException(string message) : base(message) { }

    public PtxException(string message, Exception cause) : base(message, cause) { }
}
