using NUnit.Framework;
using Sim.Environments;
using Sim.Protocols.Demonstrations;
using Sim.Protocols.Exchange;
using Sim.Tests.Protocols.Demonstrations;

namespace Sim.Tests.Protocols.Exchange;

/// <summary>Recordings out to other formats and back into recordings.</summary>
public sealed class NativeRoundTripTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Native_to_minari_to_native_keeps_actions_rewards_flags_and_observations_bit_equal(
        [Values("cartpole", "quadrotor-hover")] string id, [Values] bool keepObservations, [Values("minari", "lerobot")] string format)
    {
        SampleRecording.Of(_folder.File("first.simdemo"), id, count: 2, steps: 400, options: new() { Observations = keepObservations },
            environmentOptions: new() { Privileged = keepObservations });
        using var first = Demonstration.Open(_folder.File("first.simdemo"));
        var set = first.ToEpisodes();
        EpisodeFormats.Find(format).Export(set, _folder.File("out"), new());
        DemonstrationWriter.Import(_folder.File("second.simdemo"), EpisodeFormats.Find(format).Import(_folder.File("out")).Set, "a test");
        using var second = Demonstration.Open(_folder.File("second.simdemo"));
        EpisodeComparison.AreAlike(second.ToEpisodes(), set);
        Assert.That(second.Episodes, Has.Count.GreaterThan(2));
    }

    [Test]
    public void A_start_that_nobody_knows_stays_unknown()
    {
        SampleRecording.Of(_folder.File("first.simdemo"), "cartpole", count: 1, steps: 100, environmentOptions: new EnvironmentOptions());
        using var first = Demonstration.Open(_folder.File("first.simdemo"));
        var set = first.ToEpisodes();
        var unknown = set with { Episodes = set.Episodes.Select(episode => episode with { Start = null }).ToList() };
        DemonstrationWriter.Import(_folder.File("second.simdemo"), unknown, "a test");
        using var second = Demonstration.Open(_folder.File("second.simdemo"));
        Assert.That(second.ToEpisodes().Episodes.Select(episode => episode.Start), Is.All.Null);
        EpisodeComparison.AreAlike(second.ToEpisodes(), unknown);
    }

    [Test]
    public void Robomimics_actions_of_minus_one_to_one_stay_bit_equal_too()
    {
        SampleRecording.Of(_folder.File("first.simdemo"), "quadrotor-hover", count: 1, steps: 200, environmentOptions: new EnvironmentOptions());
        using var first = Demonstration.Open(_folder.File("first.simdemo"));
        EpisodeFormats.Find("robomimic").Export(first.ToEpisodes(), _folder.File("out"), new());
        EpisodeComparison.AreAlike(EpisodeFormats.Find("robomimic").Import(_folder.File("out")).Set, first.ToEpisodes());
    }
}
