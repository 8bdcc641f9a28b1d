using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace Sim.Protocols.Exchange.LeRobot;

/// <summary>
/// A Parquet file that nobody vouches for. Whatever the library throws at damage becomes
/// <see cref="InvalidDataException"/>, and no column is read that claims more values than its file could hold.
/// </summary>
internal sealed class ParquetTable : IDisposable
{
    /// <summary>Values of one column in one row group.</summary>
    private const long MaxValues = 1 << 27;

    /// <summary>Values that a byte may stand for where many are alike.</summary>
    private const long MostOutOfAByte = 4096;

    private readonly string _path;
    private readonly ParquetReader _reader;
    private readonly long _length;

    /// <summary>Leaves by the name of their column.</summary>
    private readonly ILookup<string, DataField> _leaves;

    private ParquetTable(string path)
    {
        _path = path;
        _length = new FileInfo(path).Length;
        _reader = Guarded(() => ParquetReader.CreateAsync(path).GetAwaiter().GetResult());
        try
        {
            _leaves = Guarded(() => _reader.Schema.DataFields.ToLookup(field => field.Path.FirstPart ?? ""));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <exception cref="InvalidDataException">The file is no Parquet file.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static ParquetTable Open(string path)
    {
        using (var stream = File.OpenRead(path))
        {
            Span<byte> magic = stackalloc byte[4];
            bool isParquet = stream.Length >= 12 && stream.ReadAtLeast(magic, 4, false) == 4 && magic.SequenceEqual("PAR1"u8);
            if (isParquet)
            {
                Span<byte> tail = stackalloc byte[8];
                stream.Seek(-8, SeekOrigin.End);
                stream.ReadExactly(tail);
                isParquet = tail[4..].SequenceEqual("PAR1"u8) && BitConverter.ToUInt32(tail) is > 0 and var footer && footer <= stream.Length - 12;
            }
            if (!isParquet)
                throw new InvalidDataException($"{path} is no Parquet file, or it is cut off");
        }
        return new(path);
    }

    public int RowGroups => _reader.RowGroupCount;

    /// <summary>True when there is a column of that name.</summary>
    public bool Has(string name) => FieldOf(name) is not null;

    /// <summary>The footer's keys and values.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _reader.CustomMetadata;

    /// <summary>A column of one row group.</summary>
    /// <exception cref="InvalidDataException">There is none of that name, or it is damaged or has gaps.</exception>
    public ParquetValues Read(int rowGroup, string name)
    {
        var field = FieldOf(name) ?? throw new InvalidDataException($"{_path} has no column '{name}'");
        return Guarded(() =>
        {
            var group = _reader.OpenRowGroupReader(rowGroup);
            long values = group.GetMetadata(field)?.MetaData?.NumValues ?? -1;
            if (values < 0 || values > Math.Min(MaxValues, _length * MostOutOfAByte) || group.RowCount < 0 || group.RowCount > MaxValues)
                throw new InvalidDataException($"{_path} claims {values} values of '{name}' in {group.RowCount} rows, more than a file of {_length} bytes can hold");
            using var column = group.ReadRawColumnDataBaseAsync(field).AsTask().GetAwaiter().GetResult();
            return ParquetValues.Of(name, column, field, (int)group.RowCount);
        });
    }

    public void Dispose() => _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>The leaf of a column, unless it has several.</summary>
    private DataField? FieldOf(string name) => _leaves[name].Take(2).ToArray() is [var only] ? only : null;

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is not (InvalidDataException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException))
        {
            throw new InvalidDataException($"{_path} is damaged or of a kind that cannot be read: {error.Message}", error);
        }
    }
}

/// <summary>The values of a column in one row group.</summary>
internal sealed class ParquetValues
{
    private readonly string _name;
    private readonly Array _values;

    private ParquetValues(string name, Array values, int rows)
    {
        (_name, _values, Rows) = (name, values, rows);
    }

    public int Rows { get; }

    /// <exception cref="InvalidDataException">Values are missing, or lists differ in length.</exception>
    public static ParquetValues Of(string name, RawColumnData column, DataField field, int rows)
    {
        Array values = column switch
        {
            RawColumnData<float> numbers => numbers.Values.ToArray(),
            RawColumnData<double> numbers => numbers.Values.ToArray(),
            RawColumnData<long> numbers => numbers.Values.ToArray(),
            RawColumnData<int> numbers => numbers.Values.ToArray(),
            RawColumnData<short> numbers => numbers.Values.ToArray(),
            RawColumnData<byte> numbers => numbers.Values.ToArray(),
            RawColumnData<sbyte> numbers => numbers.Values.ToArray(),
            RawColumnData<bool> flags => flags.Values.ToArray(),
            RawColumnData<ReadOnlyMemory<char>> texts => Array.ConvertAll(texts.Values.ToArray(), text => text.ToString()),
            _ => throw new InvalidDataException($"column '{name}' holds {field.ClrType.Name}, not numbers, flags or texts"),
        };
        if (field.MaxDefinitionLevel > 0 && column.DefinitionLevels.ContainsAnyExcept(field.MaxDefinitionLevel))
            throw new InvalidDataException($"column '{name}' has gaps");
        if (field.MaxRepetitionLevel > 1)
            throw new InvalidDataException($"column '{name}' holds lists of lists");
        if (rows == 0 ? values.Length > 0 : values.Length % rows != 0)
            throw new InvalidDataException($"column '{name}' has {values.Length} values in {rows} rows");
        if (field.MaxRepetitionLevel == 1 && rows > 0)
            CheckLists(name, column.RepetitionLevels, values.Length / rows);
        return new(name, values, rows);
    }

    /// <summary>Numbers as floats, <c>[rows, size]</c>; doubles are rounded to the nearest.</summary>
    /// <exception cref="InvalidDataException">Rows have another size, or the values are no numbers.</exception>
    public float[] ToFloats(int size)
    {
        Require(size);
        return _values switch
        {
            float[] numbers => numbers,
            double[] numbers => Array.ConvertAll(numbers, number => (float)number),
            _ => Array.ConvertAll(ToLongs(size), number => (float)number),
        };
    }

    /// <summary>Whole numbers, <c>[rows, size]</c>.</summary>
    /// <exception cref="InvalidDataException">Rows have another size, or the values are no whole numbers.</exception>
    public long[] ToLongs(int size = 1)
    {
        Require(size);
        return _values switch
        {
            long[] numbers => numbers,
            int[] numbers => Array.ConvertAll(numbers, number => (long)number),
            short[] numbers => Array.ConvertAll(numbers, number => (long)number),
            byte[] numbers => Array.ConvertAll(numbers, number => (long)number),
            sbyte[] numbers => Array.ConvertAll(numbers, number => (long)number),
            bool[] flags => Array.ConvertAll(flags, flag => flag ? 1L : 0),
            _ => throw new InvalidDataException($"column '{_name}' holds {_values.GetType().GetElementType()!.Name}, not whole numbers"),
        };
    }

    /// <summary>Flags, one a row; of numbers, what is not 0 is true.</summary>
    /// <exception cref="InvalidDataException">There are more or fewer, or the values are texts.</exception>
    public bool[] ToFlags()
    {
        Require(1);
        return _values as bool[] ?? Array.ConvertAll(ToFloats(1), number => number != 0);
    }

    /// <summary>Texts, one a row.</summary>
    /// <exception cref="InvalidDataException">There are more or fewer, or the values are no texts.</exception>
    public string[] ToTexts()
    {
        Require(1);
        return _values as string[] ?? throw new InvalidDataException($"column '{_name}' holds no texts");
    }

    private void Require(int size)
    {
        if (_values.Length != (long)Rows * size)
            throw new InvalidDataException($"column '{_name}' has {_values.Length} values in {Rows} rows, not {size} in each");
    }

    private static void CheckLists(string name, ReadOnlySpan<int> repetition, int size)
    {
        for (int i = 0; i < repetition.Length; i++)
        {
            if (repetition[i] == 0 != (i % size == 0))
                throw new InvalidDataException($"the lists of column '{name}' differ in length");
        }
    }
}
