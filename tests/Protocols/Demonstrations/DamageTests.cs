using NUnit.Framework;
using Sim.Protocols.Demonstrations;
using Sim.Protocols.Demonstrations.Files;

namespace Sim.Tests.Protocols.Demonstrations;

/// <summary>A recording that broke off, or that a disk has changed.</summary>
public sealed class DamageTests
{
    private TemporaryFolder _folder = null!;
    private string _path = "";

    [SetUp]
    public void Record()
    {
        _folder = new TemporaryFolder();
        _path = _folder.File("whole.simdemo");
        // A chunk for every step or few, of many kinds.
        SampleRecording.Of(_path, "cartpole", count: 2, steps: 60, options: new() { WriteEvery = TimeSpan.FromTicks(1), CheckpointEvery = 10, Snapshots = true });
    }

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase(true)]
    [TestCase(false)]
    public void Truncating_at_any_byte_of_the_last_two_chunks_always_opens_and_loses_no_earlier_chunk(bool closed)
    {
        byte[] bytes = closed ? File.ReadAllBytes(_path) : RewrittenFile.Unclosed(_path);
        string cut = _folder.File("cut.simdemo");
        File.WriteAllBytes(cut, bytes);
        long[] boundaries = RewrittenFile.Boundaries(cut);
        long from = boundaries[^(closed ? 2 : 3)];
        for (long length = from; length < bytes.Length; length++)
        {
            File.WriteAllBytes(cut, bytes[..(int)length]);
            using var demonstration = Demonstration.Open(cut);
            Assert.That(demonstration.Condition, Is.EqualTo(DemonstrationCondition.Recovered));
            using var file = ChunkFile.Open(cut);
            long whole = boundaries.Last(boundary => boundary <= length);
            Assert.That(file.Chunks.Count(chunk => chunk.End <= whole), Is.EqualTo(boundaries.Count(boundary => boundary < whole)), $"cut at {length} of {bytes.Length}");
            Assert.That(demonstration.Check().Select(result => result.Verdict), Is.All.EqualTo(ReplayVerdict.Exact));
        }
    }

    [Test]
    public void A_recording_that_broke_off_anywhere_is_read_as_far_as_it_goes()
    {
        byte[] bytes = RewrittenFile.Unclosed(_path);
        string cut = _folder.File("cut.simdemo");
        int steps = -1;
        foreach (long boundary in RewrittenFile.Boundaries(_path).Skip(1))
        {
            File.WriteAllBytes(cut, bytes[..(int)boundary]);
            using var demonstration = Demonstration.Open(cut);
            int now = demonstration.ReadAll(demonstration.Episodes).Sum(rows => rows.Length);
            Assert.That(now, Is.EqualTo(demonstration.Episodes.Sum(episode => episode.Length)).And.GreaterThanOrEqualTo(steps));
            foreach (var episode in demonstration.Episodes)
                Assert.That(episode.IsComplete, Is.EqualTo((demonstration.Read(episode).Flags[^1] & Sim.Protocols.Demonstrations.Rows.StepFlags.Ended) != 0), "the flags say whether an episode ended, also where its end is lost");
            steps = now;
        }
        Assert.That(steps, Is.EqualTo(120));
    }

    [Test]
    public void Every_flipped_byte_is_detected()
    {
        byte[] bytes = File.ReadAllBytes(_path);
        Assert.That(Demonstration.CheckBytes(_path), Is.Empty);
        string flipped = _folder.File("flipped.simdemo");
        var random = new Random(1);
        for (int trial = 0; trial < 400; trial++)
        {
            // The frame of the file and the first and last chunks in every trial's turn, the rest by chance.
            int at = trial < 16 ? trial : trial < 64 ? bytes.Length - 1 - (trial - 16) : random.Next(bytes.Length);
            byte change = (byte)(1 << random.Next(8));
            bytes[at] ^= change;
            File.WriteAllBytes(flipped, bytes);
            bytes[at] ^= change;
            Assert.That(ProblemsOf(flipped), Is.Not.Empty, $"byte {at} of {bytes.Length}, bit {change:x2}");
        }
    }

    [Test]
    public void Salvage_goes_on_behind_a_damaged_chunk()
    {
        byte[] bytes = File.ReadAllBytes(_path);
        long[] boundaries = RewrittenFile.Boundaries(_path);
        int damaged = boundaries.Length / 2;
        bytes[boundaries[damaged] + ChunkHeader.Size + 3] ^= 1;
        string path = _folder.File("damaged.simdemo");
        File.WriteAllBytes(path, bytes);
        using (var file = ChunkFile.Open(path, salvage: true))
        {
            Assert.That(file.Chunks, Has.Count.EqualTo(boundaries.Length - 2));
            Assert.That(file.LostBytes, Is.EqualTo(boundaries[damaged + 1] - boundaries[damaged]));
        }
        using var demonstration = Demonstration.Open(path, salvage: true);
        Assert.That(demonstration.Check().Select(result => result.Verdict), Is.All.EqualTo(ReplayVerdict.Exact), "steps behind a gap are not taken for those before it");
    }

    [Test]
    public void Opening_for_reading_changes_no_byte()
    {
        byte[] bytes = RewrittenFile.Unclosed(_path)[..^5];
        string path = _folder.File("broken.simdemo");
        File.WriteAllBytes(path, bytes);
        using (var demonstration = Demonstration.Open(path)) Assert.That(demonstration.Check().Count(), Is.Positive);
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(bytes));
    }

    [Test]
    public void Appending_cuts_a_broken_tail_and_goes_on_behind_it()
    {
        string path = _folder.File("broken.simdemo");
        byte[] bytes = RewrittenFile.Unclosed(_path);
        File.WriteAllBytes(path, bytes[..^5]);
        int before;
        long good;
        using (var broken = Demonstration.Open(path)) (before, good) = (broken.All.Count, broken.FileBytes - broken.LostBytes);
        using (var environments = Sim.Environments.Registry.Make("cartpole", count: 2))
        using (var recorder = DemonstrationRecorder.Append(path, environments))
        {
            environments.Reset(seed: 50);
            recorder.AfterReset();
            for (int step = 0; step < 40; step++)
            {
                Sim.Environments.RandomActions.Fill(environments, 4, step);
                environments.Step();
                recorder.AfterStep();
            }
        }
        using var demonstration = Demonstration.Open(path);
        Assert.That((demonstration.Condition, demonstration.Sessions.Count), Is.EqualTo((DemonstrationCondition.Clean, 2)));
        Assert.That(demonstration.All, Has.Count.GreaterThan(before));
        Assert.That(demonstration.Check().Select(result => result.Verdict), Is.All.EqualTo(ReplayVerdict.Exact));
        Assert.That(Demonstration.CheckBytes(path), Is.Empty);
        Assert.That(File.ReadAllBytes(path)[..(int)good], Is.EqualTo(bytes[..(int)good]), "good bytes are never written again");
    }

    private static IReadOnlyList<string> ProblemsOf(string path)
    {
        try
        {
            return Demonstration.CheckBytes(path);
        }
        catch (InvalidDataException error)
        {
            return [error.Message];
        }
    }
}
