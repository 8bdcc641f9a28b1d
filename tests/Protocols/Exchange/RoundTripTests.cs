using NUnit.Framework;
using Sim.Environments.Episodes;
using Sim.Environments.Spaces;
using Sim.Protocols.Exchange;
using Sim.Tests.Environments.Contract;

namespace Sim.Tests.Protocols.Exchange;

/// <summary>Out and back again, by our own writers and readers.</summary>
public sealed class RoundTripTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Every_environment_comes_back_bit_for_bit(
        [Values("cartpole", "pendulum", "acrobot", "quadrotor-hover", "quadrotor-gates")] string id,
        [Values("minari", "lerobot")] string format,
        [Values] ExportCompression compression)
    {
        string[] short_ = id == "acrobot" ? ["episode_steps=60"] : [];
        var set = PlayedEpisodes.Of(id, episodes: 5, privileged: true, short_);
        Assert.That(set.Episodes.Count(), Is.EqualTo(5));
        EpisodeComparison.AreAlike(OutAndBack(set, format, new() { Compression = compression }), set);
    }

    [Test]
    public void Minari_keeps_info_outputs_and_the_others_write_them([Values("minari", "robomimic", "lerobot")] string format, [Values] ExportCompression compression)
    {
        var set = EpisodeCollector.Collect(Parcel.Definition, Parcel.Definition.ScriptedExpert!, episodes: 4, seed: 3);
        var back = OutAndBack(set, format, new() { Compression = compression });
        var expected = format == "minari" ? set : set with
        {
            Info = null,
            InfoNames = new Dictionary<string, IReadOnlyList<string>>(),
            Episodes = [.. set.Episodes.Select(episode => episode with { Info = [] })],
        };
        EpisodeComparison.AreAlike(back, expected);
    }

    [Test]
    public void Robomimic_keeps_all_but_the_last_bits_of_actions_that_it_scales([Values] ExportCompression compression)
    {
        var set = MadeEpisodes.Goals();
        var back = OutAndBack(set, "robomimic", new() { Compression = compression });
        EpisodeComparison.AreAlike(back, set, actions: false);
        var action = (Box)set.Action;
        foreach (var (found, expected) in back.Episodes.Zip(set.Episodes))
        {
            for (int i = 0; i < expected.Actions.Length; i++)
            {
                float low = action.Low[i % 2], high = action.High[i % 2], clipped = Math.Clamp(expected.Actions[i], low, high);
                // Rounding to float32 in -1 to 1 moves a number by at most 2^-25; the box is high - low as wide as half of that, and rounds once more.
                Assert.That(found.Actions[i], Is.EqualTo(clipped).Within((high - low) * 1e-7f));
            }
        }
    }

    [TestCase("quadrotor-hover")]
    [TestCase("mountain-car-continuous", "episode_steps=80")]
    public void Robomimic_keeps_actions_of_minus_one_to_one_bit_for_bit(string id, params string[] settings)
    {
        var set = PlayedEpisodes.Of(id, episodes: 4, privileged: true, settings);
        EpisodeComparison.AreAlike(OutAndBack(set, "robomimic"), set);
    }

    [Test]
    public void Goals_bytes_options_operators_and_hard_numbers_come_back([Values("minari", "lerobot")] string format, [Values] ExportCompression compression)
    {
        var set = MadeEpisodes.Goals();
        EpisodeComparison.AreAlike(OutAndBack(set, format, new() { Compression = compression }), set);
    }

    [Test]
    public void Several_choices_come_back([Values("minari", "lerobot")] string format)
    {
        var set = MadeEpisodes.Goals(new MultiDiscrete(3, 2, 5));
        EpisodeComparison.AreAlike(OutAndBack(set, format), set);
    }

    [Test]
    public void Pictures_come_back_from_hdf5_without_loss([Values] ExportCompression compression)
    {
        var set = MadeEpisodes.Pictures();
        EpisodeComparison.AreAlike(OutAndBack(set, "minari", new() { Compression = compression }), set);
    }

    [Test]
    public void Episodes_may_be_enumerated_again_and_side_by_side([Values("minari", "robomimic", "lerobot")] string format)
    {
        var set = OutAndBack(MadeEpisodes.Goals(), format);
        var pairs = set.Episodes.Zip(set.Episodes).ToArray();
        Assert.That(pairs, Has.Length.EqualTo(3));
        Assert.That(pairs.Select(pair => pair.First.Rewards), Is.EqualTo(pairs.Select(pair => pair.Second.Rewards)));
    }

    [Test]
    public void Only_successes_are_written_when_asked_for([Values("minari", "robomimic", "lerobot")] string format)
    {
        var set = MadeEpisodes.Goals();
        string path = _folder.File("out");
        var summary = EpisodeFormats.Find(format).Export(set, path, new() { OnlySuccess = true });
        Assert.That(summary, Is.EqualTo(new ExportSummary(Episodes: 2, Steps: 7, LeftOut: 1)));
        var found = EpisodeFormats.Find(format).Import(path).Set.Episodes.Select(episode => episode.Rewards);
        Assert.That(found, Is.EqualTo(set.Episodes.Skip(1).Select(episode => episode.Rewards)));
    }

    [Test]
    public void From_format_to_format_actions_rewards_and_flags_stay_bit_equal()
    {
        var set = PlayedEpisodes.Of("cartpole", episodes: 6);
        var wanderer = set;
        foreach (string format in new[] { "minari", "lerobot", "minari" })
            wanderer = OutAndBack(wanderer, format, name: Guid.NewGuid().ToString("N"));
        EpisodeComparison.AreAlike(wanderer, set);
    }

    private EpisodeSet OutAndBack(EpisodeSet set, string format, ExportOptions? options = null, string name = "out")
    {
        string path = _folder.File(name);
        EpisodeFormats.Find(format).Export(set, path, options ?? new());
        return EpisodeFormats.Find(format).Import(path).Set;
    }
}
