using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Lanes.Gpu;
using Sim.Environments.Quadrotors;
using ResetLauncher = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, long, long, long, int, Sim.Environments.Quadrotors.HoverSettings>;
using StepLauncher = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, long, long, long, long, long, long, long, int, int, float, Sim.Environments.Quadrotors.HoverSettings>;

namespace Sim.Tests.Environments.Gpu;

/// <summary>The kernels' source run by ILGPU's emulation of a GPU: its indexing and its memory, not its PTX.</summary>
public sealed unsafe class CpuAcceleratorTests
{
    [Test]
    public void Kernels_run_by_the_emulation_equal_the_scalar_batch()
    {
        const int Count = 6, Steps = 120, BlockSize = 4, Blocks = 2;
        using var context = Context.Create(builder => builder.CPU());
        using var accelerator = context.CreateCPUAccelerator(0);
        var kernels = LaneGpuKernels.Of(typeof(HoverTask<>));
        using var resetKernel = Load(accelerator, kernels.ResetMethod);
        using var stepKernel = Load(accelerator, kernels.StepMethod);
        var reset = resetKernel.CreateLauncherDelegate<ResetLauncher>();
        var step = stepKernel.CreateLauncherDelegate<StepLauncher>();

        var settings = new HoverSettings { EpisodeSteps = 60 };
        using var cpu = Registry.Make("quadrotor-hover", new EnvironmentOptions { Count = Count, Lanes = 1, Privileged = true }, settings);
        float[] state = new float[kernels.StateFields * Count], observations = new float[kernels.ObservationFields * Count];
        float[] last = new float[observations.Length], rewards = new float[Count];
        bool[] terminated = new bool[Count], truncated = new bool[Count];
        int episodes = 0;
        fixed (float* stateAt = state, observationsAt = observations, lastAt = last, rewardsAt = rewards, actionsAt = cpu.Actions)
        fixed (bool* terminatedAt = terminated, truncatedAt = truncated)
        {
            cpu.Reset(5);
            reset(accelerator.DefaultStream, (Blocks, BlockSize), (long)stateAt, (long)observationsAt, 5, Count, settings);
            accelerator.Synchronize();
            for (int i = 0; i < Steps; i++)
            {
                RandomActions.Fill(cpu, 5, i);
                step(accelerator.DefaultStream, (Blocks, BlockSize), (long)stateAt, (long)actionsAt, (long)observationsAt, (long)lastAt,
                    (long)rewardsAt, (long)terminatedAt, (long)truncatedAt, Count, 0, settings.EpisodeSteps, settings);
                accelerator.Synchronize();
                cpu.Step();
                // Equal without tolerance: both are the same .NET arithmetic in the same order.
                Assert.That(rewards, Is.EqualTo(cpu.Rewards.ToArray()), $"rewards of step {i}");
                Assert.That(terminated, Is.EqualTo(cpu.Terminated.ToArray()), $"terminated in step {i}");
                Assert.That(truncated, Is.EqualTo(cpu.Truncated.ToArray()), $"truncated in step {i}");
                Assert.That(Columns(observations, kernels.ObservationFields, 18), Is.EqualTo(Columns(cpu.Observations.Floats, cpu.Observations.Columns, 18)), $"observations of step {i}");
                for (int lane = 0; lane < Count; lane++)
                {
                    if (!terminated[lane] && !truncated[lane]) continue;
                    episodes++;
                    Assert.That(last.AsSpan(lane * kernels.ObservationFields, 18).ToArray(), Is.EqualTo(cpu.FinalObservations.Row(lane)[..18].ToArray()));
                }
            }
        }
        Assert.That(episodes, Is.GreaterThan(Count), "too few episodes ended to compare what follows an end");
    }

    private static Kernel Load(Accelerator accelerator, System.Reflection.MethodInfo method)
        => accelerator.LoadKernel(accelerator.GetBackend().Compile(EntryPointDescription.FromExplicitlyGroupedKernel(method), default));

    private static float[] Columns(ReadOnlySpan<float> rows, int stride, int columns)
    {
        var taken = new List<float>();
        for (int row = 0; row < rows.Length; row += stride) taken.AddRange(rows.Slice(row, columns));
        return [.. taken];
    }
}
