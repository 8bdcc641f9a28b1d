using System.Text.Json;
using Sim.Environments.Episodes;
using Sim.Environments.Spaces;
using Sim.Protocols.Exchange.Hdf5;
using Sim.Protocols.Exchange.Spaces;

namespace Sim.Protocols.Exchange.Minari;

/// <summary>
/// Reads a Minari data set in HDF5, of ours or of Python's. Numbers become float32; spaces inside of dictionaries become
/// groups named with slashes; of the infos only success is kept, and those that our own export described.
/// </summary>
internal static class MinariImport
{
    /// <summary>Reads the data set, as <see cref="EpisodeFormat.Import"/> says.</summary>
    public static ImportedEpisodes Read(string path)
    {
        string folder = File.Exists(Path.Combine(path, MinariMetadata.FileName)) ? path : Path.Combine(path, "data");
        string description = Path.Combine(folder, MinariMetadata.FileName), data = Path.Combine(folder, MinariMetadata.DataFile);
        if (!File.Exists(description))
            throw new FileNotFoundException($"{path} is no Minari data set: it has no data/{MinariMetadata.FileName}");
        var metadata = PythonJson.ReadFile(description);
        if (metadata.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"{description} is no JSON object");
        if (Text(metadata, "data_format") is { } format && format != "hdf5")
            throw new InvalidDataException($"{path} keeps its episodes as '{format}'; only hdf5 can be imported");

        var observation = SpaceText.ReadObservation(Text(metadata, "observation_space") ?? throw Lacks(description, "observation_space"));
        var action = SpaceText.ReadAction(Text(metadata, "action_space") ?? throw Lacks(description, "action_space"));
        RefuseJpeg(metadata, observation, path);
        int count = Count(metadata, description);
        using (var file = Hdf5File.Open(data))
        {
            if (!file.IsGroup($"episode_{count - 1}"))
                throw new InvalidDataException($"{data} lacks 'episode_{count - 1}', the last of {count} episodes that {MinariMetadata.FileName} counts");
        }
        return new(Describe(metadata, observation, action, (labelled, labelledAction, info) => Episodes(data, count, labelled, labelledAction, info)), []);
    }

    private static IEnumerable<RecordedEpisode> Episodes(string path, int count, ObservationLayout observation, ActionLayout action, IReadOnlyList<InfoColumn> info)
    {
        using var file = Hdf5File.Open(path);
        for (int i = 0; i < count; i++)
            yield return new EpisodeReader(file, $"episode_{i}", observation, action, info).Read();
    }

    private static EpisodeSet Describe(JsonElement metadata, ObservationLayout observation, ActionLayout action,
        Func<ObservationLayout, ActionLayout, IReadOnlyList<InfoColumn>, IEnumerable<RecordedEpisode>> episodes)
    {
        if (metadata.TryGetProperty("sim", out var json) && SourceDescription.Read(json) is { } source)
        {
            observation = observation.WithLabels(source.LabelsOf);
            action = action.WithLabels(source.ActionLabels);
            var described = source.ToSet(observation.ToSpace(), action.Space, []) with
            {
                Info = source.ToInfo(),
                InfoNames = (source.InfoNames ?? []).ToDictionary(names => names.Key, names => (IReadOnlyList<string>)names.Value),
            };
            return described with { Episodes = episodes(observation, action, InfoColumn.Of(described)) };
        }
        var (name, limit) = Environment(metadata);
        observation = observation.WithLabels(group => KnownEnvironment.LabelsOf(name, group));
        action = action.WithLabels(KnownEnvironment.ActionLabelsOf(name));
        return new()
        {
            Environment = KnownEnvironment.Find(name)?.Id ?? name,
            Observation = observation.ToSpace(),
            Action = action.Space,
            TimeLimit = limit,
            Episodes = episodes(observation, action, []),
        };
    }

    /// <summary>Name and time limit of the environment, as far as they are told.</summary>
    private static (string Name, int TimeLimit) Environment(JsonElement metadata)
    {
        string name = Text(metadata, "dataset_id") ?? "";
        if (Text(metadata, "env_spec") is not { } text || PythonJson.Read(text, "env_spec") is not { ValueKind: JsonValueKind.Object } spec)
            return (name, 0);
        bool isLimited = spec.TryGetProperty("max_episode_steps", out var steps) & steps.ValueKind == JsonValueKind.Number;
        return (Text(spec, "id") ?? name, isLimited && steps.TryGetInt32(out int limit) && limit > 0 ? limit : 0);
    }

    /// <summary>Minari compresses what looks like an image, unless told otherwise, and readers assume so where nothing is said.</summary>
    private static void RefuseJpeg(JsonElement metadata, ObservationLayout observation, string path)
    {
        bool mayBeJpeg = !metadata.TryGetProperty("jpeg_encoding", out var flag) || flag.ValueKind != JsonValueKind.False;
        if (mayBeJpeg && observation.Leaves.FirstOrDefault(leaf => IsImage(leaf.Space)) is { } image)
            throw new InvalidDataException($"{path} keeps '{ObservationLayout.NameOf(image)}' as JPEG images, which cannot be imported; write the set with jpeg_encoding=False");
    }

    private static bool IsImage(Box box)
        => box.Type == ElementType.UInt8 && box.Shape.Count is 2 or 3 && box.Shape[0] >= 32 && box.Shape[1] >= 32
            && box.Low.All(low => low == 0) && box.High.All(high => high == byte.MaxValue);

    private static int Count(JsonElement metadata, string path)
        => metadata.TryGetProperty("total_episodes", out var count) && count.ValueKind == JsonValueKind.Number && count.TryGetInt32(out int value) && value > 0
            ? value
            : throw new InvalidDataException($"{path} needs 'total_episodes', a whole number of at least 1");

    private static string? Text(JsonElement json, string name)
        => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static InvalidDataException Lacks(string path, string name) => new($"{path} lacks '{name}'");

    /// <summary>Reads one episode's group.</summary>
    private sealed class EpisodeReader(Hdf5File file, string group, ObservationLayout observation, ActionLayout action, IReadOnlyList<InfoColumn> info)
    {
        public RecordedEpisode Read()
        {
            var rewards = file.Array($"{group}/rewards");
            int steps = (int)rewards.Rows;
            return new()
            {
                Length = steps,
                Start = EpisodeAttributes.ReadStart(file, group),
                Options = EpisodeAttributes.ReadOptions(file, group),
                Observations = [.. observation.Leaves.Select(leaf => ReadGroup(leaf, steps + 1))],
                Actions = action.Space is Box box ? file.Array($"{group}/actions").ReadFloats(steps, box.Size) : [],
                Choices = action.Space is Box ? [] : ReadChoices(steps),
                Rewards = rewards.ReadFloats(steps, 1),
                Terminated = ReadEnd("terminations", steps),
                Truncated = ReadEnd("truncations", steps),
                Info = ReadInfo(steps + 1),
                Success = Success(steps),
                Operator = EpisodeAttributes.ReadOperator(file, group),
            };
        }

        private RecordedObservations ReadGroup(ObservationLeaf leaf, int rows)
        {
            var array = file.Array(leaf.Path.Length == 0 ? $"{group}/observations" : $"{group}/observations/{leaf.Path}");
            byte[] numbers = leaf.Space.Type == ElementType.UInt8
                ? array.ReadBytes(rows, leaf.Space.Size)
                : RowBytes.Of(array.ReadFloats(rows, leaf.Space.Size));
            return new(ObservationLayout.NameOf(leaf), leaf.Space, numbers);
        }

        private float[] ReadInfo(int rows)
        {
            float[] all = new float[rows * info.Count];
            foreach (var column in info)
            {
                var array = file.Array($"{group}/{InfoSlots.PlaceOf(column.Label)}");
                float[] values = column.IsCategory ? Array.ConvertAll(array.ReadIntegers(rows, 1), number => (float)number) : array.ReadFloats(rows, 1);
                for (int row = 0; row < rows; row++) all[(row * info.Count) + column.Column] = values[row];
            }
            return all;
        }

        private bool[] ReadEnd(string name, int steps)
        {
            bool[] flags = file.Array($"{group}/{name}").ReadFlags(steps);
            int first = Array.IndexOf(flags, true);
            return first < 0 || first == steps - 1
                ? flags
                : throw new InvalidDataException($"'{group}/{name}' ends the episode at step {first}, and it goes on to step {steps - 1}");
        }

        private int[] ReadChoices(int steps)
        {
            long[] numbers = file.Array($"{group}/actions").ReadIntegers(steps, action.Space.Size);
            return ChoiceNumbers.FromZero(numbers, action, group);
        }

        private bool[]? Success(int steps)
        {
            foreach (string name in (ReadOnlySpan<string>)["success", "is_success"])
            {
                string place = $"{group}/infos/{name}";
                if (!file.Exists(place) || file.IsGroup(place)) continue;
                var flags = file.Array(place);
                if (flags.Rows == steps + 1 && flags.Count == flags.Rows) return flags.ReadFlags(steps + 1)[1..];
                if (flags.Rows == steps && flags.Count == flags.Rows) return flags.ReadFlags(steps);
            }
            return null;
        }
    }
}
