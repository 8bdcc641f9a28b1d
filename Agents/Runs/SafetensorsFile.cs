using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Sim.Agents.Runs;

/// <summary>A float32 tensor in row-major order; as many values as the product of its shape.</summary>
public sealed record NamedTensor(string Name, IReadOnlyList<long> Shape, ReadOnlyMemory<float> Values);

/// <summary>The tensors, in file order, and the free text that a safetensors file may carry.</summary>
public sealed record SafetensorsContent(IReadOnlyList<NamedTensor> Tensors, IReadOnlyDictionary<string, string> Metadata);

/// <summary>
/// Reads and writes float32 tensors in the safetensors format (github.com/huggingface/safetensors): the header's
/// length in 8 bytes, a JSON header of types, shapes and offsets, and the little-endian values.
/// </summary>
public static class SafetensorsFile
{
    private const string MetadataKey = "__metadata__", Float32 = "F32";

    /// <summary>The format's own limit: a longer header means a file of another kind.</summary>
    private const long HeaderLimit = 100_000_000;

    /// <summary>Writes to a neighbouring file first, so that an interrupted export leaves no broken one.</summary>
    /// <exception cref="ArgumentException">A name repeats, or a shape and its number of values disagree.</exception>
    public static void Write(string path, IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        Check(tensors);
        byte[] header = Header(tensors, metadata);
        string partial = path + ".partial";
        using (var file = File.Create(partial))
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
            file.Write(length);
            file.Write(header);
            foreach (var tensor in tensors)
                file.Write(MemoryMarshal.AsBytes(tensor.Values.Span));
        }
        File.Move(partial, path, overwrite: true);
    }

    /// <exception cref="InvalidDataException">The file is cut short, malformed, or holds other than float32.</exception>
    public static SafetensorsContent Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        long headerLength = bytes.Length < 8 ? -1 : BinaryPrimitives.ReadInt64LittleEndian(bytes);
        if (headerLength < 2 || headerLength > Math.Min(HeaderLimit, bytes.Length - 8))
            throw new InvalidDataException($"{path}: not a safetensors file (header of {headerLength} bytes).");
        try
        {
            using var header = JsonDocument.Parse(bytes.AsMemory(8, (int)headerLength));
            return Parse(path, header.RootElement, bytes.AsMemory(8 + (int)headerLength));
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{path}: malformed safetensors header.", error);
        }
    }

    private static void Check(IReadOnlyList<NamedTensor> tensors)
    {
        var names = new HashSet<string> { MetadataKey };
        foreach (var tensor in tensors)
        {
            if (!names.Add(tensor.Name))
                throw new ArgumentException($"Tensor name '{tensor.Name}' is taken.", nameof(tensors));
            if (Count(tensor.Shape) != tensor.Values.Length)
                throw new ArgumentException(
                    $"Tensor '{tensor.Name}' of shape [{string.Join(", ", tensor.Shape)}] has {tensor.Values.Length} values.", nameof(tensors));
        }
    }

    private static byte[] Header(IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, value) in metadata)
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            long offset = 0;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", Float32);
                WriteArray(json, "shape", tensor.Shape);
                long end = offset + (sizeof(float) * (long)tensor.Values.Length);
                WriteArray(json, "data_offsets", [offset, end]);
                json.WriteEndObject();
                offset = end;
            }
            json.WriteEndObject();
        }
        // Spaces after the header keep the values aligned for readers that map the file.
        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static void WriteArray(Utf8JsonWriter json, string name, IReadOnlyList<long> values)
    {
        json.WriteStartArray(name);
        foreach (long value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static SafetensorsContent Parse(string path, JsonElement header, ReadOnlyMemory<byte> data)
    {
        var tensors = new List<(long Offset, NamedTensor Tensor)>();
        var metadata = new Dictionary<string, string>();
        foreach (var entry in header.EnumerateObject())
        {
            if (entry.Name == MetadataKey)
            {
                foreach (var pair in entry.Value.EnumerateObject())
                    metadata[pair.Name] = pair.Value.GetString() ?? "";
                continue;
            }
            string? type = entry.Value.GetProperty("dtype").GetString();
            if (type != Float32)
                throw new InvalidDataException($"{path}: tensor '{entry.Name}' has type {type}; only {Float32} is read.");
            long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
            var offsets = entry.Value.GetProperty("data_offsets");
            long start = offsets[0].GetInt64(), end = offsets[1].GetInt64();
            if (start < 0 || end > data.Length || shape.Any(size => size < 0) || end - start != sizeof(float) * Count(shape))
                throw new InvalidDataException($"{path}: tensor '{entry.Name}' of shape [{string.Join(", ", shape)}] does not fit bytes {start} to {end}.");
            float[] values = MemoryMarshal.Cast<byte, float>(data.Span[(int)start..(int)end]).ToArray();
            tensors.Add((start, new NamedTensor(entry.Name, shape, values)));
        }
        return new SafetensorsContent([.. tensors.OrderBy(tensor => tensor.Offset).Select(tensor => tensor.Tensor)], metadata);
    }

    private static long Count(IReadOnlyList<long> shape) => shape.Aggregate(1L, (count, size) => checked(count * size));
}
