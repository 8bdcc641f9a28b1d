using ZstdSharp;

namespace Sim.Protocols.Demonstrations.Files;

/// <summary>Zstandard for chunks, where it pays.</summary>
internal sealed class ChunkCompressor : IDisposable
{
    /// <summary>Compressed chunks hold no more, so that a reader knows how much memory a damaged one can ask for.</summary>
    public const int MostRaw = 1 << 20;

    /// <summary>Most times that a compressed chunk may grow: a small file cannot unfold into a huge one.</summary>
    public const int MostGrowth = 64;

    private readonly Compressor _compressor = new(level: 1);
    private byte[] _frame = [];

    /// <summary>A frame as <see cref="ChunkAppender"/> takes it; false where less than a tenth would be saved.</summary>
    public bool TryCompress(ReadOnlySpan<byte> raw, out Memory<byte> frame, out int length)
    {
        frame = default;
        length = 0;
        if (raw.Length is < 64 or > MostRaw) return false;
        int needed = ChunkHeader.Size + Compressor.GetCompressBound(raw.Length) + ChunkHeader.Alignment;
        if (_frame.Length < needed) _frame = new byte[needed];
        length = _compressor.Wrap(raw, _frame.AsSpan(ChunkHeader.Size, needed - ChunkHeader.Size - ChunkHeader.Alignment));
        frame = _frame;
        return length < raw.Length * 9L / 10 && (long)length * MostGrowth >= raw.Length;
    }

    /// <exception cref="InvalidDataException">The bytes do not unfold to exactly <paramref name="rawLength"/>.</exception>
    public static byte[] Decompress(ReadOnlySpan<byte> stored, uint rawLength, string where)
    {
        if (rawLength > MostRaw || rawLength > (long)stored.Length * MostGrowth)
            throw new InvalidDataException($"{where}: {stored.Length} compressed bytes cannot stand for {rawLength}");
        byte[] raw = new byte[rawLength];
        try
        {
            using var decompressor = new Decompressor();
            int length = decompressor.Unwrap(stored, raw);
            return length == raw.Length ? raw : throw new InvalidDataException($"{where}: unfolds to {length} bytes, not to {rawLength}");
        }
        catch (ZstdException error)
        {
            throw new InvalidDataException($"{where}: cannot be decompressed: {error.Message}", error);
        }
    }

    public void Dispose() => _compressor.Dispose();
}
