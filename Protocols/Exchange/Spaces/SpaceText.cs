using System.Globalization;
using System.Text;
using System.Text.Json;
using Sim.Environments.Spaces;
using Sim.Protocols.Messages;

namespace Sim.Protocols.Exchange.Spaces;

/// <summary>Spaces as Minari serialises Gymnasium's: JSON of Python's kind, with limits as nested lists.</summary>
internal static class SpaceText
{
    /// <summary>More numbers than this a box of a data set does not have.</summary>
    private const int MaxNumbers = 1 << 24;

    /// <summary>The text of a space. Entries of a dictionary whose names have slashes become dictionaries in it.</summary>
    public static string Write(Space space)
    {
        var text = new StringBuilder();
        switch (space)
        {
            case Box box:
                WriteBox(text, box);
                break;
            case Discrete discrete:
                text.Append(CultureInfo.InvariantCulture, $$"""{"type": "Discrete", "dtype": "int64", "start": 0, "n": {{discrete.Count}}}""");
                break;
            case MultiDiscrete several:
                text.Append($$"""{"type": "MultiDiscrete", "dtype": "int64", "nvec": [{{string.Join(", ", several.Counts)}}], "start": [{{string.Join(", ", several.Counts.Select(_ => 0))}}]}""");
                break;
            case Dict dict:
                WriteDict(text, [.. dict.Entries]);
                break;
            default:
                throw new ArgumentException($"there is no text for {space}");
        }
        return text.ToString();
    }

    /// <summary>An observation space, its leaves as boxes.</summary>
    /// <exception cref="InvalidDataException">The text is no space, or one that observations here cannot have.</exception>
    public static ObservationLayout ReadObservation(string text)
    {
        var json = Parse(text, "the observation space");
        if (TypeOf(json) != "Dict")
            return new([new("", ReadLeaf(json, "the observation space"))]);
        var leaves = new List<ObservationLeaf>();
        Collect(json, "", leaves);
        return leaves.Count > 0
            ? new(leaves)
            : throw new InvalidDataException("the observation space is a dictionary without entries");
    }

    /// <summary>An action space; choices may begin at another number than 0.</summary>
    /// <exception cref="InvalidDataException">The text is no space, or one that actions here cannot have.</exception>
    public static ActionLayout ReadAction(string text)
    {
        var json = Parse(text, "the action space");
        return TypeOf(json) switch
        {
            "Box" => new(ReadBox(json, "the action space"), []),
            "Discrete" => ReadDiscrete(json),
            "MultiDiscrete" => ReadMultiDiscrete(json),
            var other => throw new InvalidDataException($"actions of a {other} space cannot be imported; Box, Discrete and MultiDiscrete can"),
        };
    }

    private static void WriteBox(StringBuilder text, Box box)
    {
        text.Append($$"""{"type": "Box", "dtype": "{{box.Type.Name()}}", "shape": [{{string.Join(", ", box.Shape)}}], "low": """);
        WriteNested(text, box, box.Low, 0, 0);
        text.Append(", \"high\": ");
        WriteNested(text, box, box.High, 0, 0);
        text.Append('}');
    }

    /// <summary>Numbers from <paramref name="start"/> on, as lists nested like the shape from <paramref name="axis"/> on.</summary>
    private static void WriteNested(StringBuilder text, Box box, IReadOnlyList<float> limits, int axis, int start)
    {
        if (axis == box.Shape.Count)
        {
            text.Append(box.Type == ElementType.UInt8
                ? ((int)limits[start]).ToString(CultureInfo.InvariantCulture)
                : PythonJson.Format(limits[start]));
            return;
        }
        int stride = box.Shape.Skip(axis + 1).Aggregate(1, (product, extent) => product * extent);
        text.Append('[');
        for (int i = 0; i < box.Shape[axis]; i++)
        {
            if (i > 0) text.Append(", ");
            WriteNested(text, box, limits, axis + 1, start + (i * stride));
        }
        text.Append(']');
    }

    private static void WriteDict(StringBuilder text, (string Name, Box Space)[] entries)
    {
        text.Append("{\"type\": \"Dict\", \"subspaces\": {");
        bool isFirst = true;
        foreach (var branch in entries.GroupBy(entry => entry.Name.Split('/')[0]))
        {
            if (!isFirst) text.Append(", ");
            isFirst = false;
            text.Append(JsonSerializer.Serialize(branch.Key)).Append(": ");
            if (branch.Any(entry => entry.Name == branch.Key))
                WriteBox(text, branch.First().Space);
            else
                WriteDict(text, [.. branch.Select(entry => (entry.Name[(branch.Key.Length + 1)..], entry.Space))]);
        }
        text.Append("}}");
    }

    private static void Collect(JsonElement dict, string prefix, List<ObservationLeaf> leaves)
    {
        foreach (var entry in Property(dict, "subspaces", JsonValueKind.Object, "a dictionary space").EnumerateObject())
        {
            string path = prefix.Length == 0 ? entry.Name : $"{prefix}/{entry.Name}";
            if (entry.Name.Length == 0 || leaves.Any(leaf => leaf.Path == path))
                throw new InvalidDataException($"a dictionary space names '{path}' twice, or not at all");
            if (entry.Value.ValueKind == JsonValueKind.Object && TypeOf(entry.Value) == "Dict")
                Collect(entry.Value, path, leaves);
            else
                leaves.Add(new(path, ReadLeaf(entry.Value, $"'{path}'")));
        }
    }

    /// <summary>A box; choices and bits become boxes of their numbers.</summary>
    private static Box ReadLeaf(JsonElement json, string what)
    {
        switch (TypeOf(json))
        {
            case "Box":
                return ReadBox(json, what);
            case "Discrete":
                double start = json.TryGetProperty("start", out var first) ? PythonJson.Number(first) ?? 0 : 0;
                return MakeBox(what, [(float)start], [(float)(start + Whole(json, "n", 1, MaxNumbers) - 1)], [1], ElementType.Float32);
            case "MultiDiscrete":
                var counts = Integers(json, "nvec");
                return MakeBox(what, new float[counts.Length], [.. counts.Select(count => (float)(count - 1))], [counts.Length], ElementType.Float32);
            case "MultiBinary":
                int bits = (int)Whole(json, "n", 1, MaxNumbers);
                return MakeBox(what, new float[bits], [.. Enumerable.Repeat(1f, bits)], [bits], ElementType.Float32);
            case var other:
                throw new InvalidDataException($"{what} is a {other} space, which cannot be imported; Box, Discrete, MultiDiscrete, MultiBinary and Dict can");
        }
    }

    private static Box ReadBox(JsonElement json, string what)
    {
        long[] extents = Integers(json, "shape");
        if (extents.Length > 8 || extents.Any(extent => extent is < 0 or > MaxNumbers)
            || extents.Aggregate(1L, (product, extent) => Math.Min(product * extent, int.MaxValue)) > MaxNumbers)
            throw new InvalidDataException($"{what} has the shape [{string.Join(", ", extents)}], larger than {MaxNumbers} numbers");
        var type = Property(json, "dtype", JsonValueKind.String, what).GetString() == "uint8" ? ElementType.UInt8 : ElementType.Float32;
        int[] shape = [.. extents.Select(extent => (int)extent)];
        int size = shape.Aggregate(1, (product, extent) => product * extent);
        return MakeBox(what, Limits(json, "low", size), Limits(json, "high", size), shape, type);
    }

    private static Box MakeBox(string what, float[] low, float[] high, int[] shape, ElementType type)
    {
        try
        {
            return new Box(low, high, null, shape, type);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"{what}: {error.Message}", error);
        }
    }

    private static ActionLayout ReadDiscrete(JsonElement json)
    {
        long count = Whole(json, "n", 1, int.MaxValue);
        long start = json.TryGetProperty("start", out _) ? Whole(json, "start", int.MinValue, int.MaxValue) : 0;
        return new(new Discrete((int)count), [start]);
    }

    private static ActionLayout ReadMultiDiscrete(JsonElement json)
    {
        long[] counts = Integers(json, "nvec");
        long[] start = json.TryGetProperty("start", out _) ? Integers(json, "start") : new long[counts.Length];
        if (counts.Length == 0 || start.Length != counts.Length || counts.Any(count => count is < 1 or > int.MaxValue))
            throw new InvalidDataException($"a MultiDiscrete space needs counts from 1 on and as many starts, found [{string.Join(", ", counts)}] and [{string.Join(", ", start)}]");
        return new(new MultiDiscrete([.. counts.Select(count => (int)count)]), start);
    }

    private static float[] Limits(JsonElement json, string name, int size)
    {
        if (!json.TryGetProperty(name, out var limits))
            throw new InvalidDataException($"a Box space lacks '{name}'");
        var numbers = new List<float>(Math.Min(size, 4096));
        Flatten(limits, numbers, size, name);
        if (limits.ValueKind != JsonValueKind.Array)
            return [.. Enumerable.Repeat(numbers[0], size)];
        return numbers.Count == size ? [.. numbers] : throw new InvalidDataException($"a Box space of {size} numbers has {numbers.Count} in '{name}'");
    }

    private static void Flatten(JsonElement element, List<float> numbers, int most, string name)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                Flatten(item, numbers, most, name);
            return;
        }
        if (numbers.Count > most)
            throw new InvalidDataException($"a Box space of {most} numbers has more in '{name}'");
        numbers.Add((float)(PythonJson.Number(element) ?? throw new InvalidDataException($"'{element.ValueKind}' is no number in '{name}' of a Box space")));
    }

    private static JsonElement Parse(string text, string what)
    {
        var json = PythonJson.Read(text ?? "", what);
        return json.ValueKind == JsonValueKind.Object ? json : throw new InvalidDataException($"{what} is no JSON object");
    }

    private static string TypeOf(JsonElement json)
        => json.ValueKind == JsonValueKind.Object ? Property(json, "type", JsonValueKind.String, "a space").GetString()! : json.ValueKind.ToString();

    private static JsonElement Property(JsonElement json, string name, JsonValueKind kind, string what)
        => json.TryGetProperty(name, out var value) && value.ValueKind == kind
            ? value
            : throw new InvalidDataException($"{what} lacks '{name}'");

    private static long Whole(JsonElement json, string name, long low, long high)
        => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= low && number <= high
            ? number
            : throw new InvalidDataException($"a space needs '{name}', a whole number from {low} to {high}");

    private static long[] Integers(JsonElement json, string name)
        => [.. Property(json, name, JsonValueKind.Array, "a space").EnumerateArray().Select(item
            => item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out long number)
                ? number
                : throw new InvalidDataException($"'{name}' of a space holds what is no whole number"))];
}
