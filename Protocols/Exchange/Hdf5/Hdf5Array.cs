using PureHDF;

namespace Sim.Protocols.Exchange.Hdf5;

/// <summary>A data set of an <see cref="Hdf5File"/>, read as the kind of number that is asked for.</summary>
internal sealed class Hdf5Array
{
    /// <summary>One array of an episode is never larger.</summary>
    private const long MaxBytes = 1 << 30;

    /// <summary>Deflate makes no more than this out of a byte.</summary>
    private const long MostOutOfAByte = 1032;

    /// <summary>Whole numbers up to here are floats without rounding.</summary>
    private const long MaxExactFloat = 1 << 24;

    private readonly Hdf5File _file;
    private readonly string _path;
    private readonly IH5Dataset _dataset;

    /// <exception cref="InvalidDataException">The data set claims to be larger than its file could hold.</exception>
    public Hdf5Array(Hdf5File file, string path, IH5Dataset dataset, long fileLength)
    {
        (_file, _path, _dataset) = (file, path, dataset);
        if (dataset.Layout.Class == H5DataLayoutClass.VirtualStorage)
            throw new InvalidDataException($"'{path}' lies in other files, which is not followed");
        if (dataset.Space.Type == H5DataspaceType.Null || dataset.Space.Rank > 8)
            throw new InvalidDataException($"'{path}' has no shape, or one of more than 8 axes");
        Shape = dataset.Space.Type == H5DataspaceType.Scalar ? [] : [.. dataset.Space.Dimensions.Select(extent => (long)Math.Min(extent, int.MaxValue))];
        Count = Shape.Aggregate(1L, (product, extent) => Math.Min(product * extent, int.MaxValue));
        long bytes = Count * Math.Max(1, dataset.Type.Size);
        long most = dataset.Layout.Class == H5DataLayoutClass.Chunked ? fileLength * MostOutOfAByte : fileLength;
        if (bytes > Math.Min(most, MaxBytes))
            throw new InvalidDataException($"'{path}' claims the shape [{string.Join(", ", Shape)}], {bytes} bytes, more than its file of {fileLength} bytes can hold");
        if (dataset.Layout.Class == H5DataLayoutClass.Chunked)
            CheckChunk(fileLength);
    }

    /// <summary>Extent of each axis; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Numbers in it.</summary>
    public long Count { get; }

    /// <summary>Extent of the first axis.</summary>
    public long Rows => Shape.Count == 0 ? 0 : Shape[0];

    /// <summary>True for unsigned bytes, which are not flags.</summary>
    public bool IsBytes => _dataset.Type.Class == H5DataTypeClass.FixedPoint && _dataset.Type.Size == 1 && !_dataset.Type.FixedPoint.IsSigned;

    /// <summary>True for rows of bytes of various lengths, in which images are kept compressed.</summary>
    public bool IsRagged => _dataset.Type.Class == H5DataTypeClass.VariableLength;

    /// <summary>Numbers as floats; doubles are rounded to the nearest.</summary>
    /// <param name="rows">Rows there must be.</param>
    /// <param name="size">Numbers there must be in a row.</param>
    /// <exception cref="InvalidDataException">The shape is another, or a number has no float near it.</exception>
    public float[] ReadFloats(int rows, int size)
    {
        Require(rows, size);
        var type = _dataset.Type;
        return type.Class switch
        {
            H5DataTypeClass.FloatingPoint when type.Size == 4 => Read<float>(),
            H5DataTypeClass.FloatingPoint when type.Size == 8 => Array.ConvertAll(Read<double>(), Narrow),
            H5DataTypeClass.FloatingPoint when type.Size == 2 => Array.ConvertAll(Read<Half>(), number => (float)number),
            H5DataTypeClass.FixedPoint or H5DataTypeClass.Enumerated => Array.ConvertAll(ReadWhole(), Exact),
            _ => throw NotNumbers(),
        };
    }

    /// <summary>Numbers as bytes.</summary>
    /// <inheritdoc cref="ReadFloats"/>
    public byte[] ReadBytes(int rows, int size)
    {
        Require(rows, size);
        if (IsBytes || _dataset.Type is { Class: H5DataTypeClass.Enumerated, Size: 1 })
            return Read<byte>();
        return Array.ConvertAll(ReadWhole(), number => number is >= byte.MinValue and <= byte.MaxValue
            ? (byte)number
            : throw new InvalidDataException($"'{_path}' holds {number}, which is no byte"));
    }

    /// <summary>Whole numbers.</summary>
    /// <inheritdoc cref="ReadFloats"/>
    public long[] ReadIntegers(int rows, int size)
    {
        Require(rows, size);
        if (_dataset.Type.Class != H5DataTypeClass.FloatingPoint)
            return ReadWhole();
        return Array.ConvertAll(ReadFloats(rows, size), number => MathF.Floor(number) == number && MathF.Abs(number) <= MaxExactFloat
            ? (long)number
            : throw new InvalidDataException($"'{_path}' holds {number}, which is no whole number"));
    }

    /// <summary>Flags; of numbers, what is not 0 is true.</summary>
    /// <inheritdoc cref="ReadFloats"/>
    public bool[] ReadFlags(int rows)
    {
        Require(rows, 1);
        return _dataset.Type.Class == H5DataTypeClass.FloatingPoint
            ? Array.ConvertAll(ReadFloats(rows, 1), number => number != 0)
            : Array.ConvertAll(ReadWhole(), number => number != 0);
    }

    private void Require(int rows, int size)
    {
        bool fits = Shape.Count > 0 && Shape[0] == rows && Count == (long)rows * size;
        if (!fits)
            throw new InvalidDataException($"'{_path}' has the shape [{string.Join(", ", Shape)}], not {rows} rows of {size}");
    }

    private long[] ReadWhole()
    {
        var type = _dataset.Type;
        bool isSigned = type.Class == H5DataTypeClass.FixedPoint && type.FixedPoint.IsSigned;
        return (type.Class, type.Size, isSigned) switch
        {
            (H5DataTypeClass.Enumerated, 1, _) or (H5DataTypeClass.FixedPoint, 1, false) => Array.ConvertAll(Read<byte>(), number => (long)number),
            (H5DataTypeClass.FixedPoint, 1, true) => Array.ConvertAll(Read<sbyte>(), number => (long)number),
            (H5DataTypeClass.FixedPoint, 2, true) => Array.ConvertAll(Read<short>(), number => (long)number),
            (H5DataTypeClass.FixedPoint, 2, false) => Array.ConvertAll(Read<ushort>(), number => (long)number),
            (H5DataTypeClass.FixedPoint, 4, true) => Array.ConvertAll(Read<int>(), number => (long)number),
            (H5DataTypeClass.FixedPoint, 4, false) => Array.ConvertAll(Read<uint>(), number => (long)number),
            (H5DataTypeClass.FixedPoint, 8, true) => Read<long>(),
            (H5DataTypeClass.FixedPoint, 8, false) => Array.ConvertAll(Read<ulong>(), number => number <= long.MaxValue
                ? (long)number
                : throw new InvalidDataException($"'{_path}' holds {number}, too large a number")),
            _ => throw NotNumbers(),
        };
    }

    private T[] Read<T>() where T : unmanaged => Count == 0 ? [] : _file.Guarded(_path, () => _dataset.Read<T[]>());

    private InvalidDataException NotNumbers() => new($"'{_path}' holds {_dataset.Type.Class} of {_dataset.Type.Size} bytes, not the numbers expected");

    private float Narrow(double number)
    {
        float narrow = (float)number;
        return float.IsInfinity(narrow) && double.IsFinite(number)
            ? throw new InvalidDataException($"'{_path}' holds {number}, too large for float32")
            : narrow;
    }

    private float Exact(long number) => number is >= -MaxExactFloat and <= MaxExactFloat
        ? number
        : throw new InvalidDataException($"'{_path}' holds {number}, which float32 cannot hold exactly");

    /// <summary>A reader makes room for a whole chunk before it sees whether the file has one.</summary>
    private void CheckChunk(long fileLength)
    {
        double bytes = _dataset.Layout.Chunks.Aggregate((double)_dataset.Type.Size, (product, extent) => product * extent);
        if (bytes > Math.Min((double)fileLength * MostOutOfAByte, MaxBytes))
            throw new InvalidDataException($"'{_path}' claims chunks of [{string.Join(", ", _dataset.Layout.Chunks)}], more than its file of {fileLength} bytes can hold");
    }
}
