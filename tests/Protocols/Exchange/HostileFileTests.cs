using NUnit.Framework;
using Sim.Protocols.Exchange;

namespace Sim.Tests.Protocols.Exchange;

/// <summary>Damaged and hostile files give sentences, and nothing worse.</summary>
public sealed class HostileFileTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase("minari", "data/main_data.hdf5")]
    [TestCase("robomimic", "")]
    [TestCase("lerobot", "data/chunk-000/file-000.parquet")]
    [TestCase("lerobot", "meta/sim_episodes.parquet")]
    public void A_file_cut_off_anywhere_is_refused(string format, string file)
    {
        string path = Export(format, file, out byte[] whole);
        for (int length = 0; length < whole.Length; length += Math.Max(1, whole.Length / 60))
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.That(() => ReadAll(format), Throws.TypeOf<InvalidDataException>().With.Message.Not.Empty, $"{length} of {whole.Length} bytes");
        }
    }

    [TestCase("minari", "data/main_data.hdf5")]
    [TestCase("minari", "data/metadata.json")]
    [TestCase("robomimic", "")]
    [TestCase("lerobot", "data/chunk-000/file-000.parquet")]
    [TestCase("lerobot", "meta/sim_episodes.parquet")]
    [TestCase("lerobot", "meta/info.json")]
    [TestCase("lerobot", "meta/sim.json")]
    public void A_changed_byte_gives_episodes_or_a_sentence(string format, string file)
    {
        const int Flips = 100;
        string path = Export(format, file, out byte[] whole);
        var random = new Random(7);
        int refused = 0;
        for (int i = 0; i < Flips; i++)
        {
            byte[] damaged = [.. whole];
            damaged[random.Next(whole.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, damaged);
            refused += Outcome(format) ? 0 : 1;
        }
        Assert.That(refused, Is.GreaterThan(0), "some of the bytes hold the file together");
    }

    [Test]
    public void A_file_of_another_kind_is_refused([Values("minari", "robomimic", "lerobot")] string format)
    {
        string target = format switch { "minari" => "data/main_data.hdf5", "lerobot" => "data/chunk-000/file-000.parquet", _ => "" };
        string path = Export(format, target, out _);
        File.WriteAllText(path, "This is no data set at all, but it is long enough to be asked for its last bytes.");
        Assert.That(() => ReadAll(format), Throws.TypeOf<InvalidDataException>().With.Message.Contains(format == "lerobot" ? "no Parquet file" : "no HDF5 file"));
    }

    [Test]
    public void A_path_where_nothing_is_gives_a_sentence([Values("minari", "robomimic", "lerobot")] string format)
        => Assert.That(() => EpisodeFormats.Find(format).Import(_folder.File("nothing")), Throws.InstanceOf<IOException>());

    [TestCase("""{"type": "Box", "dtype": "float32", "shape": [4, 1000000000], "low": -1, "high": 1}""", "larger than")]
    [TestCase("""{"type": "Box", "dtype": "float32", "shape": [2], "low": [0, 1], "high": [1]}""", "'high'")]
    [TestCase("""{"type": "Box", "dtype": "float32", "shape": [1], "low": [1], "high": [0]}""", "low 1 is not at most high 0")]
    [TestCase("""{"type": "Box", "dtype": "float32", "shape": [-1], "low": [], "high": []}""", "[-1]")]
    [TestCase("""{"type": "Text", "max_length": 3, "min_length": 0, "charset": "ab"}""", "Text")]
    [TestCase("""{"type": "Dict", "subspaces": {}}""", "without entries")]
    [TestCase("""{"type": "Dict", "subspaces": {"a": {"type": "Discrete", "n": 0}}}""", "'n'")]
    [TestCase("[1, 2]", "no JSON object")]
    [TestCase("{", "no JSON")]
    public void A_space_that_is_none_is_refused(string space, string message)
    {
        string path = Export("minari", "data/metadata.json", out _);
        var metadata = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(path))!;
        metadata["observation_space"] = space;
        File.WriteAllText(path, metadata.ToJsonString());
        Assert.That(() => ReadAll("minari"), Throws.TypeOf<InvalidDataException>().With.Message.Contains(message));
    }

    [TestCase("\"total_episodes\": 3", "\"total_episodes\": 2000000000", "episode_1999999999")]
    [TestCase("\"total_episodes\": 3", "\"total_episodes\": 0", "total_episodes")]
    [TestCase("\"data_format\": \"hdf5\"", "\"data_format\": \"arrow\"", "arrow")]
    public void Metadata_that_promise_too_much_are_refused(string from, string to, string message)
    {
        string path = Export("minari", "data/metadata.json", out _);
        string text = File.ReadAllText(path);
        Assert.That(text, Does.Contain(from));
        File.WriteAllText(path, text.Replace(from, to));
        Assert.That(() => ReadAll("minari"), Throws.TypeOf<InvalidDataException>().With.Message.Contains(message));
    }

    [Test]
    public void LeRobots_older_version_is_refused_with_the_way_out()
    {
        string path = Export("lerobot", "meta/info.json", out _);
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"v3.0\"", "\"v2.1\""));
        Assert.That(() => ReadAll("lerobot"), Throws.TypeOf<InvalidDataException>().With.Message.Contains("LeRobot's own script converts v2.1"));
    }

    /// <summary>True when all episodes were read; an exception of another kind than a file may cause fails the test.</summary>
    private bool Outcome(string format)
    {
        try
        {
            ReadAll(format);
            return true;
        }
        catch (InvalidDataException error)
        {
            Assert.That(error.Message, Is.Not.Empty);
            return false;
        }
    }

    private void ReadAll(string format)
    {
        foreach (var episode in EpisodeFormats.Find(format).Import(_folder.File("out")).Set.Episodes)
            Assert.That(episode.Length, Is.GreaterThan(0));
    }

    private string Export(string format, string file, out byte[] whole)
    {
        EpisodeFormats.Find(format).Export(MadeEpisodes.Goals(), _folder.File("out"), new());
        string path = file.Length == 0 ? _folder.File("out") : _folder.File($"out/{file}");
        whole = File.ReadAllBytes(path);
        return path;
    }
}
