using System.Text.Json;
using NUnit.Framework;
using Sim.Environments.Episodes;
using Sim.Protocols.Exchange;
using Sim.Protocols.Exchange.LeRobot;

namespace Sim.Tests.Protocols.Exchange;

/// <summary>What stands in the files of a LeRobot data set.</summary>
public sealed class LeRobotFilesTests
{
    private static readonly string[] s_stats = ["min", "max", "mean", "std", "count", "q01", "q10", "q50", "q90", "q99"];

    private TemporaryFolder _folder = null!;
    private EpisodeSet _set = null!;

    [SetUp]
    public void Export()
    {
        _folder = new TemporaryFolder();
        _set = MadeEpisodes.Goals();
        EpisodeFormats.Find("lerobot").Export(_set, _folder.File("out"), new() { Compression = ExportCompression.Fast });
    }

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Info_counts_names_and_describes_every_column()
    {
        var info = Json("meta/info.json");
        Assert.That(info.GetProperty("codebase_version").GetString(), Is.EqualTo("v3.0"));
        Assert.That(new[] { "total_episodes", "total_frames", "total_tasks", "chunks_size", "fps", "data_files_size_in_mb" }.Select(name => info.GetProperty(name).GetInt32()),
            Is.EqualTo(new[] { 3, 11, 1, 1000, 20, 100 }));
        Assert.That(info.GetProperty("splits").GetProperty("train").GetString(), Is.EqualTo("0:3"));
        Assert.That(info.GetProperty("data_path").GetString(), Is.EqualTo("data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet"));
        Assert.That(Described(info), Is.EqualTo(new[]
        {
            "observation.state float32 [3]", "observation.achieved_goal float32 [2]", "observation.environment_state float32 [2]", "observation.touch uint8 [3]",
            "action float32 [2]", "next.reward float32 [1]", "next.done bool [1]", "next.terminated bool [1]", "next.truncated bool [1]", "next.success bool [1]",
            "timestamp float32 [1]", "frame_index int64 [1]", "episode_index int64 [1]", "index int64 [1]", "task_index int64 [1]",
        }));
        Assert.That(info.GetProperty("features").GetProperty("action").GetProperty("names").GetRawText(), Does.Contain("left").And.Contain("right"));
    }

    [Test]
    public void Frames_are_numbered_timed_and_one_row_group_an_episode()
    {
        using var table = Table("data/chunk-000/file-000.parquet");
        Assert.That(table.RowGroups, Is.EqualTo(3));
        Assert.That(table.Read(2, "frame_index").ToLongs(), Is.EqualTo(new[] { 0, 1, 2, 3, 4, 5 }));
        Assert.That(table.Read(2, "index").ToLongs(), Is.EqualTo(new[] { 5, 6, 7, 8, 9, 10 }));
        Assert.That(table.Read(2, "episode_index").ToLongs(), Is.All.EqualTo(2));
        Assert.That(table.Read(2, "timestamp").ToFloats(1), Is.EqualTo(new[] { 0, 0.05f, 0.1f, 0.15f, 0.2f, 0.25f }));
        Assert.That(table.Read(2, "next.done").ToFlags(), Is.EqualTo(new[] { false, false, false, false, false, true }));
        Assert.That(table.Read(1, "observation.state").ToFloats(3), Is.EqualTo(EpisodeFrames.Numbers(_set.Episodes.ElementAt(1).Observations[0], 0, 1)));
    }

    [Test]
    public void The_footer_tells_hugging_face_how_long_lists_are()
    {
        using var table = Table("data/chunk-000/file-000.parquet");
        var features = PythonProcess.Json(table.Metadata["huggingface"]).GetProperty("info").GetProperty("features");
        Assert.That(features.GetProperty("action").GetRawText(), Is.EqualTo("""{"feature":{"dtype":"float32","_type":"Value"},"length":2,"_type":"Sequence"}"""));
        Assert.That(features.GetProperty("next.done").GetRawText(), Is.EqualTo("""{"dtype":"bool","_type":"Value"}"""));
    }

    [Test]
    public void The_text_of_the_task_is_the_index_of_a_pandas_frame()
    {
        using var table = Table("meta/tasks.parquet");
        Assert.That(table.Read(0, "task").ToTexts(), Is.EqualTo(new[] { "made-up" }));
        Assert.That(table.Read(0, "task_index").ToLongs(), Is.EqualTo(new[] { 0 }));
        Assert.That(PythonProcess.Json(table.Metadata["pandas"]).GetProperty("index_columns").GetRawText(), Is.EqualTo("""["task"]"""));
    }

    [Test]
    public void An_episodes_row_says_where_its_frames_lie()
    {
        using var table = Table("meta/episodes/chunk-000/file-000.parquet");
        Assert.That(table.Read(0, "length").ToLongs(), Is.EqualTo(new[] { 4, 1, 6 }));
        Assert.That(table.Read(0, "dataset_from_index").ToLongs(), Is.EqualTo(new[] { 0, 4, 5 }));
        Assert.That(table.Read(0, "dataset_to_index").ToLongs(), Is.EqualTo(new[] { 4, 5, 11 }));
        Assert.That(table.Read(0, "tasks").ToTexts(), Is.All.EqualTo("made-up"));
        foreach (string name in new[] { "data/chunk_index", "data/file_index", "meta/episodes/chunk_index", "meta/episodes/file_index" })
            Assert.That(table.Read(0, name).ToLongs(), Is.All.Zero, name);
        Assert.That(table.Read(0, "stats/frame_index/max").ToLongs(), Is.EqualTo(new[] { 3, 0, 5 }));
        Assert.That(table.Read(0, "stats/next.terminated/max").ToFlags(), Is.EqualTo(new[] { true, true, false }));
        Assert.That(table.Read(0, "stats/action/mean").ToFloats(2), Has.Length.EqualTo(6));
    }

    [Test]
    public void Stats_has_the_statistics_of_every_feature_over_all_frames()
    {
        var stats = Json("meta/stats.json");
        foreach (var feature in Json("meta/info.json").GetProperty("features").EnumerateObject())
        {
            var of = stats.GetProperty(feature.Name);
            Assert.That(of.EnumerateObject().Select(statistic => statistic.Name), Is.EqualTo(s_stats));
            Assert.That(of.GetProperty("count")[0].GetInt32(), Is.EqualTo(11));
            Assert.That(of.GetProperty("mean").GetArrayLength(), Is.EqualTo(feature.Value.GetProperty("shape")[0].GetInt32()));
        }
        // Frames 0-3, 0, 0-5.
        Assert.That(stats.GetProperty("frame_index").GetProperty("mean")[0].GetDouble(), Is.EqualTo(21 / 11.0).Within(1e-12), "a sum in another order");
    }

    [Test]
    public void Without_our_own_files_the_last_observation_stands_twice_and_a_note_says_so()
    {
        File.Delete(_folder.File("out/meta/sim.json"));
        File.Delete(_folder.File("out/meta/sim_episodes.parquet"));
        var imported = EpisodeFormats.Find("lerobot").Import(_folder.File("out"));
        Assert.That(imported.Notes, Has.Count.EqualTo(1).And.All.Contains("stands twice"));
        Assert.That(imported.Set.ControlPeriod, Is.EqualTo(0.05f));
        Assert.That(((Sim.Environments.Spaces.Dict)imported.Set.Observation).Entries.Select(entry => entry.Name),
            Is.EqualTo(new[] { "observation", "achieved_goal", "environment_state", "touch" }));
        var (found, expected) = (imported.Set.Episodes.Last(), _set.Episodes.Last());
        Assert.That(found.Actions, Is.EqualTo(expected.Actions));
        Assert.That(found.Terminated.Concat(found.Truncated), Is.EqualTo(expected.Terminated.Concat(expected.Truncated)));
        byte[] rows = found.Observations[0].Rows;
        Assert.That(rows[..^12], Is.EqualTo(expected.Observations[0].Rows[..^12]));
        Assert.That(rows[^12..], Is.EqualTo(rows[^24..^12]));
    }

    [Test]
    public void Videos_are_left_out_with_a_note_and_images_alone_are_refused()
    {
        string path = _folder.File("out/meta/info.json"), text = File.ReadAllText(path);
        File.Delete(_folder.File("out/meta/sim.json"));
        File.WriteAllText(path, text.Replace("\"features\": {", "\"features\": { \"observation.images.top\": {\"dtype\": \"video\", \"shape\": [480, 640, 3], \"names\": null},"));
        Assert.That(EpisodeFormats.Find("lerobot").Import(_folder.File("out")).Notes, Has.Some.EqualTo("'observation.images.top' is left out: videos are not imported"));
        File.WriteAllText(path, text.Replace("\"observation.", "\"sensor."));
        Assert.That(() => EpisodeFormats.Find("lerobot").Import(_folder.File("out")), Throws.TypeOf<InvalidDataException>().With.Message.Contains("no observations"));
    }

    [Test]
    public void Pandas_and_pyarrow_read_the_tables()
    {
        var seen = PythonProcess.Json(PythonProcess.RunWithArrow("read_parquet.py", _folder.File("out")));
        Assert.That(seen.GetProperty("tasks").GetRawText(), Is.EqualTo("""["made-up"]"""));
        Assert.That(seen.GetProperty("lengths").EnumerateArray().Select(length => length.GetInt32()), Is.EqualTo(new[] { 4, 1, 6 }));
        Assert.That(seen.GetProperty("actions").EnumerateArray().Select(number => number.GetSingle()), Is.EqualTo(_set.Episodes.SelectMany(episode => episode.Actions)));
    }

    private static IEnumerable<string> Described(JsonElement info)
        => info.GetProperty("features").EnumerateObject().Select(feature
            => $"{feature.Name} {feature.Value.GetProperty("dtype").GetString()} [{feature.Value.GetProperty("shape")[0]}]");

    private JsonElement Json(string file) => PythonProcess.Json(File.ReadAllText(_folder.File($"out/{file}")));

    private ParquetTable Table(string file) => ParquetTable.Open(_folder.File($"out/{file}"));
}
