using System.Reflection;
using System.Text;
using NUnit.Framework;
using Sim.Agents.Torch;

namespace Sim.Tests.Agents.Torch;

public sealed class GlibcxxCompatibilityTests
{
    private static readonly byte[] Original = File.ReadAllBytes(Path.Combine(
        typeof(TorchRuntime).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "TorchSharpNativeFolder").Value!,
        "libLibTorchSharp.so"));

    [Test]
    public void The_edit_changes_one_name_one_version_and_one_flag()
    {
        byte[] edited = GlibcxxCompatibility.Edit(Original)!;

        int[] changed = [.. Enumerable.Range(0, Original.Length).Where(i => Original[i] != edited[i])];
        Assert.That(edited, Has.Length.EqualTo(Original.Length));
        // 24 bytes of the new name at most, two of the symbol's version, two of the flags.
        Assert.That(changed, Has.Length.InRange(3, 28));
        // The first occurrence is the loader's table of names; a later one is for debuggers.
        Assert.That(IndexOf(edited, "_ZNSt8ios_base4InitC1Ev\0"), Is.EqualTo(IndexOf(Original, "_ZSt21ios_base_library_initv\0")));
    }

    [Test]
    public void The_original_bytes_are_left_alone()
    {
        byte[] before = [.. Original];
        GlibcxxCompatibility.Edit(Original);
        Assert.That(Original.AsSpan().SequenceEqual(before), Is.True);
    }

    [Test]
    public void A_file_that_does_not_need_the_newer_runtime_is_returned_as_it_is()
    {
        byte[] older = Replace(Original, "GLIBCXX_3.4.32\0", "GLIBCXX_3.4.29\0");
        Assert.That(GlibcxxCompatibility.Edit(older), Is.Null);
    }

    [Test]
    public void Another_symbol_of_the_newer_runtime_is_refused()
    {
        byte[] other = Replace(Original, "_ZSt21ios_base_library_initv\0", "_ZSt21ios_base_library_exitv\0");
        Assert.That(() => GlibcxxCompatibility.Edit(other),
            Throws.InstanceOf<InvalidDataException>().With.Message.Contains("_ZSt21ios_base_library_exitv"));
    }

    [Test]
    public void A_file_without_the_base_version_is_refused()
    {
        byte[] other = Replace(Original, "\0GLIBCXX_3.4\0", "\0GLIBCXX_9.9\0");
        Assert.That(() => GlibcxxCompatibility.Edit(other), Throws.InstanceOf<InvalidDataException>());
    }

    [Test]
    public void An_edited_copy_is_refused()
        => Assert.That(() => GlibcxxCompatibility.Edit(GlibcxxCompatibility.Edit(Original)!), Throws.InstanceOf<InvalidDataException>());

    [TestCase(0, 0x7e, TestName = "A_file_that_is_not_ELF_is_refused")]
    [TestCase(4, 1, TestName = "A_32_bit_file_is_refused")]
    [TestCase(5, 2, TestName = "A_big_endian_file_is_refused")]
    [TestCase(18, 183, TestName = "A_file_for_another_processor_is_refused")]
    [TestCase(47, 0x7f, TestName = "A_section_table_outside_the_file_is_refused")]
    public void An_unexpected_header_is_refused(int offset, byte value)
    {
        byte[] other = [.. Original];
        other[offset] = value;
        Assert.That(() => GlibcxxCompatibility.Edit(other), Throws.InstanceOf<InvalidDataException>());
    }

    [TestCase(0)]
    [TestCase(63)]
    [TestCase(5000)]
    [TestCase(2_000_000)]
    public void A_file_cut_short_is_refused(int length)
        => Assert.That(() => GlibcxxCompatibility.Edit(Original[..length]), Throws.InstanceOf<InvalidDataException>());

    [Test]
    public void A_damaged_copy_in_the_cache_is_written_again()
    {
        string folder = Directory.CreateTempSubdirectory("sim-test-").FullName;
        try
        {
            string library = Path.Combine(folder, "libLibTorchSharp.so");
            File.WriteAllBytes(library, Original);
            string copy = GlibcxxCompatibility.LoadableCopy(library, Path.Combine(folder, "cache"));
            File.WriteAllBytes(copy, [1, 2, 3]);

            Assert.That(GlibcxxCompatibility.LoadableCopy(library, Path.Combine(folder, "cache")), Is.EqualTo(copy));
            Assert.That(File.ReadAllBytes(copy).AsSpan().SequenceEqual(GlibcxxCompatibility.Edit(Original)), Is.True);
            Assert.That(Directory.GetFiles(Path.GetDirectoryName(copy)!), Has.Length.EqualTo(1));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int IndexOf(byte[] bytes, string text) => bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text));

    private static byte[] Replace(byte[] bytes, string old, string replacement)
    {
        byte[] copy = [.. bytes];
        Encoding.ASCII.GetBytes(replacement).CopyTo(copy.AsSpan(IndexOf(copy, old)));
        return copy;
    }
}
