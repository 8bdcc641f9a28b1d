using System.Text.Json;
using Sim.Protocols.Exchange.Spaces;

namespace Sim.Protocols.Exchange.LeRobot;

/// <summary>What <c>info.json</c> says that an import needs.</summary>
/// <param name="RobotType">The robot, or the environment of ours.</param>
/// <param name="ControlPeriod">Seconds between two frames; 0 where it is not told.</param>
/// <param name="Episodes">Episodes in the data set.</param>
/// <param name="Features">Features of numbers, vectors at most.</param>
/// <param name="LeftOut">A sentence for every other feature.</param>
internal sealed record LeRobotInfo(string RobotType, float ControlPeriod, int Episodes, IReadOnlyList<LeRobotFeature> Features, IReadOnlyList<string> LeftOut)
{
    private const int MaxNumbers = 1 << 20;

    private static readonly string[] s_numbers = ["float32", "float64", "int64", "int32", "int16", "int8", "uint8", "bool"];

    /// <exception cref="InvalidDataException">It is no description of a v3.0 data set.</exception>
    public static LeRobotInfo Read(string path)
    {
        var json = PythonJson.ReadFile(path);
        if (json.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"{path} is no JSON object");
        string version = Text(json, "codebase_version") ?? "";
        if (version.Split('.')[0] != "v3")
            throw new InvalidDataException($"{path} is of version '{version}', not v3.0: LeRobot's own script converts v2.1");
        if (!json.TryGetProperty("features", out var features) || features.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"{path} lacks 'features'");
        if (!json.TryGetProperty("total_episodes", out var total) || total.ValueKind != JsonValueKind.Number || !total.TryGetInt32(out int episodes) || episodes < 1)
            throw new InvalidDataException($"{path} needs 'total_episodes', a whole number of at least 1");
        double rate = json.TryGetProperty("fps", out var fps) ? PythonJson.Number(fps) ?? 0 : 0;

        var (known, leftOut) = (new List<LeRobotFeature>(), new List<string>());
        foreach (var feature in features.EnumerateObject())
        {
            if (ReadFeature(feature.Name, feature.Value) is { } vector)
                known.Add(vector);
            else
                leftOut.Add($"'{feature.Name}' is left out: {Describe(feature.Value)}");
        }
        return new(Text(json, "robot_type") ?? "", rate is > 1e-6 and < 1e6 ? (float)(1 / rate) : 0, episodes, known, leftOut);
    }

    private static LeRobotFeature? ReadFeature(string name, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || Text(json, "dtype") is not { } type || !s_numbers.Contains(type))
            return null;
        if (!json.TryGetProperty("shape", out var shape) || shape.ValueKind != JsonValueKind.Array || shape.GetArrayLength() != 1
            || shape[0].ValueKind != JsonValueKind.Number || !shape[0].TryGetInt32(out int size) || size is < 1 or > MaxNumbers)
            return null;
        return new(name, type, size, json.TryGetProperty("names", out var names) ? Names(names, size) : []);
    }

    /// <summary>Names of the numbers: a list, or a list under some heading such as <c>motors</c>.</summary>
    private static string[] Names(JsonElement names, int size)
    {
        if (names.ValueKind == JsonValueKind.Object && names.EnumerateObject().Count() == 1)
            names = names.EnumerateObject().First().Value;
        return names.ValueKind == JsonValueKind.Array && names.GetArrayLength() == size && names.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String)
            ? [.. names.EnumerateArray().Select(name => name.GetString()!)]
            : [];
    }

    private static string Describe(JsonElement feature)
        => feature.ValueKind == JsonValueKind.Object && Text(feature, "dtype") is { } type
            ? type is "image" or "video" ? $"{type}s are not imported" : $"it is no vector of numbers ({type})"
            : "it says neither its type nor its shape";

    private static string? Text(JsonElement json, string name)
        => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
