using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using NUnit.Framework;
using Sim.Environments.Episodes;
using Sim.Environments.Spaces;
using Sim.Protocols.Exchange;

namespace Sim.Tests.Protocols.Exchange;

/// <summary>What h5py and Python's json find in the files that we write: names, types, shapes and every byte.</summary>
public sealed class ReadByPythonTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void H5py_sees_minari_episodes_with_their_types_shapes_and_bytes([Values] ExportCompression compression)
    {
        var set = MadeEpisodes.Goals();
        var tree = Hdf5("minari", set, new() { Compression = compression }, "data/main_data.hdf5");
        foreach (var (episode, i) in set.Episodes.Select((episode, i) => (episode, i)))
        {
            string group = $"episode_{i}";
            int steps = episode.Length;
            Assert.That(Attribute(tree, group, "id"), Is.EqualTo(("int64", $"{i}")));
            Assert.That(Attribute(tree, group, "total_steps"), Is.EqualTo(("int64", $"{steps}")));
            foreach (var recorded in episode.Observations)
            {
                string type = recorded.Space.Type == ElementType.UInt8 ? "uint8" : "float32";
                HasArray(tree, $"{group}/observations/{recorded.Name}", type, [steps + 1, recorded.Space.Size], recorded.Rows);
            }
            HasArray(tree, $"{group}/actions", "float32", [steps, 2], Bytes(episode.Actions));
            HasArray(tree, $"{group}/rewards", "float32", [steps], Bytes(episode.Rewards));
            HasArray(tree, $"{group}/terminations", "bool", [steps], Bytes(episode.Terminated));
            HasArray(tree, $"{group}/truncations", "bool", [steps], Bytes(episode.Truncated));
            HasArray(tree, $"{group}/infos/success", "bool", [steps + 1], Bytes([false, .. episode.Success!]));
        }
        Assert.That(tree.EnumerateObject().Select(entry => entry.Name).Where(name => name.Length > 0 && !name.Contains('/')),
            Is.EquivalentTo(new[] { "episode_0", "episode_1", "episode_2" }), "Minari counts the groups of the file");
    }

    [Test]
    public void H5py_sees_seeds_options_and_operators_as_attributes()
    {
        var tree = Hdf5("minari", MadeEpisodes.Goals(), new(), "data/main_data.hdf5");
        Assert.That(Attributes(tree, "episode_0"), Is.EquivalentTo(new[] { "id", "total_steps" }));
        Assert.That(Attribute(tree, "episode_1", "seed"), Is.EqualTo(("uint64", "18446744073709551614")));
        Assert.That(Attribute(tree, "episode_1", "operator"), Is.EqualTo(("str", "Ärztin 7")));
        Assert.That(Attributes(tree, "episode_2"), Does.Not.Contain("seed"), "reset(seed) would start another episode than this, the second of its seed");
        Assert.That(Attribute(tree, "episode_2", "start_number"), Is.EqualTo(("int64", "1")));
        Assert.That(Attribute(tree, "episode_2", "options/low"), Is.EqualTo(("float64", "-0.2")));
        Assert.That(Attribute(tree, "episode_2", "options/mass.tool"), Is.EqualTo(("str", "0.10")), "as a number it would lose its last digit");
        Assert.That(Attribute(tree, "episode_2", "options/mode"), Is.EqualTo(("str", "slow")));
        var small = Hdf5("minari", PlayedEpisodes.Of("cartpole", 1), new(), "data/main_data.hdf5", "small");
        Assert.That(Attribute(small, "episode_0", "seed"), Is.EqualTo(("int64", "5")), "h5py writes Python's whole numbers so");
    }

    [Test]
    public void H5py_sees_choices_as_int64_and_a_lone_box_without_a_group()
    {
        var set = PlayedEpisodes.Of("cartpole", episodes: 2);
        var tree = Hdf5("minari", set, new(), "data/main_data.hdf5");
        var episode = set.Episodes.First();
        HasArray(tree, "episode_0/actions", "int64", [episode.Length], Bytes(Array.ConvertAll(episode.Choices, choice => (long)choice)));
        HasArray(tree, "episode_0/observations", "float32", [episode.Length + 1, 4], episode.Observations[0].Rows);
        Assert.That(tree.TryGetProperty("episode_0/infos", out _), Is.False, "the task does not say what success is");
    }

    [Test]
    public void H5py_sees_pictures_in_their_shape()
    {
        var set = MadeEpisodes.Pictures();
        var tree = Hdf5("minari", set, new() { Compression = ExportCompression.Fast }, "data/main_data.hdf5");
        HasArray(tree, "episode_1/observations", "uint8", [4, 32, 40, 3], set.Episodes.Last().Observations[0].Rows);
        Assert.That(tree.GetProperty("episode_1/observations").GetProperty("compression").GetString(), Is.EqualTo("gzip"));
    }

    [Test]
    public void Python_reads_minaris_metadata_and_gets_the_spaces()
    {
        var set = PlayedEpisodes.Of("cartpole", episodes: 3);
        string path = Export("minari", set, new() { DatasetId = "sim/cartpole/random-v0" });
        var metadata = PythonProcess.Json(PythonProcess.RunWithHdf5("read_back.py", "metadata", Path.Combine(path, "data", "metadata.json")));
        Assert.That(metadata.GetProperty("dataset_id").GetString(), Is.EqualTo("sim/cartpole/random-v0"));
        Assert.That(metadata.GetProperty("total_episodes").GetInt32(), Is.EqualTo(3));
        Assert.That(metadata.GetProperty("total_steps").GetInt32(), Is.EqualTo(set.Episodes.Sum(episode => episode.Length)));
        Assert.That(metadata.GetProperty("data_format").GetString(), Is.EqualTo("hdf5"));
        Assert.That(metadata.GetProperty("jpeg_encoding").GetBoolean(), Is.False);
        Assert.That(metadata.GetProperty("minari_version").GetString(), Is.EqualTo("0.5.3"), "Minari opens no data set of a version that it does not list");
        var box = (Box)set.Observation;
        var space = metadata.GetProperty("observation_space");
        Assert.That(space.GetProperty("low").GetString(), Is.EqualTo(Hash(Bytes([.. box.Low]))));
        Assert.That(space.GetProperty("high").GetString(), Is.EqualTo(Hash(Bytes([.. box.High]))));
        Assert.That(space.GetProperty("shape").GetRawText(), Is.EqualTo("[4]"));
        Assert.That(metadata.GetProperty("action_space").GetProperty("n").GetInt32(), Is.EqualTo(2));
    }

    [Test]
    public void Minaris_env_spec_has_every_field_that_gymnasium_asks_for()
    {
        string path = Export("minari", PlayedEpisodes.Of("mountain-car-continuous", episodes: 1, settings: "episode_steps=20"), new());
        var metadata = PythonProcess.Json(PythonProcess.RunWithHdf5("read_back.py", "metadata", Path.Combine(path, "data", "metadata.json")));
        var spec = metadata.GetProperty("env_spec");
        // The fields of gymnasium.envs.registration.EnvSpec that to_json writes.
        Assert.That(spec.EnumerateObject().Select(field => field.Name), Is.EquivalentTo(new[]
        {
            "id", "entry_point", "reward_threshold", "nondeterministic", "max_episode_steps", "order_enforce", "disable_env_checker",
            "kwargs", "additional_wrappers", "vector_entry_point",
        }));
        Assert.That(spec.GetProperty("id").GetString(), Is.EqualTo("sim/mountain-car-continuous"));
        Assert.That(spec.GetProperty("max_episode_steps").GetInt32(), Is.EqualTo(20));
        Assert.That(spec.GetProperty("kwargs").GetProperty("settings").GetProperty("episode_steps").GetInt32(), Is.EqualTo(20));
        Assert.That(spec.GetProperty("additional_wrappers").GetArrayLength(), Is.Zero);
    }

    [Test]
    public void H5py_sees_robomimic_demonstrations_with_their_types_and_shapes([Values] ExportCompression compression)
    {
        var set = PlayedEpisodes.Of("quadrotor-hover", episodes: 3);
        var tree = Hdf5("robomimic", set, new() { Compression = compression }, "");
        var episodes = set.Episodes.ToArray();
        Assert.That(Attribute(tree, "data", "total"), Is.EqualTo(("int64", $"{episodes.Sum(episode => episode.Length)}")));
        for (int i = 0; i < episodes.Length; i++)
        {
            var (episode, group, steps) = (episodes[i], $"data/demo_{i}", episodes[i].Length);
            Assert.That(Attribute(tree, group, "num_samples"), Is.EqualTo(("int64", $"{steps}")));
            byte[] rows = episode.Observations[0].Rows;
            int size = episode.Observations[0].Space.Size;
            HasArray(tree, $"{group}/obs/flat", "float32", [steps, size], rows[..^(size * 4)]);
            HasArray(tree, $"{group}/next_obs/flat", "float32", [steps, size], rows[(size * 4)..]);
            HasArray(tree, $"{group}/actions", "float32", [steps, 4], Bytes(episode.Actions));
            HasArray(tree, $"{group}/rewards", "float32", [steps], Bytes(episode.Rewards));
            HasArray(tree, $"{group}/states", "float64", [steps, 1], new byte[steps * 8]);
            bool[] dones = new bool[steps];
            dones[^1] = episode.Terminated[^1] || episode.Success![^1];
            HasArray(tree, $"{group}/dones", "bool", [steps], Bytes(dones));
        }
    }

    [Test]
    public void Robomimic_finds_its_environment_and_its_masks()
    {
        var tree = Hdf5("robomimic", PlayedEpisodes.Of("mountain-car-continuous", episodes: 10, settings: "episode_steps=20"), new() { ValidRatio = 0.3f, Seed = 4 }, "");
        var (type, text) = Attribute(tree, "data", "env_args");
        Assert.That(type, Is.EqualTo("str"));
        var arguments = PythonProcess.Json(text);
        Assert.That(arguments.GetProperty("env_name").GetString(), Is.EqualTo("sim/mountain-car-continuous"));
        Assert.That(arguments.GetProperty("type").GetInt32(), Is.EqualTo(2), "robomimic's number for Gym");
        Assert.That(arguments.GetProperty("env_kwargs").GetProperty("settings").GetProperty("episode_steps").GetInt32(), Is.EqualTo(20));
        string[] train = Texts(tree, "mask/train"), valid = Texts(tree, "mask/valid");
        Assert.That((train.Length, valid.Length), Is.EqualTo((7, 3)));
        Assert.That(train.Concat(valid), Is.EquivalentTo(Enumerable.Range(0, 10).Select(i => $"demo_{i}")));
    }

    [Test]
    public void Robomimic_finds_scaled_actions_in_minus_one_to_one_and_their_limits()
    {
        var tree = Hdf5("robomimic", MadeEpisodes.Goals(), new() { ValidRatio = 0 }, "");
        var arguments = PythonProcess.Json(Attribute(tree, "data", "env_args").Value);
        Assert.That(arguments.GetProperty("action_low").EnumerateArray().Select(limit => limit.GetSingle()), Is.EqualTo(new[] { -2, -0.5f }));
        Assert.That(arguments.GetProperty("action_high").EnumerateArray().Select(limit => limit.GetSingle()), Is.EqualTo(new[] { 3, 0.25f }));
        HasArray(tree, "data/demo_2/obs/touch", "uint8", [6, 3], MadeEpisodes.Goals().Episodes.Last().Observations[3].Rows[..18]);
        Assert.That(tree.TryGetProperty("mask", out _), Is.False);
    }

    private JsonElement Hdf5(string format, EpisodeSet set, ExportOptions options, string file, string name = "out")
        => PythonProcess.Json(PythonProcess.RunWithHdf5("read_back.py", "hdf5", Path.Combine(Export(format, set, options, name), file)));

    private string Export(string format, EpisodeSet set, ExportOptions options, string name = "out")
    {
        string path = _folder.File(name);
        EpisodeFormats.Find(format).Export(set, path, options);
        return path;
    }

    private static void HasArray(JsonElement tree, string path, string type, long[] shape, byte[] bytes)
    {
        Assert.That(tree.TryGetProperty(path, out var array), Is.True, path);
        Assert.That(array.GetProperty("dtype").GetString(), Is.EqualTo(type), path);
        Assert.That(array.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt64()), Is.EqualTo(shape), path);
        Assert.That(array.GetProperty("sha256").GetString(), Is.EqualTo(Hash(bytes)), path);
    }

    private static (string Type, string Value) Attribute(JsonElement tree, string group, string name)
    {
        var attribute = tree.GetProperty(group).GetProperty("attrs").GetProperty(name);
        return (attribute.GetProperty("type").GetString()!, attribute.GetProperty("value").ToString());
    }

    private static IEnumerable<string> Attributes(JsonElement tree, string group)
        => tree.GetProperty(group).GetProperty("attrs").EnumerateObject().Select(attribute => attribute.Name);

    private static string[] Texts(JsonElement tree, string path)
        => [.. tree.GetProperty(path).GetProperty("value").EnumerateArray().Select(text => text.GetString()!)];

    private static byte[] Bytes<T>(T[] values) where T : struct => MemoryMarshal.AsBytes<T>(values).ToArray();

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
