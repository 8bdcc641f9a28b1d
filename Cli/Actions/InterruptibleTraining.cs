using Sim.Agents.Runs;
using Sim.Cli.Output;

namespace Sim.Cli.Actions;

/// <summary>Training runs with their progress on show, which the first Ctrl-C ends after saving.</summary>
internal sealed class InterruptibleTraining : IDisposable
{
    private readonly CommandOutput _output;
    private readonly Interruption _interruption;
    private ProgressDisplay? _display;

    public InterruptibleTraining(CommandOutput output)
    {
        _output = output;
        _interruption = new Interruption(() => _display?.Note("saving…"));
    }

    public bool IsInterrupted { get; private set; }

    public TrainingResult Run(Trainer trainer, RunFolder folder)
    {
        var plan = folder.Configuration;
        string title = $"{plan.Environment} · {plan.Agent} · seed {plan.Seed} · {Count(plan.Environments, "environment")} · {Count(trainer.Threads, "thread")}";
        var display = _display = new ProgressDisplay(_output.Console);
        TrainingResult? result = null;
        display.Run(title, progress => result = trainer.Run(folder, progress, _interruption.Token));
        IsInterrupted = result!.Interrupted;
        return result;
    }

    public void Dispose() => _interruption.Dispose();

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
