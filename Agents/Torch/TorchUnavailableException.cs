namespace Sim.Agents.Torch;

/// <summary>
/// libtorch or TorchSharp's native library could not be loaded. The message says what was tried and what to install.
/// </summary>
public sealed class TorchUnavailableException : Exception
{
    public TorchUnavailableException()
    {
    }

    public TorchUnavailableException(string message)
        : base(message)
    {
    }

    public TorchUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
