using Sim.Cli.Commands;
using Sim.Cli.Output;
using Sim.Environments;

namespace Sim.Cli.Actions;

internal static class ListAction
{
    private sealed record Row(string Id, string Kind, string Observation, string Action);

    public static int Run(ListRequest request, CommandOutput output)
    {
        var specs = Registry.All.Select(definition => definition.Describe(definition.DefaultSettings)).ToArray();
        output.Table(["environment", "kind", "action", "task"], specs.Select(spec => new[] { spec.Id, spec.Kind, spec.Action.ToString(), spec.Summary }));
        output.Result(specs.Select(spec => new Row(spec.Id, spec.Kind, spec.Observation.ToString(), spec.Action.ToString())).ToArray());
        return ExitCode.Success;
    }
}
