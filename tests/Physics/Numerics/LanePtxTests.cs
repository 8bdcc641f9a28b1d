using System.Reflection;
using ILGPU;
using NUnit.Framework;
using Sim.Physics.Gpu;
using Sim.Physics.Numerics;
using static Sim.Physics.Numerics.LaneMath;

namespace Sim.Tests.Physics.Numerics;

/// <summary>The arithmetic of this room stays within what ILGPU compiles for a GPU. Needs no GPU.</summary>
public sealed class LanePtxTests
{
    [Test]
    public void Lane_mathematics_and_random_draws_compile_to_self_contained_PTX()
    {
        var method = typeof(LanePtxTests).GetMethod(nameof(Everything), BindingFlags.Static | BindingFlags.NonPublic)!;
        var kernel = PtxCompiler.Compile(method);
        var inspection = PtxInspection.Of(kernel);

        Assert.That(kernel.Entry, Is.EqualTo("Kernel_Everything"));
        Assert.That(inspection.Unresolved, Is.Empty, "a call that only fails when loaded");
        Assert.That(inspection.Approximate, Is.Empty, "an instruction of low accuracy");
    }

    private static unsafe void Everything(long address)
    {
        float* at = (float*)address + Grid.GlobalLinearIndex;
        LaneGpu x = LaneGpu.Load(at);
        SinCos(x, out LaneGpu sin, out LaneGpu cos);
        LaneGpu angles = Atan2(sin, cos) + Asin(sin) + Acos(cos) + WrapAngle(x) + Sin(x) + Cos(x);
        LaneGpu growth = Exp(x) + Log(x) + Tanh(x) + Sigmoid(x) + Softplus(x);
        LaneGpu limits = Square(x) + Clamp(x, -1, 2) + Clamp(x, 3) + Lerp(x, sin, cos) + Sign(x);
        var random = new LaneRandom<LaneGpu> { SeedLow = x, SeedHigh = x, Episode = x, Step = x };
        Draws<LaneGpu> draws = random.Stream(RandomStream.Dynamics);
        LaneGpu noise = draws.Unit() + draws.Normal() + draws.Uniform(-1, 1) + draws.Normal(); // more than one block
        LaneGpu.Store(angles + growth + limits + noise, at);
    }
}
