using System.CommandLine;
using Sim.Cli.Parsing;

namespace Sim.Cli.Commands;

/// <summary>What <c>sim bench steps</c> was asked for.</summary>
public sealed record BenchStepsRequest(string Environment, int? Environments, int? Threads);

internal static class BenchCommand
{
    public static Command Create(CommandFrame frame, CommandAction<BenchStepsRequest> action)
    {
        var environment = new Argument<string>("environment") { Description = "What to step ('sim list' shows all)." };
        var environments = Options.Count("--envs", "Environments stepped together.", 1, 1 << 20);
        var threads = Options.Count("--threads", "Threads that step them; all cores by default.", 1, 1024);
        var steps = new CommandWithExamples("steps", "Measure environment steps a second, with random actions made beforehand.",
            "sim bench steps quadrotor-hover",
            "sim bench steps cartpole --envs 4096 --threads 1 --json")
        {
            environment, environments, threads,
        };
        frame.Bind(steps, action, parsed => new BenchStepsRequest(
            parsed.GetRequiredValue(environment), (int?)parsed.GetValue(environments), (int?)parsed.GetValue(threads)));
        return new Command("bench", "Measure speed on this machine.") { steps };
    }
}
