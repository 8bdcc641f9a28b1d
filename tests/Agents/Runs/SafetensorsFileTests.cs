using System.Text;
using NUnit.Framework;
using Sim.Agents.Runs;

namespace Sim.Tests.Agents.Runs;

public sealed class SafetensorsFileTests
{
    private static readonly NamedTensor[] s_tensors =
    [
        new("actor.0.weight", [2, 3], new float[] { 1, -2.5f, 3, float.Epsilon, float.NaN, float.MaxValue }),
        new("scalar", [], new float[] { 7 }),
        new("empty", [0, 4], ReadOnlyMemory<float>.Empty),
    ];

    [Test]
    public void Tensors_and_metadata_come_back_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        SafetensorsFile.Write(folder.File("policy.safetensors"), s_tensors, new Dictionary<string, string> { ["environment"] = "pendulum" });
        var read = SafetensorsFile.Read(folder.File("policy.safetensors"));

        Assert.That(read.Metadata["environment"], Is.EqualTo("pendulum"));
        Assert.That(read.Tensors.Select(tensor => tensor.Name), Is.EqualTo(s_tensors.Select(tensor => tensor.Name)));
        foreach (var (tensor, expected) in read.Tensors.Zip(s_tensors))
        {
            Assert.That(tensor.Shape, Is.EqualTo(expected.Shape));
            Assert.That(Bits(tensor), Is.EqualTo(Bits(expected)));
        }
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(1));
    }

    /// <summary>The layout of the format's specification, byte by byte.</summary>
    [Test]
    public void The_file_is_a_length_a_header_and_the_values()
    {
        using var folder = new TemporaryFolder();
        SafetensorsFile.Write(folder.File("a"), [new NamedTensor("x", [1], new float[] { 1 })]);
        byte[] bytes = File.ReadAllBytes(folder.File("a"));
        const string Header = """{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";

        Assert.That(BitConverter.ToUInt64(bytes), Is.EqualTo((Header.Length + 7) / 8 * 8));
        Assert.That(Encoding.UTF8.GetString(bytes, 8, bytes.Length - 12).TrimEnd(' '), Is.EqualTo(Header));
        Assert.That(bytes[^4..], Is.EqualTo(new byte[] { 0, 0, 0x80, 0x3F }));
    }

    [TestCase("""{"x":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}""", "type F16")]
    [TestCase("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "does not fit")]
    [TestCase("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", "does not fit")]
    [TestCase("""{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,4]}}""", "does not fit")]
    [TestCase("""{"x":{"shape":[1]}}""", "malformed")]
    [TestCase("""{"x":""", "malformed")]
    public void A_broken_file_is_refused(string header, string message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a"), [.. BitConverter.GetBytes((ulong)header.Length), .. Encoding.UTF8.GetBytes(header), 0, 0, 0, 0]);
        Assert.That(() => SafetensorsFile.Read(folder.File("a")), Throws.TypeOf<InvalidDataException>().With.Message.Contains(message));
    }

    [TestCase(0)]
    [TestCase(7)]
    [TestCase(100)]
    public void A_file_of_another_kind_is_refused(int length)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a"), [.. Enumerable.Repeat((byte)0x7F, length)]);
        Assert.That(() => SafetensorsFile.Read(folder.File("a")), Throws.TypeOf<InvalidDataException>().With.Message.Contains("not a safetensors file"));
    }

    [Test]
    public void A_shape_that_disagrees_with_its_values_is_not_written()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => SafetensorsFile.Write(folder.File("a"), [new NamedTensor("x", [2, 2], new float[3])]), Throws.ArgumentException);
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }

    private static uint[] Bits(NamedTensor tensor) => [.. tensor.Values.ToArray().Select(BitConverter.SingleToUInt32Bits)];
}
