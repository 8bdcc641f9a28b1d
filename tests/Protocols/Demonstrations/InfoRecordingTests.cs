using NUnit.Framework;
using Sim.Environments.Episodes;
using Sim.Protocols.Demonstrations;
using Sim.Protocols.Demonstrations.Files;
using Sim.Protocols.Demonstrations.Rows;
using Sim.Tests.Environments.Contract;

namespace Sim.Tests.Protocols.Demonstrations;

/// <summary>What a task tells beside its observation is kept in recordings.</summary>
public sealed class InfoRecordingTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase(1, true)]
    [TestCase(5, true)]
    [TestCase(5, false)]
    public void A_recording_tells_what_the_collector_saw(int lanes, bool observations)
    {
        string path = Record("a.simdemo", lanes, observations);
        var seen = EpisodeCollector.Collect(Parcel.Definition, Parcel.Definition.ScriptedExpert!, lanes, seed: 3);
        using var demonstration = Demonstration.Open(path);
        var set = demonstration.ToEpisodes(definition: Parcel.Definition);
        Assert.That(set.Info!.Labels, Is.EqualTo(new[] { "phase", "remaining_steps" }));
        Assert.That(set.InfoNames["phase"], Is.EqualTo(new[] { "approach", "load", "return" }));
        var first = set.Episodes.Where(episode => episode.Start!.Value.Number == 0).OrderBy(episode => episode.Start!.Value.Seed).ToArray();
        Assert.That(first, Has.Length.EqualTo(lanes));
        foreach (var (kept, played) in first.Zip(seen.Episodes))
        {
            Assert.That(kept.Info, Has.Length.EqualTo(2 * (kept.Length + 1)));
            Assert.That(kept.Info, Is.EqualTo(played.Info));
            Assert.That(kept.Observations[0].Rows, Is.EqualTo(played.Observations[0].Rows));
        }
    }

    [Test]
    public void The_phases_of_an_episode_follow_one_another()
    {
        using var demonstration = Demonstration.Open(Record("a.simdemo"));
        var rows = demonstration.Read(demonstration.Episodes[0]);
        var spans = InfoSpan.Of(rows);
        Assert.That(spans.Select(span => span.Name), Is.EqualTo(new[] { "approach", "load", "return" }));
        Assert.That(spans.Select(span => span.From).Skip(1), Is.EqualTo(spans.Select(span => span.To).SkipLast(1)));
        Assert.That((spans[0].From, spans[^1].To), Is.EqualTo((0, rows.Length + 1)));
    }

    [Test]
    public void A_replay_finds_an_info_output_that_is_not_what_was_recorded()
    {
        string path = Record("a.simdemo");
        using (var sound = Demonstration.Open(path))
        {
            Assert.That(sound.Check(definition: Parcel.Definition).Select(result => result.Verdict), Is.All.EqualTo(ReplayVerdict.Exact));
        }

        string spoilt = _folder.File("spoilt.simdemo");
        RewrittenFile.Write(path, spoilt, (type, _, payload) => type == ChunkType.Steps ? WithAnotherFirstPhase(path, payload) : payload);
        using var changed = Demonstration.Open(spoilt);
        var found = changed.Check([changed.Episodes[0]], Parcel.Definition).Single();
        Assert.That(found.Verdict, Is.EqualTo(ReplayVerdict.Diverged));
        Assert.That((found.Divergence!.What, found.Divergence.Step, found.Divergence.Recorded, found.Divergence.Replayed), Is.EqualTo(("info output phase", 0, "2", "0")));
    }

    [Test]
    public void Edits_keep_info_outputs_also_where_a_part_begins_in_the_middle()
    {
        using var demonstration = Demonstration.Open(Record("a.simdemo", settings: new() { CheckpointEvery = 5, Observations = true }));
        var whole = demonstration.Read(demonstration.Episodes[0]);
        string trimmed = _folder.File("part.simdemo"), merged = _folder.File("merged.simdemo");
        DemonstrationEdits.Trim(demonstration, [whole.Episode], trimmed, new Trim { From = 10, To = 20 });
        DemonstrationEdits.Merge([demonstration], merged);
        using var part = Demonstration.Open(trimmed);
        using var copy = Demonstration.Open(merged);
        Assert.That(part.Read(part.Episodes[0]).ReadInfo(), Is.EqualTo(whole.ReadInfo()[(10 * 2)..(21 * 2)]));
        Assert.That(copy.Read(copy.Episodes[0]).ReadInfo(), Is.EqualTo(whole.ReadInfo()));
    }

    [Test]
    public void Episodes_from_elsewhere_bring_their_info_outputs()
    {
        var set = EpisodeCollector.Collect(Parcel.Definition, Parcel.Definition.ScriptedExpert!, 3, seed: 3);
        string path = _folder.File("imported.simdemo");
        DemonstrationWriter.Import(path, set, "elsewhere");
        using var demonstration = Demonstration.Open(path);
        var imported = demonstration.ToEpisodes();
        Assert.That(imported.InfoNames, Is.EqualTo(set.InfoNames));
        Assert.That(imported.Episodes.Select(episode => episode.Info), Is.EqualTo(set.Episodes.Select(episode => episode.Info)));
    }

    [Test]
    public void A_recording_from_before_info_outputs_is_read_and_replayed()
    {
        // Written by commit 5a530ec: sim demo record cartpole --random --episodes 3 --envs 2 --seed 4 --observations.
        using var demonstration = Demonstration.Open(Checkout.File("tests", "Protocols", "Demonstrations", "golden", "before-info-outputs.simdemo"));
        Assert.That(demonstration.Condition, Is.EqualTo(DemonstrationCondition.Clean));
        Assert.That(demonstration.Check().Select(result => result.Verdict), Is.EqualTo(Enumerable.Repeat(ReplayVerdict.Exact, 3)));
        var set = demonstration.ToEpisodes();
        Assert.That((set.Info, set.Episodes.Sum(episode => episode.Length)), Is.EqualTo(((object?)null, 92)));
        Assert.That(set.Episodes.Select(episode => episode.Info), Is.All.Empty);
    }

    /// <summary>Records the expert until each lane has ended two episodes.</summary>
    private string Record(string name, int lanes = 1, bool observations = false, RecordingOptions? settings = null)
    {
        string path = _folder.File(name);
        using var environments = Parcel.Definition.Create(new() { Count = lanes, Seed = 3, Privileged = true });
        using var expert = Parcel.Definition.ScriptedExpert!(environments);
        using var recorder = DemonstrationRecorder.Create(path, environments, settings ?? new() { Observations = observations });
        environments.Reset();
        recorder.AfterReset();
        for (int[] ended = new int[lanes]; ended.Min() < 2;)
        {
            expert.Act(environments);
            environments.Step();
            recorder.AfterStep(ActionSource.Script);
            foreach (var episode in recorder.EndedEpisodes) ended[episode.Lane]++;
        }
        return path;
    }

    /// <summary>Says "return" after the first step of a chunk.</summary>
    private static byte[] WithAnotherFirstPhase(string path, byte[] payload)
    {
        using var demonstration = Demonstration.Open(path);
        var columns = demonstration.Sessions[0].Layout.Columns.Where(column => column.Name != StepLayout.PolicyActionName).ToArray();
        int data = sizeof(uint) + BitConverter.ToInt32(payload);
        int steps = (payload.Length - data) / columns.Sum(column => column.StepBytes);
        int info = data + (steps * columns.TakeWhile(column => column.Name != StepLayout.InfoName).Sum(column => column.StepBytes));
        BitConverter.TryWriteBytes(payload.AsSpan(info), 2f);
        return payload;
    }
}
