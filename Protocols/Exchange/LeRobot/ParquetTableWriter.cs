using Parquet;
using Parquet.Schema;

namespace Sim.Protocols.Exchange.LeRobot;

/// <summary>A column of a Parquet file: plain values, or lists of as many values in every row.</summary>
internal sealed record ParquetColumn(string Name, Type Element, bool IsList)
{
    public Field ToField()
    {
        var element = new DataField(IsList ? "element" : Name, Element, isNullable: false);
        return IsList ? new ListField(Name, element) : element;
    }
}

/// <summary>Writes row groups of float, double, int64, bool, uint8 and text columns.</summary>
internal sealed class ParquetTableWriter : IDisposable
{
    private readonly FileStream _stream;
    private readonly ParquetWriter _writer;
    private readonly DataField[] _fields;

    /// <param name="path">The file, which must not exist.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="metadata">Keys and values of its footer.</param>
    /// <param name="compression">How its pages are kept.</param>
    public ParquetTableWriter(string path, IReadOnlyList<ParquetColumn> columns, Dictionary<string, string> metadata, ExportCompression compression)
    {
        var fields = columns.Select(column => column.ToField()).ToArray();
        var options = new ParquetOptions { CompressionMethod = compression == ExportCompression.Fast ? CompressionMethod.Snappy : CompressionMethod.None };
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _stream = new FileStream(path, FileMode.CreateNew);
        _writer = Wait(ParquetWriter.CreateAsync(new ParquetSchema(fields), _stream, options));
        _writer.CustomMetadata = metadata;
        // A field learns its place in the schema when the schema is made.
        _fields = [.. fields.Select(field => field as DataField ?? (DataField)((ListField)field).Item)];
    }

    /// <summary>Bytes so far.</summary>
    public long Length => _stream.Position;

    /// <summary>Writes one row group.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">An array for every column; of a list column the lists one after the other.</param>
    public void Write(int rows, IReadOnlyList<Array> columns)
    {
        using var group = _writer.CreateRowGroup();
        for (int i = 0; i < columns.Count; i++)
            WriteColumn(group, _fields[i], rows, columns[i]);
        group.CompleteValidate();
    }

    public void Dispose()
    {
        Wait(_writer.DisposeAsync());
        _stream.Dispose();
    }

    private static void WriteColumn(ParquetRowGroupWriter group, DataField field, int rows, Array values)
    {
        switch (values)
        {
            case float[] numbers: WriteValues<float>(group, field, rows, numbers); break;
            case double[] numbers: WriteValues<double>(group, field, rows, numbers); break;
            case long[] numbers: WriteValues<long>(group, field, rows, numbers); break;
            case byte[] numbers: WriteValues<byte>(group, field, rows, numbers); break;
            case bool[] flags: WriteValues<bool>(group, field, rows, flags); break;
            case string[] texts: WriteValues<ReadOnlyMemory<char>>(group, field, rows, Array.ConvertAll(texts, text => text.AsMemory())); break;
            default: throw new ArgumentException($"no column holds {values.GetType().Name}");
        }
    }

    private static void WriteValues<T>(ParquetRowGroupWriter group, DataField field, int rows, ReadOnlyMemory<T> values) where T : struct
    {
        if (field.MaxRepetitionLevel == 0)
        {
            Wait(group.WriteAsync(field, values));
            return;
        }
        // A list's first value has level 0, the others 1; every value is there, which is the highest definition level.
        int[] repetition = new int[values.Length], definition = new int[values.Length];
        int size = values.Length / rows;
        for (int i = 0; i < values.Length; i++)
        {
            repetition[i] = i % size == 0 ? 0 : 1;
            definition[i] = field.MaxDefinitionLevel;
        }
        Wait(group.WriteAllPartsAsync(field, values, definition, repetition, CancellationToken.None));
    }

    /// <summary>The library is asynchronous throughout; a file on the disk is written by whoever asks.</summary>
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Wait(Task task) => task.GetAwaiter().GetResult();

    private static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();
}
