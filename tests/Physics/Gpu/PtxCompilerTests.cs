using System.Reflection;
using ILGPU;
using NUnit.Framework;
using Sim.Physics.Gpu;
using Sim.Physics.Numerics;

namespace Sim.Tests.Physics.Gpu;

/// <summary>From method to PTX text.</summary>
public sealed class PtxCompilerTests
{
    [Test]
    public void Equal_methods_give_equal_text_however_much_was_compiled_before()
    {
        var first = Compile(nameof(Scale));
        Compile(nameof(Compare));
        var second = Compile(nameof(Scale));

        Assert.That(second.Text, Is.EqualTo(first.Text));
        Assert.That(first.Text, Does.Contain(".target sm_80"));
        Assert.That(first.Text, Does.Contain(".version 8.0"));
    }

    [Test]
    public void Parameters_are_those_of_the_method_with_structs_by_value()
    {
        var kernel = Compile(nameof(Scale));

        Assert.That(kernel.Entry, Is.EqualTo("Kernel_Scale"));
        Assert.That(kernel.Parameters, Is.EqualTo((PtxParameter[])[new(8, 8), new(4, 4), new(12, 4)]));
    }

    [Test]
    public void Products_and_sums_state_their_rounding_and_fused_ones_are_one_instruction()
    {
        string text = Compile(nameof(Scale)).Text;

        Assert.That(text, Does.Match(@"mul\.rn\.f32"));
        Assert.That(text, Does.Match(@"add\.rn\.f32"));
        Assert.That(text, Does.Match(@"fma\.rn\.f32"));
        Assert.That(text, Does.Not.Match(@"\b(mul|add|sub)\.f32\b"));
        Assert.That(text, Does.Not.Contain(".func"));
    }

    [Test]
    public void A_branch_on_what_a_thread_loaded_is_not_promised_to_be_uniform()
    {
        string text = Compile(nameof(Branch)).Text;

        Assert.That(text, Does.Match(@"@!?%p\d+ bra\s"));
        Assert.That(text, Does.Not.Match(@"@!?%p\d+ bra\.uni"));
    }

    [Test]
    public unsafe void Comparisons_with_a_constant_on_either_side_are_false_of_NaN()
    {
        var interpreter = new PtxInterpreter(Compile(nameof(Compare)).Text);
        float* values = stackalloc float[] { float.NaN, 0, 0, 0, 0 };
        long address = (long)values;
        interpreter.Run((byte*)&address, 0, 0, 1, 1);

        var masks = new ReadOnlySpan<uint>(values + 1, 4).ToArray();
        Assert.That(masks[..2], Is.All.EqualTo(0u));
        Assert.That(float.IsNaN(values[3]), Is.True, "Min returns its second operand where either is NaN");
        Assert.That(float.IsNaN(values[4]), Is.True, "Max returns its second operand where either is NaN");
    }

    [Test]
    public void A_method_outside_the_language_is_named_with_the_reason_and_spoils_no_later_one()
    {
        Assert.That(() => Compile(nameof(Refuses)), Throws.TypeOf<PtxException>().With.Message.StartsWith("PtxCompilerTests.Refuses does not compile to PTX: "));
        Assert.That(Compile(nameof(Scale)).Entry, Is.EqualTo("Kernel_Scale"));
    }

    private static PtxKernel Compile(string method)
        => PtxCompiler.Compile(typeof(PtxCompilerTests).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!);

    private readonly record struct Line(float Slope, float Start, float Weight);

    private static unsafe void Scale(long address, int count, Line line)
    {
        int at = (Grid.IdxX * Group.DimX) + Group.IdxX;
        if (at >= count) return;
        float* value = (float*)address + at;
        *value = ((*value * line.Slope) + line.Start) * LaneGpu.Fma(new(*value), new(line.Weight), new(line.Start)).Value;
    }

    private static unsafe void Branch(long address)
    {
        float* value = (float*)address + Group.IdxX;
        if (*value > 1)
        {
            for (int i = 0; i < *(int*)value; i++) value[i] = i;
        }
    }

    private static unsafe void Compare(long address)
    {
        float* at = (float*)address;
        LaneGpu value = LaneGpu.Load(at), one = LaneGpu.Of(1);
        LaneGpu.Store(one > value, at + 1);
        LaneGpu.Store(value >= one, at + 2);
        LaneGpu.Store(LaneGpu.Min(one, value), at + 3);
        LaneGpu.Store(LaneGpu.Max(one, value), at + 4);
    }

    private static unsafe void Refuses(long address)
    {
        if (*(int*)address < 0) throw new ArgumentException("negative");
        *(int*)address = 1;
    }
}
