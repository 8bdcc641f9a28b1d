using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Lanes;
using Sim.Environments.Lanes.Gpu;
using Sim.Physics.Gpu;
using Sim.Tests.Physics.Gpu;

namespace Sim.Tests.Environments.Gpu;

/// <summary>Lane tasks on a GPU: on the card where there is one, and everywhere by running their PTX in software.</summary>
[NonParallelizable]
public sealed class LaneGpuBatchTests
{
    private static IEnumerable<string> LaneTasks => Registry.All.Where(definition => definition is ILaneDefinition { HasScene: false }).Select(definition => definition.Id);

    [TestCaseSource(nameof(LaneTasks))]
    public void PTX_of_an_environment_run_in_software_equals_the_scalar_batch_bit_for_bit(string id)
    {
        const int Count = 6, Steps = 210;
        using var context = new CudaContext(SoftwareDriver.Open(executes: true));
        using var gpu = new LaneGpuBatch(context, Registry.Find(id), Count);
        using var cpu = Registry.Make(id, new EnvironmentOptions { Count = Count, Lanes = 1, Privileged = true });
        var found = LaneGpuComparison.Run(gpu, cpu, Steps, seed: 3);

        Assert.That(found.Identical, Is.EqualTo(Count), found.ToString());
        if (cpu.Spec.TimeLimit is > 0 and < Steps) Assert.That(found.Episodes, Is.GreaterThan(0), "no episode ended");
    }

    [Test]
    [Category("gpu")]
    public void An_environment_on_the_card_agrees_with_the_scalar_batch_over_a_thousand_steps([ValueSource(nameof(LaneTasks))] string id)
    {
        var driver = CudaDriver.TryLoad(out string reason);
        if (driver is null) Assert.Ignore(reason);
        const int Count = 256, Steps = 1000;
        using var context = new CudaContext(driver!);
        using var gpu = new LaneGpuBatch(context, Registry.Find(id), Count);
        using var cpu = Registry.Make(id, new EnvironmentOptions { Count = Count, Lanes = 1, Privileged = true });
        var found = LaneGpuComparison.Run(gpu, cpu, Steps);

        TestContext.Out.WriteLine(found);
        Assert.That(found.Agrees(Count), Is.True, found.ToString());
    }
}
