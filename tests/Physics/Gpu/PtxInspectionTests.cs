using NUnit.Framework;
using Sim.Physics.Gpu;

namespace Sim.Tests.Physics.Gpu;

/// <summary>What is found in PTX that has every flaw.</summary>
public sealed class PtxInspectionTests
{
    private const string Flawed =
        ".version 8.0\n"
        + ".extern .func (.param .f32 retval_0) FusedMultiplyAdd(\n\t.param .f32 a\n)\n;\n"
        + ".visible .func Stage_1(\n\t.param .b64 a\n)\n{\n\tret;\n}\n"
        + ".visible .entry Kernel_Flawed(\n\t.param .b64 _a_0\n)\n{\n"
        + "\t.local .align 4 .b8 __local_depot0[16];\n\t.local .align 8 .b8 __local_depot1[24];\n"
        + "\tsin.approx.f32\t%f1, %f2;\n\tsin.approx.f32\t%f3, %f4;\n\tex2.approx.ftz.f32\t%f5, %f6;\n\t@%p1 bra\tL_0;\n\tret;\n}\n";

    [Test]
    public void Flaws_are_counted_and_named()
    {
        var found = PtxInspection.Of(new PtxKernel(Flawed, "Kernel_Flawed", []));

        Assert.That(found.Bytes, Is.EqualTo(Flawed.Length));
        Assert.That(found.Unresolved, Is.EqualTo(["FusedMultiplyAdd"]));
        Assert.That(found.Functions, Is.EqualTo(1));
        Assert.That(found.LocalBytes, Is.EqualTo(40));
        Assert.That(found.Approximate, Is.EqualTo(["ex2.approx.ftz.f32", "sin.approx.f32"]));
        Assert.That(found.Instructions, Is.EquivalentTo([("sin", 2), ("ret", 2), ("ex2", 1), ("bra", 1)]));
    }
}
