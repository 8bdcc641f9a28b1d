using PureHDF;
using PureHDF.Filters;
using PureHDF.VOL.Native;

namespace Sim.Protocols.Exchange.Hdf5;

/// <summary>
/// A file to be written: first all groups and the shapes of all data sets, since HDF5 lays them out before any
/// number; then <see cref="BeginWrite"/> and the numbers.
/// </summary>
internal sealed class Hdf5Tree(ExportCompression compression)
{
    /// <summary>Below this a filter costs more room than it saves.</summary>
    private const int LeastCompressedBytes = 1024;

    /// <summary>What is compressed as one; readers decompress whole chunks, and the writer keeps one of each data set.</summary>
    private const int ChunkBytes = 64 << 10;

    private static readonly List<H5Filter> s_fast =
    [
        new(ShuffleFilter.Id),
        new(DeflateFilter.Id, new Dictionary<string, object> { [DeflateFilter.COMPRESSION_LEVEL] = 1 }),
    ];

    public H5File Root { get; } = new();

    /// <summary>The group at a path below another, made where it is not there yet.</summary>
    public static H5Group Group(H5Group parent, string path)
    {
        foreach (string name in path.Split('/'))
        {
            if (!parent.TryGetValue(name, out object? child))
                parent[name] = child = new H5Group();
            parent = (H5Group)child;
        }
        return parent;
    }

    /// <summary>Adds a data set of a shape; its path may have groups in it.</summary>
    /// <param name="parent">Where the path begins.</param>
    /// <param name="path">Name, or names with slashes between.</param>
    /// <param name="shape">Rows first.</param>
    public H5Dataset<T[]> Add<T>(H5Group parent, string path, params ReadOnlySpan<long> shape) where T : unmanaged
    {
        int slash = path.LastIndexOf('/');
        var group = slash < 0 ? parent : Group(parent, path[..slash]);
        var dataset = Make<T>(shape);
        group[path[(slash + 1)..]] = dataset;
        return dataset;
    }

    /// <summary>Creates the file with its whole layout; numbers follow through the writer, which must be disposed.</summary>
    public H5NativeWriter BeginWrite(string path) => Root.BeginWrite(path);

    private unsafe H5Dataset<T[]> Make<T>(ReadOnlySpan<long> shape) where T : unmanaged
    {
        ulong[] dimensions = new ulong[shape.Length];
        long rowBytes = sizeof(T);
        for (int axis = 0; axis < shape.Length; axis++)
        {
            dimensions[axis] = (ulong)shape[axis];
            if (axis > 0) rowBytes *= shape[axis];
        }
        if (compression == ExportCompression.None || rowBytes * shape[0] < LeastCompressedBytes)
            return new(dimensions);

        uint[] chunk = [.. dimensions.Select(extent => (uint)extent)];
        chunk[0] = (uint)Math.Clamp(ChunkBytes / rowBytes, 1, shape[0]);
        return new(dimensions, chunk, new H5DatasetCreation(new OneChunk(), s_fast));
    }

    /// <summary>Keeps the chunk that is being filled and no other; the library's own keeps a megabyte of each data set.</summary>
    private sealed class OneChunk : IWritingChunkCache
    {
        private ulong _index;
        private Memory<byte>? _chunk;

        public Memory<byte> GetChunk(ulong chunkIndex, Func<Memory<byte>> chunkAllocator, Action<ulong, Memory<byte>> chunkWriter)
        {
            if (_chunk is { } held && _index == chunkIndex)
                return held;
            Flush(chunkWriter);
            (_index, _chunk) = (chunkIndex, chunkAllocator());
            return _chunk.Value;
        }

        public void Flush(Action<ulong, Memory<byte>> chunkWriter)
        {
            if (_chunk is { } held)
                chunkWriter(_index, held);
            _chunk = null;
        }
    }
}
