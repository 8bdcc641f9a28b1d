using System.Runtime.InteropServices;
using Sim.Agents.Policies;
using Sim.Agents.Runs;
using Sim.Cli.Commands;
using Sim.Cli.Output;
using Sim.Cli.Serving;
using Sim.Environments.Spaces;
using Sim.Protocols.Server;

namespace Sim.Cli.Actions;

internal static class ServeAction
{
    public static int Run(ServeRequest request, CommandOutput output)
        => ServingProcess.Run(request.Options, new ServerSettings { Recordings = request.Recordings is { } folder ? new RecordingRules(folder) : null }, output);

    public static int RunPolicy(ServePolicyRequest request, CommandOutput output)
    {
        using var policy = RunFolder.Open(request.Run).LoadPerceptron();
        var settings = new ServerSettings { Environments = [], Policy = new PolicyService(policy.Spec, ActWith(policy)) };
        return ServingProcess.Run(request.Options, settings, output);
    }

    private static PolicyFunction ActWith(Policy policy) => (observations, rows, actions) =>
    {
        var numbers = MemoryMarshal.Cast<byte, float>(observations);
        if (policy.Spec.Action is Box) policy.Act(numbers, rows, MemoryMarshal.Cast<byte, float>(actions));
        else policy.Act(numbers, rows, MemoryMarshal.Cast<byte, int>(actions));
    };
}
