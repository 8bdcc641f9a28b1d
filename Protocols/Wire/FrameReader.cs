using System.Buffers.Binary;
using MessagePack;
using Sim.Protocols.Messages;

namespace Sim.Protocols.Wire;

/// <summary>
/// Cuts the bytes of a channel into frames. One buffer takes what comes; it grows with what has really arrived, never
/// with what a sender claims, and nothing is allocated once it fits the frames of a conversation.
/// </summary>
public sealed class FrameReader(IByteChannel channel, int maxFrameBytes)
{
    /// <summary>Bytes before the header.</summary>
    public const int PrefixBytes = 8;

    private const int InitialBytes = 4096;

    private byte[] _buffer = new byte[InitialBytes];
    private int _start, _end;
    private int _header, _headerBytes, _block, _blockBytes;

    /// <summary>Largest frame that is taken; a longer one is refused before its bytes are read.</summary>
    public int MaxFrameBytes { get; set; } = maxFrameBytes;

    /// <summary>What the frame is; kept from <see cref="ReadFrame"/>.</summary>
    public MessageType Type { get; private set; }

    /// <summary>The number that the answer repeats.</summary>
    public uint Request { get; private set; }

    /// <summary>The MessagePack body; valid until the next frame.</summary>
    public ReadOnlyMemory<byte> Body => _buffer.AsMemory(_header, _headerBytes);

    /// <summary>The block; valid until the next frame.</summary>
    public Span<byte> Block => _buffer.AsSpan(_block, _blockBytes);

    /// <summary>The same, for other threads.</summary>
    public Memory<byte> BlockMemory => _buffer.AsMemory(_block, _blockBytes);

    /// <summary>All bytes received so far.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>Where the block of a frame of this header length begins.</summary>
    public static int BlockOffset(int headerBytes) => (PrefixBytes + headerBytes + 7) & ~7;

    /// <summary>Waits for the next frame; false at the end of the conversation.</summary>
    /// <exception cref="WireException">The lengths are beyond the limits, the header is none, or the end comes in mid-frame.</exception>
    /// <exception cref="IOException">The connection broke, or nothing came in time.</exception>
    public bool ReadFrame()
    {
        if (_start == _end) _start = _end = 0;
        if (!Fill(PrefixBytes))
        {
            if (_start == _end) return false;
            throw new WireException(ErrorCode.BadFrame, $"the connection ended after {_end - _start} of the {PrefixBytes} bytes that begin a frame");
        }
        uint headerBytes = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start));
        uint blockBytes = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start + 4));
        long total = ((PrefixBytes + (long)headerBytes + 7) & ~7L) + blockBytes;
        if (headerBytes == 0 || total > MaxFrameBytes)
            throw new WireException(ErrorCode.BadFrame, $"a frame of {headerBytes} header and {blockBytes} block bytes is not taken: the header has at least 1 byte, the whole at most {MaxFrameBytes}");
        if (!Fill((int)total))
            throw new WireException(ErrorCode.BadFrame, $"the connection ended after {_end - _start} of the {total} bytes of a frame");
        _header = _start + PrefixBytes;
        _headerBytes = (int)headerBytes;
        _block = _start + BlockOffset((int)headerBytes);
        _blockBytes = (int)blockBytes;
        _start += (int)total;
        ReadEnvelope();
        return true;
    }

    /// <summary>Reads [type, request, and leaves the body.</summary>
    private void ReadEnvelope()
    {
        try
        {
            var reader = new MessagePackReader(_buffer.AsMemory(_header, _headerBytes));
            if (reader.ReadArrayHeader() < 3) throw new MessagePackSerializationException("too short");
            Type = (MessageType)reader.ReadInt32();
            Request = reader.ReadUInt32();
            int envelope = (int)reader.Consumed;
            _header += envelope;
            _headerBytes -= envelope;
        }
        catch (Exception error) when (error is MessagePackSerializationException or EndOfStreamException or OverflowException)
        {
            throw new WireException(ErrorCode.BadFrame, "the header is no MessagePack array of type, request and body");
        }
    }

    /// <summary>Receives until <paramref name="bytes"/> from the start are there; false when the end comes before.</summary>
    private bool Fill(int bytes)
    {
        while (_end - _start < bytes)
        {
            if (_end == _buffer.Length) MakeRoom(bytes);
            int received = channel.Receive(_buffer.AsSpan(_end));
            if (received == 0) return false;
            _end += received;
            BytesReceived += received;
        }
        return true;
    }

    private void MakeRoom(int bytes)
    {
        int held = _end - _start;
        byte[] target = _buffer;
        // Twice what has arrived, never what is claimed: a sender pays for the room it gets.
        if (_start == 0) target = new byte[Math.Min(bytes, 2 * held)];
        _buffer.AsSpan(_start, held).CopyTo(target);
        _buffer = target;
        (_start, _end) = (0, held);
    }
}
