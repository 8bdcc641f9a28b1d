using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Lanes;
using Sim.Environments.Lanes.Gpu;
using Sim.Physics.Gpu;

namespace Sim.Tests.Environments.Gpu;

/// <summary>Every lane task becomes PTX that a driver can load. Needs no GPU.</summary>
public sealed class LaneGpuKernelTests
{
    private static IEnumerable<string> LaneTasks => Registry.All.Where(definition => definition is ILaneDefinition { HasScene: false }).Select(definition => definition.Id);

    /// <summary>Tasks whose kernels need local memory, with the bytes a thread that they declare: a state or an observation that ILGPU leaves whole.</summary>
    private static readonly Dictionary<string, int> LocalBytes = new()
    {
        ["quadrotor-waypoints"] = 192,
        ["surgical-gym-psm-reach"] = 156,
        ["surgical-gym-psm-track"] = 156,
        ["surgical-mis-orient"] = 48,
    };

    /// <summary>Tasks whose kernels use instructions of low accuracy, with their names.</summary>
    private static readonly Dictionary<string, string[]> Approximate = [];

    [TestCaseSource(nameof(LaneTasks))]
    public void An_environment_compiles_to_self_contained_PTX(string id)
    {
        var kernels = KernelsOf(id);
        foreach (var kernel in (PtxKernel[])[kernels.Reset, kernels.Step])
        {
            var found = PtxInspection.Of(kernel);
            TestContext.Out.WriteLine($"{id} {kernel.Entry}: {found.Bytes} bytes, {found.LocalBytes} local, {string.Join(' ', found.Approximate)}; {string.Join(", ", found.Instructions.Take(8))}");

            Assert.That(found.Unresolved, Is.Empty, "functions that the module does not hold");
            Assert.That(found.Functions, Is.Zero, "functions not inlined");
            Assert.That(found.LocalBytes, Is.EqualTo(LocalBytes.GetValueOrDefault(id)), "bytes of local memory");
            Assert.That(found.Approximate, Is.EqualTo(Approximate.GetValueOrDefault(id, [])), "instructions of low accuracy");
            // Far above any of today's (the largest is 0.42 MB); past it, something was unrolled that should not be.
            Assert.That(found.Bytes, Is.LessThan(2_000_000));
        }
    }

    [TestCaseSource(nameof(LaneTasks))]
    public void Kernels_take_the_parameters_that_a_batch_passes(string id)
    {
        var kernels = KernelsOf(id);
        int settings = (int)typeof(LaneGpuKernelTests).GetMethod(nameof(SizeOf))!.MakeGenericMethod(kernels.Settings).Invoke(null, null)!;

        Assert.That(kernels.Reset.Entry, Is.EqualTo("Kernel_Reset"));
        Assert.That(kernels.Reset.Parameters.Select(parameter => parameter.Size), Is.EqualTo((int[])[8, 8, 8, 4, settings]));
        Assert.That(kernels.Step.Entry, Is.EqualTo("Kernel_Step"));
        Assert.That(kernels.Step.Parameters.Select(parameter => parameter.Size), Is.EqualTo((int[])[8, 8, 8, 8, 8, 8, 8, 4, 4, 4, settings]));
    }

    public static unsafe int SizeOf<T>() where T : unmanaged => sizeof(T);

    private static LaneGpuKernels KernelsOf(string id) => LaneGpuKernels.Of(((ILaneDefinition)Registry.Find(id)).Task);
}
