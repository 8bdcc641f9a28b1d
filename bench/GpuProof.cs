using Sim.Environments.Lanes.Gpu;
using Sim.Environments.Quadrotors;
namespace Sim.Bench;
public static class GpuProof
{
    public static int Run()
    {
        var k = new LaneGpuKernels(typeof(HoverTask<>));
        var t = System.Diagnostics.Stopwatch.StartNew();
        var s = k.CompileStep();
        Console.WriteLine($"{t.Elapsed} {s.Entry} {s.Text.Length} {string.Join(" ", s.Parameters)}");
        File.WriteAllText("/tmp/step.ptx", s.Text);
        t.Restart();
        s = k.CompileReset();
        Console.WriteLine($"{t.Elapsed} {s.Entry} {s.Text.Length} {string.Join(" ", s.Parameters)}");
        File.WriteAllText("/tmp/reset.ptx", s.Text);
        return 0;
    }
}
