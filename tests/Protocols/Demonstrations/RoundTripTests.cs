using System.Runtime.InteropServices;
using NUnit.Framework;
using Sim.Environments;
using Sim.Protocols.Demonstrations;

namespace Sim.Tests.Protocols.Demonstrations;

/// <summary>What is read is what was played.</summary>
public sealed class RoundTripTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    private static IEnumerable<TestCaseData> Cases()
        => from definition in Registry.All
           from count in (int[])[1, 3, 20]
           from mode in (AutoresetMode[])[AutoresetMode.SameStep, AutoresetMode.Disabled]
           select new TestCaseData(definition.Id, count, mode);

    [TestCaseSource(nameof(Cases))]
    public void Actions_rewards_flags_and_observations_come_back_bit_for_bit(string id, int count, AutoresetMode mode)
    {
        bool keep = count != 3;
        var sample = SampleRecording.Of(_folder.File("a.simdemo"), id, count, environmentOptions: new() { Autoreset = mode }, options: new() { Observations = keep });
        using var demonstration = Demonstration.Open(sample.Path);
        Assert.That(demonstration.Condition, Is.EqualTo(DemonstrationCondition.Clean));
        var set = demonstration.ToEpisodes();
        Assert.That((set.Environment, demonstration.Sessions[0].HasObservations), Is.EqualTo((id, keep)));
        var episodes = demonstration.ReadAll(demonstration.Episodes).Zip(set.Episodes).ToArray();
        Assert.That(episodes, Has.Length.EqualTo(demonstration.Episodes.Count).And.Length.AtLeast(count));
        foreach (var (rows, episode) in episodes)
        {
            var played = sample.RowsOf(rows.Episode, count);
            Assert.That(episode.Rewards.Select(BitConverter.SingleToUInt32Bits), Is.EqualTo(played.Select(row => BitConverter.SingleToUInt32Bits(row.Reward))));
            Assert.That(episode.Actions.Select(BitConverter.SingleToUInt32Bits), Is.EqualTo(played.SelectMany(row => row.Action).Select(BitConverter.SingleToUInt32Bits)));
            Assert.That(episode.Choices, Is.EqualTo(played.SelectMany(row => row.Choice)));
            Assert.That(episode.Terminated, Is.EqualTo(played.Select(row => row.Terminated)));
            Assert.That(episode.Truncated, Is.EqualTo(played.Select(row => row.Truncated)));
            int rowBytes = played[0].Observation.Length;
            Assert.That(episode.Observations[0].Rows.AsSpan(rowBytes).SequenceEqual(played.SelectMany(row => row.Observation).ToArray()), "observations");
            Assert.That(rows.Episode.IsComplete, Is.EqualTo(played[^1].Terminated || played[^1].Truncated));
            Assert.That(rows.Sources.ToArray(), Is.All.EqualTo(ActionSource.Script));
            if (rows.Episode.IsComplete) continue;
            Assert.That(rows.Episode.Ending, Is.EqualTo(EpisodeEnding.Stopped));
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Observations_that_were_not_kept_come_back_by_replay(string id, int count, AutoresetMode mode)
    {
        var sample = SampleRecording.Of(_folder.File("a.simdemo"), id, count, environmentOptions: new() { Autoreset = mode, Privileged = count == 3 }, options: new() { Observations = true });
        using var demonstration = Demonstration.Open(sample.Path);
        foreach (var (kept, replayed) in demonstration.ToEpisodes().Episodes.Zip(demonstration.ToEpisodes(replayObservations: true).Episodes))
        {
            Assert.That(replayed.Observations.Select(group => group.Name), Is.EqualTo(kept.Observations.Select(group => group.Name)));
            foreach (var (before, after) in kept.Observations.Zip(replayed.Observations)) Assert.That(after.Rows.AsSpan().SequenceEqual(before.Rows), before.Name);
        }
    }

    [Test]
    public void Every_episode_can_be_read_alone()
    {
        var sample = SampleRecording.Of(_folder.File("a.simdemo"), "cartpole", count: 5, steps: 2000, options: new() { WriteEvery = TimeSpan.FromMilliseconds(1) });
        using var demonstration = Demonstration.Open(sample.Path);
        Assert.That(demonstration.Episodes, Has.Count.GreaterThan(100));
        foreach (var episode in demonstration.Episodes.Where(episode => episode.Number % 7 == 0))
        {
            var rows = demonstration.Read(episode);
            var played = sample.RowsOf(episode, 5);
            Assert.That(MemoryMarshal.Cast<byte, int>(rows.Actions).ToArray(), Is.EqualTo(played.SelectMany(row => row.Choice)));
            Assert.That(episode.Return, Is.EqualTo(episode.IsComplete ? played.Sum(row => row.Reward) : null), "cartpole's rewards are whole numbers");
        }
    }

    [Test]
    public void Options_of_a_reset_inputs_and_labels_are_kept_beside_the_steps()
    {
        string path = _folder.File("a.simdemo");
        using (var environments = Registry.Make("pendulum", new EnvironmentOptions { Autoreset = AutoresetMode.Disabled }))
        using (var recorder = DemonstrationRecorder.Create(path, environments, new() { Operator = "anna", Devices = ["gamepad-0"] }))
        {
            var options = new Dictionary<string, string> { ["x_init"] = "0.25" };
            environments.Reset(seed: 1, options);
            recorder.AfterReset(options);
            for (int step = 0; step < 20; step++)
            {
                if (step == 7) recorder.AddEvent(new() { Device = "gamepad-0", Kind = InputKind.Axis, Code = 2, Value = 0.5f, DeviceMilliseconds = 12.5, ReceivedMicroseconds = 99 });
                if (step == 9) recorder.AddEvent(new() { Device = "keyboard", Kind = InputKind.Note, Text = "slipped" });
                environments.Actions[0] = step / 10f;
                environments.Step();
                recorder.AfterStep(ActionSource.Human, [step == 5 ? 1.5f : environments.Actions[0]]);
            }
            recorder.Label(0, success: true, quality: 4, note: "steady");
        }
        using var demonstration = Demonstration.Open(path);
        var episode = demonstration.Episodes.Single();
        Assert.That(episode.Options, Is.EqualTo(new Dictionary<string, string> { ["x_init"] = "0.25" }));
        Assert.That((episode.Success, episode.Quality, episode.Note), Is.EqualTo(((bool?)true, (int?)4, "steady")));
        Assert.That(demonstration.Sessions[0].Message.Operator, Is.EqualTo("anna"));
        var inputs = demonstration.ReadEvents(episode).ToArray();
        Assert.That(inputs.Select(input => (input.Device, input.Kind, input.Code, input.Value, input.Step, input.Text)), Is.EqualTo(new[]
        {
            ("gamepad-0", InputKind.Axis, 2, 0.5f, 7UL, (string?)null), ("keyboard", InputKind.Note, 0, 0f, 9UL, "slipped"),
        }));
        var rows = demonstration.Read(episode);
        Assert.That(rows.Sources.ToArray(), Is.All.EqualTo(ActionSource.Human));
        float[] policy = MemoryMarshal.Cast<byte, float>(rows.PolicyActions).ToArray(), actions = MemoryMarshal.Cast<byte, float>(rows.Actions).ToArray();
        Assert.That(Enumerable.Range(0, 20).Where(step => policy[step] != actions[step]), Is.EqualTo(new[] { 5 }));
        Assert.That(demonstration.Check().Select(result => result.Verdict), Is.EqualTo(new[] { ReplayVerdict.Exact }), "the options of the reset are part of the start");
    }
}
