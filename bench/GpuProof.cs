using System.Diagnostics;
using System.Globalization;
using Sim.Environments;
using Sim.Environments.Lanes;
using Sim.Environments.Lanes.Gpu;
using Sim.Physics.Gpu;

namespace Sim.Bench;

/// <summary>
/// The GPU road from end to end: compiles every lane task to PTX, and on a machine with a GPU loads, launches,
/// compares with the CPU over 1,000 steps, and counts steps a second.
/// </summary>
public static class GpuProof
{
    private const int Compared = 256, Steps = 1000, Timed = 65536;

    /// <returns>0 when every task ran and agreed; 1 without a GPU, or when one did not.</returns>
    public static int Run()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var tasks = Registry.All.Where(definition => definition is ILaneDefinition { HasScene: false }).ToList();
        foreach (var task in tasks) PrintPtx(task);

        var driver = CudaDriver.TryLoad(out string reason);
        if (driver is null)
        {
            Console.Error.WriteLine($"Nothing was run: {reason}. This proof needs an NVIDIA GPU with a driver of CUDA 12 or later.");
            return 1;
        }
        using var context = new CudaContext(driver);
        Console.WriteLine($"{context.DeviceName}, driver of CUDA {driver.Version / 1000}.{driver.Version % 1000 / 10}");
        bool proven = true;
        foreach (var task in tasks) proven &= Prove(context, task);
        Console.WriteLine(proven ? "proven" : "NOT proven");
        return proven ? 0 : 1;
    }

    private static void PrintPtx(EnvironmentDefinition task)
    {
        var kernels = LaneGpuKernels.Of(((ILaneDefinition)task).Task);
        var watch = Stopwatch.StartNew();
        foreach (var (name, kernel) in (ReadOnlySpan<(string, PtxKernel)>)[("reset", kernels.Reset), ("step", kernels.Step)])
        {
            var inspection = PtxInspection.Of(kernel);
            string approximate = inspection.Approximate.Count == 0 ? "none" : string.Join(' ', inspection.Approximate);
            Console.WriteLine($"{task.Id} {name}: {inspection.Bytes} bytes of PTX, {kernel.Parameters.Sum(parameter => parameter.Size)} bytes of parameters, "
                + $"{inspection.LocalBytes} bytes local, approximate: {approximate}");
        }
        Console.WriteLine($"{task.Id}: compiled in {watch.Elapsed.TotalSeconds:f1} s");
    }

    private static bool Prove(CudaContext context, EnvironmentDefinition task)
    {
        try
        {
            using var gpu = new LaneGpuBatch(context, task, Compared);
            using var cpu = task.Create(new EnvironmentOptions { Count = Compared, Lanes = 1, Privileged = true });
            var found = LaneGpuComparison.Run(gpu, cpu, Steps);
            Console.WriteLine($"{task.Id}: {gpu.StepModule.Registers} registers, {gpu.StepModule.LocalBytes} bytes local a thread; "
                + $"{Steps} steps of {Compared} environments, {found.Episodes} episodes: {found.Identical} identical bit for bit, "
                + $"{found.SameEnds} with the same ends, greatest difference {found.GreatestDifference:g3}");
            Console.WriteLine($"{task.Id}: {StepsPerSecond(context, task) / 1e6:f1} M env-steps/s with {Timed} environments");
            return found.Agrees(Compared);
        }
        catch (CudaException failure)
        {
            Console.Error.WriteLine($"{task.Id}: {failure.Message}");
            return false;
        }
    }

    private static double StepsPerSecond(CudaContext context, EnvironmentDefinition task)
    {
        using var gpu = new LaneGpuBatch(context, task, Timed);
        using CudaEvent start = new(context), end = new(context);
        gpu.Reset(0);
        gpu.WriteActions(new float[Timed * gpu.Spec.Action.Size]);
        for (int step = 0; step < 10; step++) gpu.Step();
        start.Record();
        for (int step = 0; step < Steps; step++) gpu.Step();
        end.Record();
        return (double)Timed * Steps / (end.MillisecondsSince(start) / 1e3);
    }
}
