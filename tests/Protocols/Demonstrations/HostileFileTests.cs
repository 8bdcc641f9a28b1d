using System.Buffers.Binary;
using System.Diagnostics;
using NUnit.Framework;
using Sim.Protocols.Demonstrations;
using Sim.Protocols.Demonstrations.Files;
using Sim.Protocols.Demonstrations.Rows;

namespace Sim.Tests.Protocols.Demonstrations;

/// <summary>Files whose checksums fit and whose contents lie: a sentence, never a crash, a hang or a huge allocation.</summary>
public sealed class HostileFileTests
{
    private TemporaryFolder _folder = null!;
    private string _path = "", _target = "";

    [SetUp]
    public void Record()
    {
        _folder = new TemporaryFolder();
        (_path, _target) = (_folder.File("honest.simdemo"), _folder.File("hostile.simdemo"));
        SampleRecording.Of(_path, "pendulum", steps: 230, resetOptions: new Dictionary<string, string> { ["x_init"] = "1" },
            options: new() { WriteEvery = TimeSpan.FromMilliseconds(1), Observations = true });
    }

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Changed_contents_give_InvalidDataException_or_an_answer()
    {
        var random = new Random(7);
        int refused = 0;
        for (int trial = 0; trial < 600; trial++)
        {
            File.Delete(_target);
            RewrittenFile.Write(_path, _target, (_, chunk, payload) => chunk % 3 == trial % 3 || random.Next(4) == 0 ? Changed(payload, random) : payload);
            if (!ReadsOrRefuses()) refused++;
        }
        Assert.That(refused, Is.InRange(120, 599), "some changes make sense, many do not");
    }

    [Test]
    public void Lengths_that_lie_are_refused_without_allocating_what_they_say()
    {
        byte[] bytes = File.ReadAllBytes(_path);
        long[] boundaries = RewrittenFile.Boundaries(_path);
        foreach (uint lie in (uint[])[0, 1, 1 << 20, 1 << 30, 0x7FFF_FFFF, uint.MaxValue])
        {
            foreach (int field in (int[])[8, 12])
            {
                byte[] lying = [.. bytes];
                var header = lying.AsSpan((int)boundaries[3], ChunkHeader.Size);
                BinaryPrimitives.WriteUInt32LittleEndian(header[field..], lie);
                BinaryPrimitives.WriteUInt32LittleEndian(header[32..], Crc32C.Of(header[..32]));
                File.WriteAllBytes(_target, lying);
                long before = GC.GetAllocatedBytesForCurrentThread();
                ReadsOrRefuses();
                Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(64 << 20), $"{lie} at {field}");
            }
        }
    }

    [TestCase(int.MaxValue)]
    [TestCase(-1)]
    [TestCase(100_000_000)]
    public void Counts_that_lie_are_refused(int count)
    {
        foreach (var type in (ChunkType[])[ChunkType.EpisodeBegin, ChunkType.Steps, ChunkType.State, ChunkType.EpisodeEnd])
        {
            File.Delete(_target);
            RewrittenFile.Write(_path, _target, (own, _, payload) => own == type ? WithCount(type, payload, count) : payload);
            Assert.That(ReadsOrRefuses, Is.False, $"{type}");
        }
    }

    [Test]
    public void Messages_nested_without_end_are_refused()
    {
        // An array in an array in an array … as deep as the chunk is long.
        RewrittenFile.Write(_path, _target, (type, _, payload) => type == ChunkType.Session ? [0, 0, 1, 0, .. Enumerable.Repeat((byte)0x91, 1 << 16)] : payload);
        Assert.That(ReadsOrRefuses, Is.False);
    }

    [Test]
    public void A_million_episodes_without_an_end_are_read_in_time()
    {
        RewrittenFile.Write(_path, _target, (type, chunk, payload) =>
        {
            if (type != ChunkType.EpisodeBegin || chunk > 2) return payload;
            var buffer = new PayloadBuffer();
            const int Rows = 1_000_000;
            Payload.WriteHeader(buffer, new BeginMessage { Rows = Rows });
            var rows = new BeginRow[Rows];
            Payload.Append<BeginRow>(buffer, rows);
            buffer.Write(new byte[12 * Rows]);
            return buffer.Written.ToArray();
        });
        var clock = Stopwatch.StartNew();
        ReadsOrRefuses();
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)), "linear in the size of the file, on a slow machine");
    }

    [TestCase("")]
    [TestCase("SIMDEMO")]
    [TestCase("{ \"not\": \"a recording\" }")]
    public void Other_files_are_named_as_such(string text)
    {
        File.WriteAllText(_target, text);
        Assert.That(() => Demonstration.Open(_target), Throws.TypeOf<InvalidDataException>().With.Message.Contains("is no recording"));
    }

    private static byte[] WithCount(ChunkType type, byte[] payload, int count)
    {
        var inside = new Payload(payload, "test");
        var buffer = new PayloadBuffer();
        switch (type)
        {
            case ChunkType.EpisodeBegin: Payload.WriteHeader(buffer, inside.Header<BeginMessage>() with { Rows = count }); break;
            case ChunkType.Steps: Payload.WriteHeader(buffer, inside.Header<StepsMessage>() with { Steps = count }); break;
            case ChunkType.State: Payload.WriteHeader(buffer, inside.Header<StateMessage>() with { Rows = count }); break;
            case ChunkType.EpisodeEnd: Payload.WriteHeader(buffer, inside.Header<EndMessage>() with { Rows = count }); break;
        }
        buffer.Write(inside.Data.Span);
        return buffer.Written.ToArray();
    }

    private static byte[] Changed(byte[] payload, Random random)
    {
        byte[] changed = [.. payload];
        switch (random.Next(4))
        {
            case 0:
                // The messages stand first: they are where a lie does most.
                for (int i = random.Next(4); i >= 0; i--) changed[random.Next(Math.Min(changed.Length, 48))] = (byte)random.Next(256);
                return changed;
            case 1:
                for (int i = random.Next(8); i >= 0; i--) changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
                return changed;
            case 2:
                return changed[..random.Next(changed.Length)];
            default:
                int at = random.Next(changed.Length);
                return [.. changed[..at], (byte)random.Next(256), .. changed[at..]];
        }
    }

    /// <summary>Reads everything there is; false where it was refused in the proper way.</summary>
    private bool ReadsOrRefuses()
    {
        try
        {
            using var demonstration = Demonstration.Open(_target);
            foreach (var rows in demonstration.ReadAll(demonstration.All)) rows.ToRecordedEpisode();
            foreach (var episode in demonstration.All.Take(100)) Assert.That(demonstration.ReadEvents(episode).Count(), Is.GreaterThanOrEqualTo(0));
            Assert.That(demonstration.Check().Count(), Is.GreaterThanOrEqualTo(0));
            return true;
        }
        catch (InvalidDataException error)
        {
            Assert.That(error.Message, Is.Not.Empty);
            return false;
        }
    }
}
