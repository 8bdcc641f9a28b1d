namespace Sim.Protocols.Messages;

/// <summary>A request that was refused: thrown where it is found, sent as an error message, thrown again at the client.</summary>
/// <param name="code">One of <see cref="ErrorCode"/>.</param>
/// <param name="message">A sentence that names the value and what would be valid.</param>
public sealed class WireException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;

    /// <summary>Whether the connection ends.</summary>
    public bool EndsConnection => ErrorCode.EndsConnection(Code);
}
