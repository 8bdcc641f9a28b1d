using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;
using NUnit.Framework;
using Sim.Physics.Numerics;
using static Sim.Physics.Numerics.LaneMath;

namespace Sim.Tests.Physics.Numerics;

/// <summary>The arithmetic of this room stays within what ILGPU compiles for a GPU. Needs no GPU.</summary>
public sealed class LanePtxTests
{
    [Test]
    public void Lane_mathematics_and_random_draws_compile_to_self_contained_PTX()
    {
        using Context context = Context.Create(builder => builder.Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive));
        using var backend = new PTXBackend(context, CudaArchitecture.SM_90, CudaInstructionSet.ISA_80, null!);
        var method = typeof(LanePtxTests).GetMethod(nameof(Everything), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!;
        var compiled = (PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(method), default);

        Assert.That(compiled.PTXAssembly, Does.Contain(".entry Kernel_Everything"));
        Assert.That(compiled.PTXAssembly, Does.Not.Contain(".extern .func"), "a call that only fails when loaded");
        Assert.That(compiled.PTXAssembly, Does.Not.Contain(".approx"), "an instruction of low accuracy");
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
