using Microsoft.Win32.SafeHandles;

namespace Sim.Protocols.Demonstrations.Files;

/// <summary>Where a chunk lies.</summary>
internal readonly record struct ChunkPlace(long Offset, ChunkHeader Header)
{
    public long End => Offset + Header.Extent;
}

/// <summary>The chunks of a file, read where they lie. Nothing is ever written.</summary>
internal sealed class ChunkFile : IDisposable
{
    private const uint MostStored = 1 << 30;

    private readonly SafeFileHandle _file;
    private readonly string _name;
    private readonly List<string> _problems = [];
    private readonly HashSet<ulong> _indexSequences = [];

    private ChunkFile(SafeFileHandle file, string name)
    {
        (_file, _name) = (file, name);
        Length = RandomAccess.GetLength(file);
    }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    /// <summary>All chunks but indices, in their order.</summary>
    public IReadOnlyList<ChunkPlace> Chunks { get; private set; } = [];

    /// <summary>True when the file was closed: its last bytes are an index and a footer.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Where the last good chunk or footer ends.</summary>
    public long GoodLength { get; private set; }

    /// <summary>Bytes that belong to no good chunk.</summary>
    public long LostBytes { get; private set; }

    /// <summary>Offset of the last index; 0 where there is none.</summary>
    public long LastIndex { get; private set; }

    /// <param name="path">The file.</param>
    /// <param name="salvage">Whether to go on behind damaged chunks, rather than to end at the first.</param>
    /// <exception cref="InvalidDataException">No recording, or one of another format.</exception>
    public static ChunkFile Open(string path, bool salvage = false)
    {
        var file = new ChunkFile(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), Path.GetFileName(path));
        try
        {
            Span<byte> header = stackalloc byte[FileFrame.HeaderSize];
            int read = file.Read(header, 0);
            FileFrame.CheckHeader(header[..read], file._name);
            if (salvage || !file.TryReadIndices()) file.Scan(salvage);
            file.CheckTypes();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads every byte; returns what is wrong with them, nothing when all is well.</summary>
    public static IReadOnlyList<string> Check(string path)
    {
        using var file = Open(path);
        file.Scan(salvage: true);
        var problems = new List<string>(file._problems);
        foreach (var (before, after) in file.Chunks.Zip(file.Chunks.Skip(1)))
        {
            // An index lies between two chunks that are two apart.
            ulong gap = after.Header.Sequence - before.Header.Sequence;
            if (gap != 1 && !(gap == 2 && file._indexSequences.Contains(before.Header.Sequence + 1)))
                problems.Add($"chunks {before.Header.Sequence + 1} to {after.Header.Sequence - 1} are missing");
        }
        return problems;
    }

    /// <summary>What a chunk holds, checked and decompressed.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public Payload Read(ChunkPlace place) => new(ReadRaw(place), Where(place));

    /// <inheritdoc cref="Read(ChunkPlace)"/>
    public ReadOnlyMemory<byte> ReadRaw(ChunkPlace place)
    {
        string where = Where(place);
        if (place.Header.StoredLength > MostStored)
            throw new InvalidDataException($"{where}: a chunk of {place.Header.StoredLength} bytes is larger than any that is written");
        if (place.Offset < FileFrame.HeaderSize || place.Header.Extent > Length - place.Offset)
            throw new InvalidDataException($"{where}: reaches past the end of the file");
        byte[] bytes = new byte[place.Header.Extent];
        int read = Read(bytes, place.Offset);
        if (read != bytes.Length || !ChunkHeader.TryRead(bytes, out var header) || header != place.Header)
            throw new InvalidDataException($"{where}: the header of the chunk is damaged");
        int stored = (int)header.StoredLength;
        if (Crc32C.Of(bytes.AsSpan(ChunkHeader.Size, stored)) != header.Checksum)
            throw new InvalidDataException($"{where}: the chunk is damaged, its checksum does not fit");
        if (bytes.AsSpan(ChunkHeader.Size + stored).ContainsAnyExcept((byte)0))
            throw new InvalidDataException($"{where}: the padding behind the chunk is damaged");
        switch (header.Codec)
        {
            case ChunkCodec.None when header.RawLength == header.StoredLength:
                return bytes.AsMemory(ChunkHeader.Size, stored);
            case ChunkCodec.Zstd:
                return ChunkCompressor.Decompress(bytes.AsSpan(ChunkHeader.Size, stored), header.RawLength, where);
            default:
                throw new InvalidDataException($"{where}: the chunk is stored in a way that this version of Sim does not know ({(int)header.Codec})");
        }
    }

    public void Dispose() => _file.Dispose();

    private string Where(ChunkPlace place) => $"{_name}, byte {place.Offset} ({place.Header.Type})";

    private int Read(Span<byte> target, long offset)
    {
        int total = 0;
        while (total < target.Length)
        {
            int read = RandomAccess.Read(_file, target[total..], offset + total);
            if (read == 0) break;
            total += read;
        }
        return total;
    }

    /// <summary>Follows the indices from the footer backwards; false where the file was not closed, or they are damaged.</summary>
    private bool TryReadIndices()
    {
        Span<byte> footer = stackalloc byte[FileFrame.FooterSize];
        long footerAt = Length - FileFrame.FooterSize;
        if (footerAt < FileFrame.HeaderSize || Read(footer, footerAt) != footer.Length || !FileFrame.TryReadFooter(footer, out long last))
            return false;
        var parts = new Stack<ChunkPlace[]>();
        try
        {
            for (long at = last, before = footerAt; at != 0;)
            {
                if (!TryReadIndex(at, before, out var places, out long previous)) return false;
                parts.Push(places);
                (before, at) = (at, previous);
            }
        }
        catch (InvalidDataException)
        {
            return false;
        }
        Chunks = [.. parts.SelectMany(part => part)];
        (IsClosed, GoodLength, LastIndex, LostBytes) = (true, Length, last, 0);
        return InOrder();
    }

    private bool TryReadIndex(long at, long before, out ChunkPlace[] places, out long previous)
    {
        (places, previous) = ([], 0);
        if (at < FileFrame.HeaderSize || at >= before || !TryReadHeader(at, out var header) || header.Type != ChunkType.Index) return false;
        var place = new ChunkPlace(at, header);
        if (place.End > before) return false;
        var payload = Read(place);
        var message = payload.Header<IndexMessage>();
        var rows = payload.Rows<IndexRow>(message.Rows);
        places = new ChunkPlace[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i].Offset > (ulong)at) return false;
            places[i] = new((long)rows[i].Offset, rows[i].Header);
        }
        previous = message.Previous;
        return true;
    }

    private bool InOrder()
    {
        long end = FileFrame.HeaderSize;
        foreach (var chunk in Chunks)
        {
            if (chunk.Offset < end) return false;
            end = chunk.End;
        }
        return end <= Length;
    }

    private bool TryReadHeader(long at, out ChunkHeader header)
    {
        Span<byte> bytes = stackalloc byte[ChunkHeader.Size];
        int read = Read(bytes, at);
        return ChunkHeader.TryRead(bytes[..read], out header) && at + header.Extent <= Length;
    }

    /// <summary>Rebuilds the index from the chunks themselves, checking every byte.</summary>
    private void Scan(bool salvage)
    {
        var chunks = new List<ChunkPlace>();
        _problems.Clear();
        _indexSequences.Clear();
        (IsClosed, LastIndex, LostBytes) = (false, 0, 0);
        long at = FileFrame.HeaderSize;
        GoodLength = at;
        while (at < Length)
        {
            long end = Next(at, chunks);
            if (end > at)
            {
                GoodLength = at = end;
                continue;
            }
            long next = salvage ? Find(at + ChunkHeader.Alignment) : Length;
            _problems.Add($"bytes {at} to {next - 1} belong to no whole chunk");
            LostBytes += next - at;
            at = next;
        }
        Chunks = chunks;
        if (!IsClosed && LostBytes == 0) _problems.Add("the file was not closed: it has no index");
    }

    /// <summary>Takes the chunk or footer at an offset; returns where it ends, or the offset itself when it is neither.</summary>
    private long Next(long at, List<ChunkPlace> chunks)
    {
        Span<byte> footer = stackalloc byte[FileFrame.FooterSize];
        int read = Read(footer, at);
        if (FileFrame.TryReadFooter(footer[..read], out long index) && index == LastIndex)
        {
            IsClosed = true;
            return at + FileFrame.FooterSize;
        }
        if (!TryReadHeader(at, out var header)) return at;
        var place = new ChunkPlace(at, header);
        try
        {
            ReadRaw(place);
        }
        catch (InvalidDataException)
        {
            return at;
        }
        IsClosed = false;
        if (header.Type == ChunkType.Index)
        {
            LastIndex = at;
            _indexSequences.Add(header.Sequence);
        }
        else
        {
            chunks.Add(place);
        }
        return place.End;
    }

    /// <summary>The next offset at which a good chunk or a footer begins; the end of the file when there is none.</summary>
    private long Find(long from)
    {
        byte[] window = new byte[1 << 16];
        for (long start = from; start < Length; start += window.Length)
        {
            int read = Read(window, start);
            for (int i = 0; i < read; i += ChunkHeader.Alignment)
            {
                long at = start + i;
                if (BitConverter.ToUInt64(window, i) is ulong word && ((uint)word == ChunkHeader.Sync || word == FileFrame.FooterWord)
                    && Next(at, []) > at)
                    return at;
            }
        }
        return Length;
    }

    private void CheckTypes()
    {
        foreach (var chunk in Chunks)
        {
            if ((chunk.Header.Type & ChunkType.Critical) != 0)
                throw new InvalidDataException($"{Where(chunk)}: this file needs a newer version of Sim");
        }
    }
}
