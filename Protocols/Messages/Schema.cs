using MessagePack;

namespace Sim.Protocols.Messages;

/// <summary>
/// How every message and every header of a recording is written: MessagePack arrays whose positions are the keys.
/// Positions are stable and never reused; a reader takes missing trailing fields at their default and ignores unknown
/// ones, so fields are only ever added at the end.
/// </summary>
public static class Schema
{
    /// <summary>For bytes that nobody vouches for: bounded depth, no types named by the sender, hash tables that resist collisions.</summary>
    public static MessagePackSerializerOptions Options { get; }
        = MessagePackSerializerOptions.Standard.WithSecurity(MessagePackSecurity.UntrustedData.WithMaximumObjectGraphDepth(16));

    /// <summary>The bytes of a message.</summary>
    public static byte[] Write<T>(T message) => MessagePackSerializer.Serialize(message, Options);

    /// <summary>A message from its bytes; bytes behind it are ignored.</summary>
    /// <exception cref="MessagePackSerializationException">The bytes are no such message.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> bytes) => MessagePackSerializer.Deserialize<T>(bytes, Options);
}
