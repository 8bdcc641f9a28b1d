using System.Diagnostics;
using System.Globalization;
using Sim.Physics.Benchmarks;

namespace Sim.Bench.Physics;

/// <summary>
/// Builds the programs in <c>bench/peers</c>, lets them and the engines of this build run the same scenes, one thread
/// each, and prints what came of it. Run it from the root of the repository.
/// </summary>
public static class PhysicsPeers
{
    private const string Sources = "bench/peers", Programs = "artifacts/peers";

    private static readonly string[] s_peers = ["mujoco", "bullet"];

    /// <param name="names">Scenes; all of them when empty.</param>
    /// <returns>0 when all was measured.</returns>
    public static int Run(IReadOnlyList<string> names)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Call("make", "-s", "-C", Sources);
        foreach (var scene in names.Count == 0 ? BenchmarkScene.All : [.. names.Select(BenchmarkScene.Find)])
        {
            // Peers before and after our engines, so that both meet what else the machine does.
            var peers = Peers(scene);
            var ours = PhysicsBenchmark.Measure(scene, PhysicsEngines.All, scene.Environments, threads: 1, scene.Substeps);
            Print(scene, ours, [.. peers.Zip(Peers(scene), (first, second) => second.Rate > first.Rate ? second : first)]);
        }
        return 0;
    }

    /// <summary>One line of a peer.</summary>
    /// <param name="Name">Program and step.</param>
    /// <param name="Rate">Environment steps a CPU-second.</param>
    /// <param name="Step">Milliseconds.</param>
    /// <param name="Proof">Figures that show what it simulated.</param>
    private sealed record PeerLine(string Name, double Rate, double Step, string Proof);

    private static List<PeerLine> Peers(BenchmarkScene scene)
    {
        string file = Path.Combine(Programs, $"{scene.Name}.scene");
        using (var writer = File.CreateText(file)) PeerScene.Write(scene.Name, writer);
        return [.. s_peers.SelectMany(peer => Call(Path.Combine(Programs, $"{peer}_peer"), file)).Select(line => Read(scene, line))];
    }

    private static PeerLine Read(BenchmarkScene scene, string line)
    {
        var words = line.Split(' ').Select(word => word.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        double step = double.Parse(words["step_ms"]);
        string parts = words["parts"] == "1" ? "" : $" in {words["parts"]} parts";
        var proof = new SceneProof(float.Parse(words["lowest"]), float.Parse(words["highest"]), float.Parse(words["mean"]), float.Parse(words["gap"]));
        string after = words["finite"] == "1" ? $"{Proof(scene, proof)} after {words["simulated_s"]} s" : "NOT FINITE";
        return new PeerLine($"{words["peer"]}, {step:f2} ms{parts}", double.Parse(words["env_steps_per_cpu_second"]), step, after);
    }

    private static string Proof(BenchmarkScene scene, SceneProof proof) => scene.Name == "rope"
        ? $"mean height {proof.Mean:f3} m, widest gap {1e3 * proof.Gap:f1} mm"
        : $"height {proof.Lowest:f3} to {proof.Highest:f3} m";

    private static void Print(BenchmarkScene scene, IReadOnlyList<PhysicsCost> ours, List<PeerLine> peers)
    {
        Console.WriteLine($"{scene.Name}: {scene.Summary}");
        string columns = string.Concat(ours.Select(cost => $"{$"{cost.Engine} over it",18}"));
        Console.WriteLine($"  {"",-32}{"env-steps / CPU-s",18}{"simulated s / CPU-s",21}{columns}");
        double step = 1e3 * scene.Build(scene.Substeps).Settings.Timestep;
        foreach (var (cost, engine) in ours.Zip(PhysicsEngines.All))
        {
            string space = new(' ', 18 * ours.Count);
            Console.WriteLine($"  {$"{cost.Engine}, {step:f2} ms in {cost.Substeps} substeps",-32}{cost.EnvStepsPerCpuSecond,18:n0}{cost.EnvStepsPerCpuSecond * step / 1e3,21:n1}{space}  {Proof(scene, SceneProof.Of(scene, engine))}");
        }
        foreach (var peer in peers)
        {
            string ratios = string.Concat(ours.Select(cost => $"{cost.EnvStepsPerCpuSecond / peer.Rate,18:f1}"));
            Console.WriteLine($"  {peer.Name,-32}{peer.Rate,18:n0}{peer.Rate * peer.Step / 1e3,21:n1}{ratios}  {peer.Proof}");
        }
    }

    /// <summary>Runs a program and returns the lines of its standard output.</summary>
    /// <exception cref="InvalidOperationException">It cannot be started, or fails.</exception>
    private static string[] Call(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} cannot be started");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}; see {Sources}/README.md for what it needs");
    }
}
