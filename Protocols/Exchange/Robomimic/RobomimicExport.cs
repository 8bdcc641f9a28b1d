using System.Text.Json.Nodes;
using PureHDF;
using Sim.Environments.Episodes;
using Sim.Environments.Spaces;
using Sim.Protocols.Exchange.Hdf5;
using Sim.Protocols.Exchange.Spaces;

namespace Sim.Protocols.Exchange.Robomimic;

/// <summary>
/// Writes robomimic's HDF5 file: <c>data/demo_k</c> with T rows in every array, and <c>mask</c> with the names of the
/// training and validation episodes. Actions are scaled from their box to −1 … 1. Memory: as
/// <see cref="Minari.MinariExport"/>.
/// </summary>
internal static class RobomimicExport
{
    /// <summary>What robomimic's own Gym wrapper calls a lone observation vector.</summary>
    public const string LoneKey = "flat";

    /// <summary>Attributes that keep how an episode ended, of which <c>dones</c> says half.</summary>
    public const string Terminated = "terminated", Truncated = "truncated";

    /// <summary>Robomimic's number for Gym environments.</summary>
    private const int GymEnvironment = 2;

    /// <summary>Writes the data set, as <see cref="EpisodeFormat.Export"/> says.</summary>
    public static ExportSummary Write(EpisodeSet set, string path, ExportOptions options)
    {
        if (set.Action is not Box action)
            throw new ArgumentException($"robomimic's actions are numbers in -1 to 1; {set.Action} cannot be written so: export to minari or lerobot");
        var scale = new ActionScale(action);
        var selection = EpisodeSelection.Of(set, options);
        using var target = new PendingTarget(path);
        var tree = new Hdf5Tree(options.Compression);
        var data = Hdf5Tree.Group(tree.Root, "data");
        data.Attributes["total"] = selection.Steps;
        data.Attributes["env_args"] = EnvironmentArguments(set, action);
        var slots = selection.Outlines.Select(outline => new Slots(tree, data, set, action, outline)).ToArray();
        AddMask(tree, selection.Outlines.Count, options);
        using (var writer = tree.BeginWrite(target.Path))
        {
            foreach (var (outline, episode) in selection.Read())
                slots[outline.Index].Fill(writer, episode, scale);
        }
        target.Commit();
        return selection.Summary;
    }

    /// <summary>The observation key of a group.</summary>
    public static string KeyOf(Space observation, string group) => observation is Dict ? group : LoneKey;

    private static string EnvironmentArguments(EpisodeSet set, Box action)
    {
        var settings = set.Settings.Length == 0 ? null : JsonNode.Parse(PythonJson.Read(set.Settings, "the settings").GetRawText());
        bool isOurs = KnownEnvironment.Find(set.Environment) is not null;
        var arguments = new JsonObject
        {
            ["env_name"] = isOurs ? KnownEnvironment.GymnasiumId(set.Environment) : set.Environment,
            ["type"] = GymEnvironment,
            ["env_type"] = GymEnvironment,
            ["env_kwargs"] = new JsonObject { ["settings"] = settings ?? new JsonObject() },
            ["action_low"] = Numbers(action.Low),
            ["action_high"] = Numbers(action.High),
            ["sim"] = JsonNode.Parse(SourceDescription.Of(set).ToJson().GetRawText()),
        };
        return arguments.ToJsonString();
    }

    private static JsonArray Numbers(IReadOnlyList<float> numbers) => [.. numbers.Select(number => JsonValue.Create(number))];

    private static void AddMask(Hdf5Tree tree, int count, ExportOptions options)
    {
        if (options.ValidRatio <= 0) return;
        bool[] isValid = TrainValidSplit.Of(count, options.ValidRatio, options.Seed);
        var mask = Hdf5Tree.Group(tree.Root, "mask");
        mask["train"] = Names(isValid, false);
        mask["valid"] = Names(isValid, true);
    }

    private static string[] Names(bool[] isValid, bool wanted)
        => [.. Enumerable.Range(0, isValid.Length).Where(index => isValid[index] == wanted).Select(index => $"demo_{index}")];

    /// <summary>The arrays of one episode, laid out before they are filled.</summary>
    private sealed class Slots
    {
        private readonly Group[] _groups;
        private readonly H5Dataset<float[]> _actions, _rewards;
        private readonly H5Dataset<Hdf5Flag[]> _dones;
        private readonly H5Dataset<Hdf5Flag[]>? _success;
        private readonly H5Dataset<double[]> _states;
        private readonly InfoSlots _info;

        public Slots(Hdf5Tree tree, H5Group data, EpisodeSet set, Box action, EpisodeOutline outline)
        {
            long steps = outline.Length;
            var demo = Hdf5Tree.Group(data, $"demo_{outline.Index}");
            demo.Attributes["num_samples"] = steps;
            demo.Attributes[Terminated] = Hdf5Flags.Of(outline.Terminated);
            demo.Attributes[Truncated] = Hdf5Flags.Of(outline.Truncated);
            EpisodeAttributes.Write(demo, outline);
            _actions = tree.Add<float>(demo, "actions", steps, action.Size);
            _rewards = tree.Add<float>(demo, "rewards", steps);
            _dones = tree.Add<Hdf5Flag>(demo, "dones", steps);
            _states = tree.Add<double>(demo, "states", steps, 1);
            _success = outline.HasSuccess ? tree.Add<Hdf5Flag>(demo, "success", steps) : null;
            _info = new InfoSlots(tree, demo, set, outline.Length);
            _groups = [.. EpisodeShape.Groups(set.Observation).Select(group => new Group(tree, demo, KeyOf(set.Observation, group.Name), group.Space, steps))];
        }

        public void Fill(H5NativeWriter writer, RecordedEpisode episode, ActionScale scale)
        {
            writer.Write(_actions, scale.ToUnit(episode.Actions));
            writer.Write(_rewards, episode.Rewards);
            var dones = new Hdf5Flag[episode.Length];
            dones[^1] = Hdf5Flags.Of(episode.Terminated[^1] || episode.IsSuccess == true);
            writer.Write(_dones, dones);
            // Only MuJoCo states mean anything to robomimic; its documentation asks for dummies elsewhere.
            writer.Write(_states, new double[episode.Length]);
            if (_success is not null)
                writer.Write(_success, Hdf5Flags.Of(episode.Success!));
            _info.Fill(writer, episode);
            for (int i = 0; i < _groups.Length; i++)
                _groups[i].Fill(writer, episode.Observations[i], episode.Length);
        }
    }

    /// <summary>One observation key: rows 0 … T − 1 before the actions, rows 1 … T after them.</summary>
    private sealed class Group
    {
        private readonly H5Dataset<float[]>? _floats, _nextFloats;
        private readonly H5Dataset<byte[]>? _bytes, _nextBytes;

        public Group(Hdf5Tree tree, H5Group demo, string key, Box space, long steps)
        {
            long[] shape = [steps, .. space.Shape];
            if (space.Type == ElementType.Float32)
            {
                _floats = tree.Add<float>(demo, $"obs/{key}", shape);
                _nextFloats = tree.Add<float>(demo, $"next_obs/{key}", shape);
            }
            else
            {
                _bytes = tree.Add<byte>(demo, $"obs/{key}", shape);
                _nextBytes = tree.Add<byte>(demo, $"next_obs/{key}", shape);
            }
        }

        public void Fill(H5NativeWriter writer, RecordedObservations group, int steps)
        {
            var before = group.Rows(0, steps);
            var after = group.Rows(1, steps);
            if (_floats is not null)
            {
                writer.Write(_floats, RowBytes.Floats(before));
                writer.Write(_nextFloats!, RowBytes.Floats(after));
            }
            else
            {
                writer.Write(_bytes!, before.ToArray());
                writer.Write(_nextBytes!, after.ToArray());
            }
        }
    }
}
