using System.Buffers.Binary;
using System.Net.Sockets;
using MessagePack;
using Sim.Protocols.Messages;

namespace Sim.Tests.Protocols.Server;

/// <summary>
/// Writes and reads frames by the page <c>docs/protocol.md</c> alone, with no line of the client or the server: what a
/// client in another language would do.
/// </summary>
internal sealed class RawClient(Socket socket) : IDisposable
{
    private uint _request;

    /// <summary>A frame of an array [type, request, body].</summary>
    public static byte[] Frame(int type, uint request, object?[] body, ReadOnlySpan<byte> block = default)
    {
        byte[] header = MessagePackSerializer.Serialize<object?[]>([type, request, body]);
        int blockAt = (8 + header.Length + 7) / 8 * 8;
        byte[] frame = new byte[blockAt + block.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, header.Length);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(4), block.Length);
        header.CopyTo(frame, 8);
        block.CopyTo(frame.AsSpan(blockAt));
        return frame;
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[socket.Send(bytes)..];
    }

    /// <summary>The next answer: its type, request, body and block; null at the end of the conversation.</summary>
    public (int Type, uint Request, object[] Body, byte[] Block)? Receive()
    {
        if (Read(8) is not { } prefix) return null;
        int headerBytes = BinaryPrimitives.ReadInt32LittleEndian(prefix), blockBytes = BinaryPrimitives.ReadInt32LittleEndian(prefix.AsSpan(4));
        int padded = ((8 + headerBytes + 7) / 8 * 8) - 8;
        byte[] header = Read(padded)!, block = Read(blockBytes)!;
        object[] envelope = MessagePackSerializer.Deserialize<object[]>(header);
        return (Convert.ToInt32(envelope[0]), Convert.ToUInt32(envelope[1]), (object[])envelope[2], block);
    }

    /// <summary>Sends a request and waits for its answer.</summary>
    public (int Type, object[] Body, byte[] Block) Call(MessageType type, object?[] body, ReadOnlySpan<byte> block = default)
    {
        Send(Frame((int)type, ++_request, body, block));
        var (answer, request, fields, bytes) = Receive() ?? throw new IOException("the server ended the conversation");
        if (request != _request) throw new IOException($"answer {request} to request {_request}");
        return (answer, fields, bytes);
    }

    /// <summary>Says hello; the answer.</summary>
    public (int Type, object[] Body, byte[] Block) Greet(string? token = null) => Call(MessageType.Hello, [1, 1, "raw", "0", token]);

    /// <summary>Code of the error that a request brings; empty where it brings none.</summary>
    public string ErrorOf(MessageType type, object?[] body, ReadOnlySpan<byte> block = default)
    {
        var (answer, fields, _) = Call(type, body, block);
        return answer == (int)MessageType.Error ? (string)fields[0] : "";
    }

    public void Dispose() => socket.Dispose();

    private byte[]? Read(int bytes)
    {
        byte[] buffer = new byte[bytes];
        for (int at = 0; at < bytes;)
        {
            int received = socket.Receive(buffer.AsSpan(at));
            if (received == 0) return at == 0 ? null : throw new IOException("the server ended the conversation in mid-frame");
            at += received;
        }
        return buffer;
    }
}
