using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sim.Protocols.Demonstrations.Files;

/// <summary>
/// Writes chunks to the end of a file, each by one write, and the index when it is closed. Bytes that are written are
/// never written again.
/// </summary>
internal sealed class ChunkAppender : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly List<IndexRow> _rows = [];
    private readonly long _previousIndex;
    private readonly ChunkCompressor _compressor = new();
    private readonly PayloadBuffer _index = new();
    private ulong _sequence;

    private ChunkAppender(SafeFileHandle file, long position, ulong sequence, long previousIndex)
        => (_file, Position, _sequence, _previousIndex) = (file, position, sequence, previousIndex);

    /// <summary>Bytes of the file so far.</summary>
    public long Position { get; private set; }

    /// <summary>Starts a new file.</summary>
    /// <exception cref="IOException">There is a file of this name, or none can be made.</exception>
    public static ChunkAppender Create(string path)
    {
        var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        Span<byte> header = stackalloc byte[FileFrame.HeaderSize];
        FileFrame.WriteHeader(header);
        RandomAccess.Write(file, header, 0);
        return new(file, FileFrame.HeaderSize, 0, 0);
    }

    /// <summary>Goes on with a file behind its last good chunk; bytes that follow it, damaged all, are cut off.</summary>
    public static ChunkAppender Continue(string path)
    {
        using var before = ChunkFile.Open(path);
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.Read);
        if (before.LostBytes > 0) RandomAccess.SetLength(file, before.GoodLength);
        ulong sequence = before.Chunks.Count == 0 ? 0 : before.Chunks[^1].Header.Sequence + 1;
        var appender = new ChunkAppender(file, before.GoodLength, sequence, before.LastIndex);
        // What a crash kept from being indexed goes into the next index.
        appender._rows.AddRange(before.Chunks.Where(chunk => chunk.Offset > before.LastIndex).Select(chunk => IndexRow.Of(chunk.Offset, chunk.Header)));
        return appender;
    }

    /// <summary>Writes a payload.</summary>
    public void Append(ChunkType type, ulong firstStep, PayloadBuffer payload, bool compress = false)
        => Append(type, firstStep, payload.Framed, payload.Length, compress);

    /// <summary>
    /// Writes a payload that stands in a frame: <see cref="ChunkHeader.Size"/> bytes of room, the payload, then at
    /// least <see cref="ChunkHeader.Alignment"/> bytes of room.
    /// </summary>
    public void Append(ChunkType type, ulong firstStep, Memory<byte> frame, int length, bool compress)
    {
        var codec = ChunkCodec.None;
        int stored = length;
        uint raw = (uint)length;
        if (compress && _compressor.TryCompress(frame.Span.Slice(ChunkHeader.Size, length), out var smaller, out int smallerLength))
            (frame, stored, codec) = (smaller, smallerLength, ChunkCodec.Zstd);
        var bytes = frame.Span;
        uint checksum = Crc32C.Of(bytes.Slice(ChunkHeader.Size, stored));
        var header = new ChunkHeader(type, codec, (uint)stored, raw, _sequence, firstStep, checksum);
        header.Write(bytes);
        bytes[(ChunkHeader.Size + stored)..(int)header.Extent].Clear();
        RandomAccess.Write(_file, bytes[..(int)header.Extent], Position);
        if (type != ChunkType.Index) _rows.Add(IndexRow.Of(Position, header));
        Position += header.Extent;
        _sequence++;
    }

    /// <summary>Waits until all that was written is on the disk.</summary>
    public void Sync() => RandomAccess.FlushToDisk(_file);

    /// <summary>Writes index and footer, and closes the file.</summary>
    public void Close()
    {
        long offset = Position;
        _index.Clear();
        Payload.WriteHeader(_index, new IndexMessage { Rows = _rows.Count, Previous = _previousIndex });
        Payload.Append<IndexRow>(_index, CollectionsMarshal.AsSpan(_rows));
        Append(ChunkType.Index, 0, _index);
        Span<byte> footer = stackalloc byte[FileFrame.FooterSize];
        FileFrame.WriteFooter(footer, offset);
        RandomAccess.Write(_file, footer, Position);
        Sync();
        Dispose();
    }

    /// <summary>Closes the file as it is, without an index.</summary>
    public void Dispose()
    {
        _file.Dispose();
        _compressor.Dispose();
    }
}
