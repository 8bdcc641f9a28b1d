using NUnit.Framework;
using Sim.Environments.Classic;
using Sim.Protocols.Demonstrations;

namespace Sim.Tests.Protocols.Demonstrations;

/// <summary>Labels, merges, trims, splits and recoveries.</summary>
public sealed class EditTests
{
    private TemporaryFolder _folder = null!;
    private string _path = "", _other = "", _target = "";

    [SetUp]
    public void Record()
    {
        _folder = new TemporaryFolder();
        (_path, _other, _target) = (_folder.File("a.simdemo"), _folder.File("b.simdemo"), _folder.File("c.simdemo"));
        SampleRecording.Of(_path, "cartpole", count: 3, steps: 100, options: new() { Observations = true, Operator = "anna" });
    }

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void A_label_is_appended_and_changes_no_byte_before_it()
    {
        byte[] before = File.ReadAllBytes(_path);
        for (int quality = 1; quality <= 3; quality++)
            DemonstrationEdits.Label(_path, [new() { Episode = 2, Quality = quality, Note = quality == 1 ? "first" : null }]);
        DemonstrationEdits.Label(_path, [], [new() { Episode = 4, Hidden = true }]);
        byte[] after = File.ReadAllBytes(_path);
        Assert.That(after[..before.Length], Is.EqualTo(before));
        Assert.That(Demonstration.CheckBytes(_path), Is.Empty);
        using (var demonstration = Demonstration.Open(_path))
        {
            Assert.That((demonstration.All[2].Quality, demonstration.All[2].Note), Is.EqualTo(((int?)3, "first")), "the last word on each counts");
            Assert.That(demonstration.Episodes.Select(episode => episode.Number), Does.Not.Contain(4));
        }
        DemonstrationEdits.Label(_path, [], [new() { Episode = 4, Hidden = false }]);
        using (var demonstration = Demonstration.Open(_path)) Assert.That(demonstration.Episodes.Select(episode => episode.Number), Does.Contain(4));
        Assert.That(() => DemonstrationEdits.Label(_path, [new() { Episode = 999 }]), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Every_index_finds_what_came_before_it()
    {
        int episodes;
        using (var demonstration = Demonstration.Open(_path)) episodes = demonstration.All.Count;
        DemonstrationEdits.Label(_path, [new() { Episode = 0, Note = "x" }]);
        DemonstrationEdits.Label(_path, [new() { Episode = 1, Note = "y" }]);
        using var after = Demonstration.Open(_path);
        Assert.That((after.Condition, after.All.Count), Is.EqualTo((DemonstrationCondition.Clean, episodes)));
        Assert.That(after.Check().Select(result => result.Verdict), Is.All.EqualTo(ReplayVerdict.Exact));
    }

    [Test]
    public void A_merged_recording_holds_the_episodes_of_both_and_replays_exactly()
    {
        SampleRecording.Of(_other, "cartpole", steps: 80, options: new() { Operator = "ben" });
        DemonstrationEdits.Label(_other, [new() { Episode = 0, Success = true, Quality = 5, Note = "good", Masks = ["best"] }]);
        using var first = Demonstration.Open(_path);
        using var second = Demonstration.Open(_other);
        int count = DemonstrationEdits.Merge([first, second], _target);
        using var merged = Demonstration.Open(_target);
        Assert.That(merged.Episodes, Has.Count.EqualTo(count).And.Count.EqualTo(first.Episodes.Count + second.Episodes.Count));
        Assert.That(merged.Sessions.Select(session => session.Message.Operator), Is.EqualTo(new[] { "anna", "ben" }), "session headers are kept");
        Assert.That(merged.Check().Select(result => result.Verdict), Is.All.EqualTo(ReplayVerdict.Exact));
        var labelled = merged.All[first.Episodes.Count];
        Assert.That((labelled.Quality, labelled.Note, labelled.Success), Is.EqualTo(((int?)5, "good", (bool?)true)));
        Assert.That(labelled.Masks, Is.EqualTo(new[] { "best" }));
        var before = first.ReadAll(first.Episodes).Concat(second.ReadAll(second.Episodes));
        foreach (var (original, copy) in before.Zip(merged.ReadAll(merged.Episodes)))
        {
            Assert.That(copy.Actions.ToArray(), Is.EqualTo(original.Actions.ToArray()));
            Assert.That(copy.Rewards.ToArray(), Is.EqualTo(original.Rewards.ToArray()));
            Assert.That(copy.Times.ToArray(), Is.EqualTo(original.Times.ToArray()));
            Assert.That((copy.Episode.Ending, copy.Episode.Return, copy.Episode.Start), Is.EqualTo((original.Episode.Ending, original.Episode.Return, original.Episode.Start)));
        }
        foreach (var (original, copy) in first.ToEpisodes().Episodes.Zip(merged.ToEpisodes().Episodes))
            Assert.That(copy.Observations[0].Rows, Is.EqualTo(original.Observations[0].Rows));
    }

    [Test]
    public void Recordings_that_do_not_belong_together_are_not_merged()
    {
        SampleRecording.Of(_other, "pendulum", steps: 20);
        using var first = Demonstration.Open(_path);
        using (var second = Demonstration.Open(_other))
            Assert.That(() => DemonstrationEdits.Merge([first, second], _target), Throws.ArgumentException.With.Message.Contains("pendulum"));
        File.Delete(_other);
        SampleRecording.Of(_other, "cartpole", steps: 20, settings: new CartPoleSettings { Gravity = 5 });
        using (var second = Demonstration.Open(_other))
        {
            Assert.That(() => DemonstrationEdits.Merge([first, second], _target), Throws.ArgumentException.With.Message.Contains("gravity"));
            Assert.That(File.Exists(_target), Is.False);
            DemonstrationEdits.Merge([first, second], _target, allowSettingsMix: true);
        }
        using var mixed = Demonstration.Open(_target);
        Assert.That(mixed.Check().Select(result => result.Verdict), Is.All.EqualTo(ReplayVerdict.Exact), "each session is played under its own settings");
        Assert.That(mixed.ToEpisodes().Settings, Is.Empty);
    }

    [TestCase(0, 0)]
    [TestCase(49, 0)]
    [TestCase(50, 50)]
    [TestCase(130, 100)]
    public void A_trim_begins_at_the_nearest_state_that_was_kept_before_it(int from, int begins)
    {
        SampleRecording.Of(_other, "pendulum", steps: 199);
        using var demonstration = Demonstration.Open(_other);
        var kept = DemonstrationEdits.Trim(demonstration, demonstration.Episodes, _target, new() { From = from, To = 180 });
        Assert.That(kept, Is.EqualTo(new[] { new TrimmedEpisode(0, 199, begins, 180) }));
        using var trimmed = Demonstration.Open(_target);
        Assert.That((trimmed.Episodes[0].Length, trimmed.Episodes[0].Ending), Is.EqualTo((180 - begins, EpisodeEnding.Trimmed)));
        Assert.That(trimmed.Check().Single().Verdict, Is.EqualTo(ReplayVerdict.Exact));
        Assert.That(trimmed.Read(trimmed.Episodes[0]).Rewards.ToArray(), Is.EqualTo(demonstration.Read(demonstration.Episodes[0]).Rewards[begins..180].ToArray()));
        if (begins > 0) Assert.That(trimmed.Episodes[0].Parent?.Step, Is.EqualTo(begins));
    }

    [Test]
    public void Idle_fronts_and_ends_are_trimmed_and_what_lies_between_stays()
    {
        using (var environments = Sim.Environments.Registry.Make("pendulum"))
        using (var recorder = DemonstrationRecorder.Create(_other, environments, new() { CheckpointEvery = 10 }))
        {
            environments.Reset();
            recorder.AfterReset();
            for (int step = 0; step < 150; step++)
            {
                // Nobody touches the stick for 40 steps, nor for the last 30, nor for a moment between.
                environments.Actions[0] = step is < 40 or >= 120 or (>= 70 and < 80) ? 0 : MathF.Sin(step);
                environments.Step();
                recorder.AfterStep(ActionSource.Human);
            }
        }
        using var demonstration = Demonstration.Open(_other);
        var kept = DemonstrationEdits.Trim(demonstration, demonstration.Episodes, _target, new() { IdleSteps = 20 }).Single();
        Assert.That((kept.From, kept.To), Is.EqualTo((30, 121)), "a state was kept before step 30; the last step that moved leads to 120");
        using var trimmed = Demonstration.Open(_target);
        Assert.That(trimmed.Check().Single().Verdict, Is.EqualTo(ReplayVerdict.Exact));
    }

    [Test]
    public void A_split_divides_all_episodes_the_same_way_every_time()
    {
        File.Copy(_path, _other);
        var masks = DemonstrationEdits.Split(_path, 0.25, seed: 5);
        var again = DemonstrationEdits.Split(_other, 0.25, seed: 5);
        Assert.That(again.Select(label => (label.Episode, label.Masks![0])), Is.EqualTo(masks.Select(label => (label.Episode, label.Masks![0]))));
        using var demonstration = Demonstration.Open(_path);
        Assert.That(demonstration.Episodes.Count(episode => episode.Masks.Contains("valid")), Is.EqualTo((int)Math.Round(0.25 * demonstration.Episodes.Count)));
        Assert.That(demonstration.Episodes.Select(episode => episode.Masks.Count), Is.All.EqualTo(1));
        Assert.That(() => DemonstrationEdits.Split(_path, 0.5, byOperator: true), Throws.ArgumentException.With.Message.Contains("1 operators"));
        Assert.That(() => DemonstrationEdits.Split(_path, 1.5), Throws.ArgumentException.With.Message.Contains("ratio 1.5"));
    }

    [Test]
    public void Recovering_writes_a_clean_file_and_leaves_the_broken_one_as_it_is()
    {
        byte[] broken = RewrittenFile.Unclosed(_path)[..^11];
        File.WriteAllBytes(_other, broken);
        long lost = DemonstrationEdits.Recover(_other, _target);
        Assert.That(lost, Is.Positive);
        Assert.That(File.ReadAllBytes(_other), Is.EqualTo(broken));
        Assert.That(Demonstration.CheckBytes(_target), Is.Empty);
        using var recovered = Demonstration.Open(_target);
        Assert.That(recovered.Condition, Is.EqualTo(DemonstrationCondition.Clean));
        Assert.That(recovered.Check().Select(result => result.Verdict), Is.All.EqualTo(ReplayVerdict.Exact));
        Assert.That(() => DemonstrationEdits.Label(_other, [new() { Episode = 0, Note = "x" }]), Throws.TypeOf<InvalidDataException>().With.Message.Contains("recover"));
    }

    [Test]
    public void Imported_episodes_come_back_bit_for_bit_and_promise_no_replay()
    {
        using var demonstration = Demonstration.Open(_path);
        DemonstrationWriter.Import(_target, demonstration.ToEpisodes(), "elsewhere");
        using var imported = Demonstration.Open(_target);
        Assert.That(imported.Sessions.Select(session => (session.Message.Determinism, session.Message.Operator)), Is.All.EqualTo(("D0", "anna")));
        foreach (var (before, after) in demonstration.ToEpisodes().Episodes.Zip(imported.ToEpisodes().Episodes))
        {
            Assert.That(after.Choices, Is.EqualTo(before.Choices));
            Assert.That(after.Rewards, Is.EqualTo(before.Rewards));
            Assert.That(after.Terminated, Is.EqualTo(before.Terminated));
            Assert.That(after.Truncated, Is.EqualTo(before.Truncated));
            Assert.That(after.Observations[0].Rows, Is.EqualTo(before.Observations[0].Rows));
        }
        Assert.That(imported.Check().Select(result => result.Verdict), Is.All.EqualTo(ReplayVerdict.Unsupported));
        var cut = demonstration.ToEpisodes() with { Episodes = demonstration.ToEpisodes().Episodes.Select(episode => episode with { Observations = [] }) };
        Assert.That(() => DemonstrationWriter.Import(_other, cut, "elsewhere"), Throws.TypeOf<InvalidDataException>());
        Assert.That(File.Exists(_other), Is.False);
    }
}
