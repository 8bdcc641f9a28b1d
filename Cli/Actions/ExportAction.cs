using Sim.Agents.Runs;
using Sim.Cli.Commands;
using Sim.Cli.Output;

namespace Sim.Cli.Actions;

internal static class ExportAction
{
    private sealed record Tensor(string Name, IReadOnlyList<long> Shape);

    private sealed record Answer(string File, string Environment, string Agent, IReadOnlyList<Tensor> Tensors);

    public static int Run(ExportRequest request, CommandOutput output)
    {
        var run = RunFolder.Open(request.Run);
        string file = request.Out ?? run.Weights;
        PolicyExport.Write(run, file);
        var tensors = SafetensorsFile.Read(file).Tensors.Select(tensor => new Tensor(tensor.Name, tensor.Shape)).ToArray();
        output.Table(["tensor", "shape"], tensors.Select(tensor => new[] { tensor.Name, $"[{string.Join(", ", tensor.Shape)}]" }));
        output.Line();
        output.Line($"{file}: in Python, with the safetensors package (docs/runs.md does without):");
        output.Line();
        output.Line("  from safetensors.numpy import load_file");
        output.Line($"  tensors = load_file({Quoted(file)})");
        output.Line("  weights = tensors[\"actor.0.weight\"]");
        output.Result(new Answer(file, run.Configuration.Environment, run.Configuration.Agent, tensors));
        return ExitCode.Success;
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
}
