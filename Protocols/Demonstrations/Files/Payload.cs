using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MessagePack;
using Sim.Protocols.Messages;

namespace Sim.Protocols.Demonstrations.Files;

/// <summary>
/// The inside of a chunk: the length of a header, the header (a message, padded with zeros so that the data begins at
/// a multiple of eight), then packed rows or columns.
/// </summary>
internal readonly struct Payload
{
    private readonly ReadOnlyMemory<byte> _header;
    private readonly string _where;

    /// <exception cref="InvalidDataException">The header is longer than the payload.</exception>
    public Payload(ReadOnlyMemory<byte> bytes, string where)
    {
        _where = where;
        uint length = bytes.Length < sizeof(uint) ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span);
        if (length > bytes.Length - sizeof(uint))
            throw new InvalidDataException($"{where}: the header of the chunk reaches past its end");
        _header = bytes.Slice(sizeof(uint), (int)length);
        Data = bytes[(sizeof(uint) + (int)length)..];
    }

    /// <summary>What follows the header.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>The header as a message.</summary>
    /// <exception cref="InvalidDataException">It is no such message.</exception>
    public T Header<T>()
    {
        try
        {
            return Schema.Read<T>(_header) ?? throw new InvalidDataException($"{_where}: the header of the chunk is empty");
        }
        catch (MessagePackSerializationException error)
        {
            throw new InvalidDataException($"{_where}: the header of the chunk cannot be read: {Innermost(error)}", error);
        }
    }

    /// <summary>The first <paramref name="count"/> rows of the data.</summary>
    /// <exception cref="InvalidDataException">There are fewer, or a negative number is asked for.</exception>
    public ReadOnlySpan<T> Rows<T>(int count) where T : unmanaged
    {
        long size = (long)count * Unsafe.SizeOf<T>();
        if (count < 0 || size > Data.Length)
            throw new InvalidDataException($"{_where}: the chunk says it has {count} rows and holds {Data.Length / Unsafe.SizeOf<T>()}");
        return MemoryMarshal.Cast<byte, T>(Data.Span[..(int)size]);
    }

    /// <summary>What follows the first <paramref name="count"/> rows.</summary>
    public ReadOnlyMemory<byte> After<T>(int count) where T : unmanaged => Data[(count * Unsafe.SizeOf<T>())..];

    private static string Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error.Message;

    /// <summary>Starts a payload: the header behind its length.</summary>
    public static void WriteHeader<T>(PayloadBuffer target, T header)
    {
        int at = target.Length;
        BinaryPrimitives.WriteUInt32LittleEndian(target.GetSpan(sizeof(uint)), 0);
        target.Advance(sizeof(uint));
        MessagePackSerializer.Serialize(target, header, Schema.Options);
        int padding = -(target.Length - at) & (ChunkHeader.Alignment - 1);
        target.GetSpan(padding + 1)[..padding].Clear();
        target.Advance(padding);
        BinaryPrimitives.WriteUInt32LittleEndian(target.Written[at..], (uint)(target.Length - at - sizeof(uint)));
    }

    /// <summary>Appends rows or columns.</summary>
    public static void Append<T>(PayloadBuffer target, ReadOnlySpan<T> rows) where T : unmanaged
        => target.Write(MemoryMarshal.AsBytes(rows));
}

/// <summary>A growing buffer that is used again and again, with room in front for a chunk's header.</summary>
internal sealed class PayloadBuffer : IBufferWriter<byte>
{
    private byte[] _bytes = new byte[1 << 12];

    public PayloadBuffer() => Clear();

    /// <summary>Bytes written behind the room for the header.</summary>
    public int Length { get; private set; }

    public Span<byte> Written => _bytes.AsSpan(ChunkHeader.Size, Length);

    /// <summary>Room for the header, what was written, and room for padding.</summary>
    public Memory<byte> Framed
    {
        get
        {
            Reserve(ChunkHeader.Alignment);
            return _bytes;
        }
    }

    public void Clear() => Length = 0;

    public void Advance(int count) => Length += count;

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return _bytes.AsMemory(ChunkHeader.Size + Length);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Advance(bytes.Length);
    }

    private void Reserve(int count)
    {
        int needed = ChunkHeader.Size + Length + count;
        if (needed > _bytes.Length) Array.Resize(ref _bytes, Math.Max(needed, 2 * _bytes.Length));
    }
}
