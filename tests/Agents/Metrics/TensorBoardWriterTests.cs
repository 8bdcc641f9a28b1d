using System.Buffers.Binary;
using System.Text;
using NUnit.Framework;
using Sim.Agents.Metrics;

namespace Sim.Tests.Agents.Metrics;

public sealed class TensorBoardWriterTests
{
    /// <summary>Test vectors of RFC 3720, appendix B.4, and the usual check value.</summary>
    [Test]
    public void Checksums_equal_the_published_vectors()
    {
        Assert.That(TfRecord.Crc32C("123456789"u8), Is.EqualTo(0xE3069283));
        Assert.That(TfRecord.Crc32C(new byte[32]), Is.EqualTo(0x8A9136AA));
        Assert.That(TfRecord.Crc32C([.. Enumerable.Range(0, 32).Select(i => (byte)i)]), Is.EqualTo(0x46DD794E));
    }

    [Test]
    public void Scalars_read_back_with_their_step_tag_and_value()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new TensorBoardWriter(folder.Path))
        {
            writer.Write(4096, [new Metric(MetricNames.EpisodicReturn, 21.5), new Metric(MetricNames.StepsPerSecond, 310_000)]);
            writer.Write(5_000_000_000, [new Metric(MetricNames.EpisodicReturn, double.NaN)]);
        }
        var events = ReadEvents(folder).ToArray();

        Assert.That(Encoding.UTF8.GetString(Field(events[0], 3)), Is.EqualTo("brain.Event:2"));
        Assert.That(Scalars(events[1]), Is.EqualTo(new[] { (4096L, "charts/episodic_return", 21.5f), (4096L, "charts/SPS", 310_000f) }));
        Assert.That(Scalars(events[2]), Is.EqualTo(new[] { (5_000_000_000L, "charts/episodic_return", float.NaN) }));
        double wall = BitConverter.ToDouble(Field(events[1], 1));
        // A minute covers any delay between the writing and this line.
        Assert.That(wall, Is.EqualTo(DateTimeOffset.UtcNow.ToUnixTimeSeconds()).Within(60));
    }

    [Test]
    public void A_text_is_shown_by_the_text_plugin()
    {
        using var folder = new TemporaryFolder();
        string markdown = new('θ', 300);
        using (var writer = new TensorBoardWriter(folder.Path))
            writer.WriteText(0, "configuration", markdown);
        byte[] value = Field(Field(ReadEvents(folder).Last(), 5), 1);

        Assert.That(Encoding.UTF8.GetString(Field(value, 1)), Is.EqualTo("configuration"));
        Assert.That(Encoding.UTF8.GetString(Field(Field(Field(value, 9), 1), 1)), Is.EqualTo("text"));
        Assert.That(Encoding.UTF8.GetString(Field(Field(value, 8), 8)), Is.EqualTo(markdown));
    }

    [Test]
    public void A_resumed_run_writes_a_second_file_that_starts_a_session()
    {
        using var folder = new TemporaryFolder();
        new TensorBoardWriter(folder.Path).Dispose();
        new TensorBoardWriter(folder.Path, resumedAt: 300).Dispose();
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(2));

        byte[] start = ReadEvents(folder).Last();
        Assert.That(Varint(start, 2), Is.EqualTo(300));
        Assert.That(Varint(Field(start, 7), 1), Is.EqualTo(1));
    }

    private static IEnumerable<byte[]> ReadEvents(TemporaryFolder folder)
    {
        foreach (string path in Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal))
        {
            byte[] file = File.ReadAllBytes(path);
            for (int at = 0; at < file.Length;)
            {
                int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
                Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)), Is.EqualTo(MaskedCrc(file.AsSpan(at, 8))));
                byte[] data = file[(at + 12)..(at + 12 + length)];
                Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length)), Is.EqualTo(MaskedCrc(data)));
                yield return data;
                at += length + 16;
            }
        }
    }

    /// <summary>Bit by bit, apart from the writer's own.</summary>
    private static uint MaskedCrc(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
        }
        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
    }

    private static (long Step, string Tag, float Value)[] Scalars(byte[] message) =>
    [
        .. Fields(Field(message, 5)).Select(value =>
            (Varint(message, 2), Encoding.UTF8.GetString(Field(value.Content, 1)), BitConverter.ToSingle(Field(value.Content, 2))))
    ];

    private static byte[] Field(byte[] message, int number) => Fields(message).Single(field => field.Number == number).Content;

    private static long Varint(byte[] message, int number) => BitConverter.ToInt64(Field(message, number));

    private static List<(int Number, byte[] Content)> Fields(byte[] message)
    {
        var fields = new List<(int, byte[])>();
        for (int at = 0; at < message.Length;)
        {
            ulong tag = ReadVarint(message, ref at);
            byte[] content;
            if ((tag & 7) == 0)
            {
                content = BitConverter.GetBytes(ReadVarint(message, ref at));
            }
            else
            {
                int length = (tag & 7) switch { 1 => 8, 5 => 4, _ => (int)ReadVarint(message, ref at) };
                content = message[at..(at + length)];
                at += length;
            }
            fields.Add(((int)(tag >> 3), content));
        }
        return fields;
    }

    private static ulong ReadVarint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = message[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
    }
}
