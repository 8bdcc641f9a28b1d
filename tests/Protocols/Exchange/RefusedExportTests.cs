using NUnit.Framework;
using Sim.Environments.Episodes;
using Sim.Environments.Spaces;
using Sim.Protocols.Exchange;

namespace Sim.Tests.Protocols.Exchange;

/// <summary>What cannot be exported is refused before anything is written.</summary>
public sealed class RefusedExportTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void A_target_that_exists_stays_as_it_is([Values("minari", "robomimic", "lerobot")] string format)
    {
        File.WriteAllText(_folder.File("out"), "mine");
        Assert.That(() => Export(MadeEpisodes.Goals(), format), Throws.ArgumentException.With.Message.Contains("exists already"));
        Assert.That(File.ReadAllText(_folder.File("out")), Is.EqualTo("mine"));
    }

    [Test]
    public void An_export_that_fails_half_way_leaves_nothing([Values("minari", "robomimic", "lerobot")] string format)
    {
        var good = MadeEpisodes.Goals();
        int readings = 0;
        IEnumerable<RecordedEpisode> Failing()
        {
            bool isSecond = ++readings == 2;
            yield return good.Episodes.First();
            if (isSecond) throw new IOException("the disk went away");
            yield return good.Episodes.Last();
        }
        Assert.That(() => Export(good with { Episodes = Failing() }, format), Throws.InstanceOf<IOException>().With.Message.EqualTo("the disk went away"));
        Assert.That(readings, Is.EqualTo(2));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.Empty);
    }

    [Test]
    public void Episodes_that_contradict_their_spaces_are_refused([Values("minari", "robomimic", "lerobot")] string format)
    {
        var set = MadeEpisodes.Goals();
        var wrong = set.Episodes.Last() with { Rewards = [1, 2] };
        Assert.That(() => Export(set with { Episodes = [wrong] }, format), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("episode 0 has 2 rewards, not 6"));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.Empty);
    }

    [Test]
    public void A_set_without_success_has_nothing_left_when_only_successes_are_asked_for([Values("minari", "robomimic", "lerobot")] string format)
    {
        var set = PlayedEpisodes.Of("pendulum", episodes: 2);
        Assert.That(() => Export(set, format, new() { OnlySuccess = true }), Throws.ArgumentException.With.Message.Contains("none of 2 episodes"));
    }

    [Test]
    public void Robomimic_refuses_choices_and_actions_without_limits()
    {
        Assert.That(() => Export(MadeEpisodes.Goals(new Discrete(4)), "robomimic"), Throws.ArgumentException.With.Message.Contains("Discrete(4)"));
        Assert.That(() => Export(MadeEpisodes.Goals(Box.Symmetric(2, float.PositiveInfinity)), "robomimic"), Throws.ArgumentException.With.Message.Contains("cannot be scaled"));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.Empty);
    }

    [Test]
    public void LeRobot_refuses_pictures_and_steps_without_a_whole_rate()
    {
        Assert.That(() => Export(MadeEpisodes.Pictures(), "lerobot"), Throws.ArgumentException.With.Message.Contains("[32, 40, 3]"));
        Assert.That(() => Export(MadeEpisodes.Goals() with { ControlPeriod = 0.03f }, "lerobot"), Throws.ArgumentException.With.Message.Contains("33.333"));
        Assert.That(() => Export(MadeEpisodes.Goals() with { ControlPeriod = 0 }, "lerobot"), Throws.ArgumentException.With.Message.Contains("how long a step takes"));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.Empty);
        Assert.That(() => Export(MadeEpisodes.Goals() with { ControlPeriod = 0 }, "lerobot", new() { FramesPerSecond = 30 }), Throws.Nothing);
    }

    [TestCase("demonstrations")]
    [TestCase("demo nstrations-v0")]
    [TestCase("/demonstrations-v0")]
    [TestCase("a//b-v0")]
    [TestCase("../b-v0")]
    [TestCase("b-v0\n")]
    public void Minari_refuses_an_id_that_its_readers_would(string id)
        => Assert.That(() => Export(MadeEpisodes.Goals(), "minari", new() { DatasetId = id }), Throws.ArgumentException.With.Message.Contains("write (namespace/)name-v0"));

    [TestCase("door-v0")]
    [TestCase("sim/door-v12")]
    [TestCase("lab/sim/door_open-v0")]
    public void Minari_takes_an_id_with_or_without_namespaces(string id)
    {
        Export(MadeEpisodes.Goals(), "minari", new() { DatasetId = id });
        Assert.That(File.ReadAllText(_folder.File("out/data/metadata.json")), Does.Contain($"\"dataset_id\": \"{id}\""));
    }

    [Test]
    public void Options_out_of_range_are_refused_with_what_would_be_valid()
    {
        Assert.That(() => Export(MadeEpisodes.Goals(), "robomimic", new() { ValidRatio = 1 }), Throws.ArgumentException.With.Message.Contains("expected 0 to below 1"));
        Assert.That(() => Export(MadeEpisodes.Goals(), "robomimic", new() { ValidRatio = float.NaN }), Throws.ArgumentException);
        Assert.That(() => Export(MadeEpisodes.Goals(), "lerobot", new() { FramesPerSecond = 0 }), Throws.ArgumentException.With.Message.Contains("at least 1"));
    }

    [Test]
    public void An_unknown_format_is_named_with_the_nearest()
        => Assert.That(() => EpisodeFormats.Find("minary"), Throws.ArgumentException.With.Message.Contains("the nearest is 'minari'"));

    private void Export(EpisodeSet set, string format, ExportOptions? options = null)
        => EpisodeFormats.Find(format).Export(set, _folder.File("out"), options ?? new());
}
