using System.Diagnostics;
using System.Globalization;
using Sim.Agents.Phases;
using Sim.Cli.Commands;
using Sim.Cli.Output;
using Sim.Environments.Configuration;
using Sim.Environments.Episodes;
using Sim.Protocols.Demonstrations;

namespace Sim.Cli.Actions;

internal static class PhasesAction
{
    /// <summary>Times that a training tells how far it is.</summary>
    private const int Reports = 5;

    private sealed record Answer(IReadOnlyList<string> Files, int Epochs, ulong Seed, double Seconds, PhaseReport Report);

    public static int Train(PhasesTrainRequest request, CommandOutput output)
    {
        var settings = SettingsOverride.Apply(new PhaseSettings(), Assignments(request));
        foreach (string file in request.Files) DemoFiles.RequireFile(file);
        var data = Refusal.Of(() => PhaseData.Of(Sets(request.Files)));
        using var interruption = new Interruption(() => { });
        var watch = Stopwatch.StartNew();
        using var recogniser = new PhaseRecogniser(data, settings);
        output.Line($"learning the phases of {data.Environment} from {data.Sequences.Count} episodes");
        while (recogniser.Epoch < settings.Epochs)
        {
            double loss = recogniser.Train();
            if (interruption.Token.IsCancellationRequested) return ExitCode.Interrupted;
            if (recogniser.Epoch % Math.Max(1, settings.Epochs / Reports) == 0)
                output.Line(string.Create(CultureInfo.InvariantCulture, $"  pass {recogniser.Epoch} of {settings.Epochs}: loss {loss:0.000}"));
        }
        var report = recogniser.Judge();
        Show(report, output);
        output.Result(new Answer(request.Files, settings.Epochs, settings.Seed, watch.Elapsed.TotalSeconds, report));
        return ExitCode.Success;
    }

    private static IEnumerable<string> Assignments(PhasesTrainRequest request)
    {
        if (request.Epochs is { } epochs) yield return $"epochs={epochs}";
        if (request.Seed is { } seed) yield return $"seed={seed}";
        foreach (string assignment in request.Set) yield return assignment;
    }

    private static IEnumerable<EpisodeSet> Sets(IReadOnlyList<string> files)
    {
        foreach (string file in files)
        {
            using var demonstration = Demonstration.Open(file);
            yield return demonstration.ToEpisodes();
        }
    }

    private static void Show(PhaseReport report, CommandOutput output)
    {
        output.Line();
        output.Table(["phase", "moments", "recognised", "precision", "F1"], report.Phases.Where(phase => phase.F1 is not null).Select(phase => new[]
        {
            phase.Name, $"{phase.Moments}", Percent(phase.Accuracy), Percent(phase.Precision), Percent(phase.F1),
        }));
        output.Line();
        output.Line($"  {report.Moments} moments of {report.ValidationEpisodes} episodes that were not among the {report.TrainingEpisodes} learnt from:");
        output.Line($"  phase now: {Percent(report.Accuracy)} right; always the most frequent: {Percent(report.MajorityAccuracy)}; mean F1 {Percent(report.MacroF1)}");
        output.Line($"  phase next: {Percent(report.NextAccuracy)} right; always the most frequent: {Percent(report.NextMajorityAccuracy)}; the usual successor of the true phase: {Percent(report.NextSuccessorAccuracy)}");
        output.Line(string.Create(CultureInfo.InvariantCulture, $"  {report.Remaining}: off by {report.RemainingError:0.0} in the mean; always the median: {report.RemainingMedianError:0.0}"));
    }

    private static string Percent(double? share) => share is { } value ? string.Create(CultureInfo.InvariantCulture, $"{100 * value:0.0} %") : "-";
}
