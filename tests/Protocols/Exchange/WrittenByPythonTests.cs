using System.Runtime.InteropServices;
using NUnit.Framework;
using Sim.Environments.Episodes;
using Sim.Environments.Spaces;
using Sim.Protocols.Exchange;

namespace Sim.Tests.Protocols.Exchange;

/// <summary>Files that h5py wrote with the calls of Minari's and robomimic's own code, see <c>write_upstream.py</c>.</summary>
public sealed class WrittenByPythonTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Minaris_cartpole_is_imported_in_the_order_of_its_numbers_with_our_labels()
    {
        var set = Import("minari_cartpole", "minari").Set;
        Assert.That((set.Environment, set.TimeLimit, set.Version), Is.EqualTo(("cartpole", 500, 0)));
        var box = (Box)set.Observation;
        Assert.That(box.Labels, Is.EqualTo(((Box)Sim.Environments.Registry.Find("cartpole").Describe(Sim.Environments.Registry.Find("cartpole").DefaultSettings).Observation).Labels));
        Assert.That(box.High, Is.EqualTo(new[] { 4.8f, float.PositiveInfinity, 0.41887903f, float.PositiveInfinity }));
        Assert.That(((Discrete)set.Action).Count, Is.EqualTo(2));
        var episodes = set.Episodes.ToArray();
        Assert.That(episodes, Has.Length.EqualTo(12));
        for (int e = 0; e < episodes.Length; e++)
        {
            var episode = episodes[e];
            Assert.That((episode.Length, episode.Start?.Seed, episode.Options["low"]), Is.EqualTo((e + 3, (ulong?)(100 + e), "-0.25")));
            Assert.That(Floats(episode, 0), Is.EqualTo(Numbers(e, e + 4, 4)));
            Assert.That(episode.Choices, Is.EqualTo(Enumerable.Range(0, e + 3).Select(step => step % 2)));
            Assert.That(episode.Rewards, Is.All.EqualTo(1));
            Assert.That((episode.Terminated[^1], episode.Terminated[0], episode.Truncated[^1]), Is.EqualTo((true, false, false)));
            Assert.That(episode.Success, Is.Null);
        }
    }

    [Test]
    public void Minaris_nested_dictionaries_of_doubles_become_named_groups()
    {
        var set = Import("minari_goal", "minari").Set;
        Assert.That(((Dict)set.Observation).Entries.Select(entry => entry.Name), Is.EqualTo(new[] { "observation", "achieved_goal/kettle", "achieved_goal/microwave", "stage" }));
        var stage = ((Dict)set.Observation)["stage"];
        Assert.That((stage.Low[0], stage.High[0]), Is.EqualTo((3f, 6f)));
        var episode = set.Episodes.Last();
        Assert.That(Floats(episode, 0), Is.EqualTo(Numbers(1, 5, 5)));
        Assert.That(Floats(episode, 1), Is.EqualTo(Numbers(1, 5, 2)));
        Assert.That(Floats(episode, 2), Is.EqualTo(Numbers(1, 5, 1)));
        Assert.That(Floats(episode, 3), Is.EqualTo(new[] { 3f, 4, 5, 6, 3 }));
        Assert.That(episode.Rewards, Is.EqualTo(Numbers(1, 4, 1)));
        Assert.That(episode.Success, Is.EqualTo(new[] { false, false, false, true }));
        Assert.That((episode.Truncated[^1], episode.Start), Is.EqualTo((true, (Sim.Environments.EpisodeStart?)null)));
    }

    [Test]
    public void Nested_dictionaries_go_out_again_as_they_came()
    {
        var set = Import("minari_goal", "minari").Set;
        EpisodeFormats.Find("minari").Export(set, _folder.File("again"), new());
        EpisodeComparison.AreAlike(EpisodeFormats.Find("minari").Import(_folder.File("again")).Set, set);
        var tree = PythonProcess.Json(PythonProcess.RunWithHdf5("read_back.py", "hdf5", _folder.File("again/data/main_data.hdf5")));
        Assert.That(tree.TryGetProperty("episode_0/observations/achieved_goal/kettle", out _), Is.True);
    }

    [Test]
    public void Minaris_jpeg_pictures_are_refused_with_the_way_out()
    {
        Write("minari_jpeg");
        Assert.That(() => EpisodeFormats.Find("minari").Import(_folder.File("in")), Throws.TypeOf<InvalidDataException>().With.Message.Contains("write the set with jpeg_encoding=False"));
    }

    [Test]
    public void Numbers_of_the_other_byte_order_are_refused_and_never_misread()
    {
        var set = Import("big_endian", "minari").Set;
        Assert.That(() => set.Episodes.First(), Throws.TypeOf<InvalidDataException>().With.Message.Contains("episode_0/rewards"));
    }

    [Test]
    public void An_episode_that_goes_on_after_its_end_is_refused()
    {
        var set = Import("goes_on", "minari").Set;
        Assert.That(() => set.Episodes.First(), Throws.TypeOf<InvalidDataException>().With.Message.Contains("ends the episode at step 1"));
    }

    [Test]
    public void Robomimics_file_is_imported_with_the_last_observation_from_next_obs()
    {
        var imported = Import("robomimic_lift", "robomimic");
        var set = imported.Set;
        Assert.That((set.Environment, imported.Notes.Count), Is.EqualTo(("Lift", 0)));
        var groups = ((Dict)set.Observation).Entries;
        Assert.That(groups.Select(group => group.Name), Is.EqualTo(new[] { "agentview_image", "robot0_eef_pos" }));
        Assert.That(groups[0].Space.ToString(), Is.EqualTo("Box(0, 255, [8, 8, 3], uint8)"));
        var episodes = set.Episodes.ToArray();
        Assert.That(episodes.Select(episode => episode.Length), Is.EqualTo(Enumerable.Range(3, 12)));
        Assert.That(Floats(episodes[10], 1), Is.EqualTo(Numbers(10, 14, 3)), "sorted by number: demo_10 comes after demo_9");
        byte[] pictures = episodes[10].Observations[0].Rows;
        Assert.That((pictures.Length, pictures[0], pictures[^1]), Is.EqualTo((14 * 8 * 8 * 3, (byte)0, (byte)13)));
        Assert.That(episodes[10].Actions, Is.EqualTo(Numbers(10, 13, 7).Select(number => Math.Clamp(number, -1, 1))));
        Assert.That(episodes[10].Terminated, Is.EqualTo(Enumerable.Range(0, 13).Select(step => step == 12)), "of dones at the last two rows one ends the episode");
    }

    private ImportedEpisodes Import(string kind, string format)
    {
        Write(kind);
        return EpisodeFormats.Find(format).Import(_folder.File("in"));
    }

    /// <summary>Apart from the import, so that a test that expects a refusal is skipped where there is no Python.</summary>
    private void Write(string kind) => PythonProcess.RunWithHdf5("write_upstream.py", kind, _folder.File("in"));

    /// <summary>The script's numbers; all of them are floats without rounding.</summary>
    private static float[] Numbers(int episode, int rows, int columns)
        => [.. Enumerable.Range(0, rows * columns).Select(i => episode + (i / columns / 2f) + (i % columns / 4f))];

    private static float[] Floats(RecordedEpisode episode, int group) => MemoryMarshal.Cast<byte, float>(episode.Observations[group].Rows).ToArray();
}
