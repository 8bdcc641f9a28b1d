using System.Globalization;
using System.Text.Json;
using Sim.Environments.Episodes;
using Sim.Environments.Spaces;
using Sim.Protocols.Exchange.Hdf5;
using Sim.Protocols.Exchange.Spaces;

namespace Sim.Protocols.Exchange.Robomimic;

/// <summary>
/// Reads robomimic's HDF5 file, of ours or of robomimic's own scripts. Spaces that the file does not tell are taken from
/// the first episode's shapes. The last observation is the last row of <c>next_obs</c>; where there is none, the last
/// row of <c>obs</c> stands twice.
/// </summary>
internal static class RobomimicImport
{
    private const string Data = "data", Prefix = "demo_";

    /// <summary>Reads the data set, as <see cref="EpisodeFormat.Import"/> says.</summary>
    public static ImportedEpisodes Read(string path)
    {
        using var file = Hdf5File.Open(path);
        string[] demos = Demos(file, path);
        var arguments = file.Attribute(Data, "env_args") is string text
            ? PythonJson.Read(text, "env_args")
            : default;
        var source = arguments.ValueKind == JsonValueKind.Object && arguments.TryGetProperty("sim", out var json) ? SourceDescription.Read(json) : null;
        var notes = new List<string>();
        var layout = source is null ? ShapesOf(file, demos[0], arguments) : Described(source, arguments);
        if (!file.Exists($"{Data}/{demos[0]}/next_obs"))
            notes.Add("there is no next_obs: the last observation of each episode stands twice");
        var episodes = Episodes(path, demos, layout);
        return new(source?.ToSet(layout.Observation.ToSpace(), layout.Action, episodes) ?? new()
        {
            Environment = layout.Environment,
            Observation = layout.Observation.ToSpace(),
            Action = layout.Action,
            Episodes = episodes,
        }, notes);
    }

    /// <summary>Names of the episodes, by their numbers.</summary>
    private static string[] Demos(Hdf5File file, string path)
    {
        if (!file.IsGroup(Data))
            throw new InvalidDataException($"{path} is no robomimic file: it has no group 'data'");
        string[] demos =
        [
            .. file.Children(Data)
                .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
                .Select(name => (Name: name, Number: int.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1))
                .Where(demo => demo.Number >= 0)
                .OrderBy(demo => demo.Number)
                .Select(demo => demo.Name),
        ];
        return demos.Length > 0 ? demos : throw new InvalidDataException($"{path} has no episodes: its group 'data' holds no demo_0");
    }

    private static Layout Described(SourceDescription source, JsonElement arguments)
    {
        var observation = SpaceText.ReadObservation(source.ObservationSpace).WithLabels(source.LabelsOf);
        if (SpaceText.ReadAction(source.ActionSpace).WithLabels(source.ActionLabels).Space is not Box action)
            throw new InvalidDataException("the actions of a robomimic file are a Box; its description says otherwise");
        return new(source.Environment, observation, action, Scale(arguments, action));
    }

    /// <summary>Spaces without limits, in the shapes of an episode.</summary>
    private static Layout ShapesOf(Hdf5File file, string demo, JsonElement arguments)
    {
        string name = arguments.ValueKind == JsonValueKind.Object && arguments.TryGetProperty("env_name", out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()! : "";
        string place = $"{Data}/{demo}";
        if (!file.IsGroup($"{place}/obs"))
            throw new InvalidDataException($"'{place}' holds no observations: write them with robomimic's dataset_states_to_obs.py");
        var keys = file.Children($"{place}/obs").Order(StringComparer.Ordinal).ToArray();
        bool isLone = keys is [RobomimicExport.LoneKey];
        var leaves = keys.Select(key => new ObservationLeaf(isLone ? "" : key, BoxOf(file.Array($"{place}/obs/{key}"), key))).ToArray();
        if (leaves.Length == 0)
            throw new InvalidDataException($"'{place}/obs' is empty");
        var observation = new ObservationLayout(leaves).WithLabels(group => KnownEnvironment.LabelsOf(name, group));
        var actions = file.Array($"{place}/actions");
        if (actions.Shape.Count != 2)
            throw new InvalidDataException($"'{place}/actions' has {actions.Shape.Count} axes, not 2");
        int size = (int)actions.Shape[1];
        var action = SpaceLabels.On(new Box(Filled(size, -1), Filled(size, 1)), KnownEnvironment.ActionLabelsOf(name));
        return new(KnownEnvironment.Find(name)?.Id ?? name, observation, action, null);
    }

    private static Box BoxOf(Hdf5Array array, string key)
    {
        if (array.Shape.Count == 0)
            throw new InvalidDataException($"observation '{key}' has no rows");
        int[] shape = [.. array.Shape.Skip(1).Select(extent => (int)extent)];
        long size = shape.Aggregate(1L, (product, extent) => Math.Min(product * extent, int.MaxValue));
        if (size > 1 << 24)
            throw new InvalidDataException($"observation '{key}' has {size} numbers in a row, more than {1 << 24}");
        return array.IsBytes
            ? new Box(Filled((int)size, 0), Filled((int)size, byte.MaxValue), null, shape, ElementType.UInt8)
            : new Box(Filled((int)size, float.NegativeInfinity), Filled((int)size, float.PositiveInfinity), null, shape);
    }

    /// <summary>How our own export scaled the actions.</summary>
    private static ActionScale Scale(JsonElement arguments, Box action)
    {
        float[] low = Limits(arguments, "action_low", action.Size), high = Limits(arguments, "action_high", action.Size);
        try
        {
            return new(low, high);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"env_args: {error.Message}", error);
        }
    }

    private static float[] Limits(JsonElement arguments, string name, int size)
        => arguments.TryGetProperty(name, out var limits) && limits.ValueKind == JsonValueKind.Array && limits.GetArrayLength() == size
            ? [.. limits.EnumerateArray().Select(limit => (float)(PythonJson.Number(limit) ?? double.NaN))]
            : throw new InvalidDataException($"env_args lacks '{name}', {size} numbers");

    private static float[] Filled(int size, float value) => [.. Enumerable.Repeat(value, size)];

    private static IEnumerable<RecordedEpisode> Episodes(string path, string[] demos, Layout layout)
    {
        using var file = Hdf5File.Open(path);
        foreach (string demo in demos)
            yield return ReadEpisode(file, $"{Data}/{demo}", layout);
    }

    private static RecordedEpisode ReadEpisode(Hdf5File file, string place, Layout layout)
    {
        var actions = file.Array($"{place}/actions");
        int steps = (int)actions.Rows;
        if (steps < 1)
            throw new InvalidDataException($"'{place}' has no steps");
        float[] unit = actions.ReadFloats(steps, layout.Action.Size);
        var (terminated, truncated) = ReadEnd(file, place, steps);
        return new()
        {
            Length = steps,
            Start = EpisodeAttributes.ReadStart(file, place),
            Options = EpisodeAttributes.ReadOptions(file, place),
            Operator = EpisodeAttributes.ReadOperator(file, place),
            Observations = [.. layout.Observation.Leaves.Select(leaf => ReadGroup(file, place, leaf, steps))],
            Actions = layout.Scale?.FromUnit(unit) ?? unit,
            Rewards = file.Exists($"{place}/rewards") ? file.Array($"{place}/rewards").ReadFloats(steps, 1) : new float[steps],
            Terminated = terminated,
            Truncated = truncated,
            Success = file.Exists($"{place}/success") ? file.Array($"{place}/success").ReadFlags(steps) : null,
        };
    }

    private static (bool[] Terminated, bool[] Truncated) ReadEnd(Hdf5File file, string place, int steps)
    {
        bool[] terminated = new bool[steps], truncated = new bool[steps];
        if (file.Attribute(place, RobomimicExport.Terminated) is bool ours)
        {
            terminated[^1] = ours;
            truncated[^1] = file.Attribute(place, RobomimicExport.Truncated) is true;
        }
        else if (file.Exists($"{place}/dones"))
        {
            // Robomimic's scripts may set several at the end; an episode ends once.
            terminated[^1] = file.Array($"{place}/dones").ReadFlags(steps)[^1];
        }
        return (terminated, truncated);
    }

    private static RecordedObservations ReadGroup(Hdf5File file, string place, ObservationLeaf leaf, int steps)
    {
        string key = leaf.Path.Length == 0 ? RobomimicExport.LoneKey : leaf.Path;
        byte[] before = ReadRows(file.Array($"{place}/obs/{key}"), leaf.Space, steps);
        int rowBytes = before.Length / steps;
        byte[] after = file.Exists($"{place}/next_obs/{key}") ? ReadRows(file.Array($"{place}/next_obs/{key}"), leaf.Space, steps) : before;
        return new(ObservationLayout.NameOf(leaf), leaf.Space, [.. before, .. after.AsSpan(after.Length - rowBytes)]);
    }

    private static byte[] ReadRows(Hdf5Array array, Box space, int rows)
        => space.Type == ElementType.UInt8 ? array.ReadBytes(rows, space.Size) : RowBytes.Of(array.ReadFloats(rows, space.Size));

    /// <summary>What the file's numbers are.</summary>
    private sealed record Layout(string Environment, ObservationLayout Observation, Box Action, ActionScale? Scale);
}
