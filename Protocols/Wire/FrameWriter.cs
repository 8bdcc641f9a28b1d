using System.Buffers;
using System.Buffers.Binary;
using MessagePack;
using Sim.Protocols.Messages;

namespace Sim.Protocols.Wire;

/// <summary>
/// Builds one frame after another in one buffer: <see cref="Begin"/>, its body,
/// block bytes by <see cref="Append"/>, then <see cref="Send"/>. Nothing is allocated once the
/// buffer fits the frames of a conversation.
/// </summary>
public sealed class FrameWriter(IByteChannel channel) : IBufferWriter<byte>
{
    private byte[] _buffer = new byte[1024];
    private int _length, _blockStart;

    /// <summary>All bytes sent so far.</summary>
    public long BytesSent { get; private set; }

    /// <summary>Begins a frame with a whole body.</summary>
    public void Begin<T>(MessageType type, uint request, T body)
    {
        var writer = Begin(type, request);
        MessagePackSerializer.Serialize(ref writer, body, Schema.Options);
        EndHeader(ref writer);
    }

    /// <summary>Begins a frame; write its body, then call <see cref="EndHeader"/>.</summary>
    public MessagePackWriter Begin(MessageType type, uint request)
    {
        _length = FrameReader.PrefixBytes;
        var writer = new MessagePackWriter(this);
        writer.WriteArrayHeader(3);
        writer.Write((int)type);
        writer.Write(request);
        return writer;
    }

    /// <summary>Ends the header: what follows is the block.</summary>
    public void EndHeader(ref MessagePackWriter writer)
    {
        writer.Flush();
        int headerBytes = _length - FrameReader.PrefixBytes;
        BinaryPrimitives.WriteInt32LittleEndian(_buffer, headerBytes);
        _blockStart = FrameReader.BlockOffset(headerBytes);
        Append(_blockStart - _length).Clear();
    }

    /// <summary>Room for further bytes of the block, which the caller fills; valid until the next call.</summary>
    public Span<byte> Append(int bytes)
    {
        Ensure(bytes);
        var room = _buffer.AsSpan(_length, bytes);
        _length += bytes;
        return room;
    }

    /// <summary>Sends the frame as it stands.</summary>
    public void Send()
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(4), _length - _blockStart);
        channel.Send(_buffer.AsSpan(0, _length));
        BytesSent += _length;
    }

    /// <summary>Sends the frame with <paramref name="direct"/> before the block bytes that were appended, from where it lies.</summary>
    public void SendWith(ReadOnlySpan<byte> direct)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(4), direct.Length + _length - _blockStart);
        channel.Send(_buffer.AsSpan(0, _blockStart));
        channel.Send(direct);
        if (_length > _blockStart) channel.Send(_buffer.AsSpan(_blockStart, _length - _blockStart));
        BytesSent += _length + direct.Length;
    }

    void IBufferWriter<byte>.Advance(int count) => _length += count;

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        Ensure(Math.Max(sizeHint, 64));
        return _buffer.AsMemory(_length);
    }

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint)
    {
        Ensure(Math.Max(sizeHint, 64));
        return _buffer.AsSpan(_length);
    }

    private void Ensure(int bytes)
    {
        if (_length + bytes > _buffer.Length) Array.Resize(ref _buffer, checked(Math.Max(2 * _buffer.Length, _length + bytes)));
    }
}
