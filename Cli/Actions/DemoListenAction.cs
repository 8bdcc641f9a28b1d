using Sim.Cli.Commands;
using Sim.Cli.Output;
using Sim.Cli.Serving;
using Sim.Environments;
using Sim.Protocols.Demonstrations;
using Sim.Protocols.Server;

namespace Sim.Cli.Actions;

/// <summary>Records what a program that connects does: it makes the environment, steps it, and says what a person did.</summary>
internal static class DemoListenAction
{
    public static int Run(string address, DemoRecordRequest request, EnvironmentDefinition definition, object settings, CommandOutput output)
    {
        if (request.From is not null)
            throw new BadInputException("--listen does not go with --from: whoever connects restores a state by itself");
        if (request.Environments != 1)
            throw new BadInputException($"--envs {request.Environments} does not go with --listen: a person steers one environment");
        if (request.Append) DemoFiles.RequireFile(request.Out);
        else DemoFiles.RequireFree(request.Out);
        int wanted = request.Episodes ?? int.MaxValue, kept = 0;
        using var enough = new CancellationTokenSource();
        var rules = new RecordingRules(Path.GetDirectoryName(Path.GetFullPath(request.Out))!)
        {
            File = Path.GetFileName(request.Out),
            Options = new RecordingOptions { CheckpointEvery = request.CheckpointEvery, Observations = request.Observations, Operator = request.Operator },
            Keep = ended =>
            {
                bool keep = !request.KeepSuccesses || ended.Success == true;
                if (keep && Interlocked.Increment(ref kept) == wanted) enough.Cancel();
                return keep;
            },
        };
        var server = new ServerSettings
        {
            Environments = [new ConfiguredDefinition(definition, settings)],
            Recordings = rules,
            RealTime = request.RealTime,
            MaxEnvironments = 1,
            MaxTotalEnvironments = 1,
            MaxBatches = 1,
        };
        var options = new ServeOptions { Listen = [address], Token = Environment.GetEnvironmentVariable("SIM_TOKEN") };
        int code = ServingProcess.Run(options, server, output, enough.Token);
        output.Line($"  {kept} episodes kept in {request.Out}");
        return code;
    }
}
