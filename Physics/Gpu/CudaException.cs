namespace Sim.Physics.Gpu;

/// <summary>A call to the CUDA driver failed; the message says which, and what the driver says of it.</summary>
public sealed class CudaException : Exception
{
    /// <param name="message">What failed and why.</param>
    /// <param name="result">The driver's result code.</param>
    public CudaException(string message, int result) : base(message) => Result = result;

    /// <summary>The driver's CUresult.</summary>
    public int Result { get; }
}
