using System.Globalization;
using Sim.Cli.Commands;
using Sim.Cli.Output;
using Sim.Protocols.Demonstrations;

namespace Sim.Cli.Actions;

internal static class DemoVerifyAction
{
    private sealed record Divergence(int Episode, int Step, int Agreed, string What, string Recorded, string Replayed, StateDifference? State);

    private sealed record Answer(string File, string Verdict, IReadOnlyList<string> Problems, int Episodes, int Exact, int Diverged, int Unsupported, long Steps,
        string? Obstacle, IReadOnlyList<Divergence> Divergences);

    public static int Run(DemoVerifyRequest request, CommandOutput output)
    {
        foreach (string file in request.Files) DemoFiles.RequireFile(file);
        var answers = request.Files.Select(file => Verify(file, request.Fast)).ToArray();
        foreach (var answer in answers) Show(answer, output);
        output.Results(answers);
        if (answers.Any(answer => answer.Verdict is "damaged" or "diverged")) return ExitCode.Failure;
        return answers.Any(answer => answer.Verdict == "unsupported") ? ExitCode.Unsupported : ExitCode.Success;
    }

    private static Answer Verify(string file, bool fast)
    {
        try
        {
            var problems = Demonstration.CheckBytes(file);
            using var demonstration = Demonstration.Open(file);
            bool damaged = demonstration.LostBytes > 0 || (problems.Count > 0 && demonstration.Condition == DemonstrationCondition.Clean);
            if (fast || damaged) return new(file, damaged ? "damaged" : "sound", problems, demonstration.Episodes.Count, 0, 0, 0, 0, null, []);
            return Summarise(file, problems, [.. demonstration.Check()]);
        }
        catch (InvalidDataException error)
        {
            return new(file, "damaged", [error.Message], 0, 0, 0, 0, 0, null, []);
        }
    }

    private static Answer Summarise(string file, IReadOnlyList<string> problems, ReplayResult[] results)
    {
        int Count(ReplayVerdict verdict) => results.Count(result => result.Verdict == verdict);
        int diverged = Count(ReplayVerdict.Diverged), unsupported = Count(ReplayVerdict.Unsupported);
        return new(file, diverged > 0 ? "diverged" : unsupported > 0 ? "unsupported" : "exact", problems, results.Length, Count(ReplayVerdict.Exact), diverged, unsupported,
            results.Sum(result => (long)result.Steps), results.FirstOrDefault(result => result.Verdict == ReplayVerdict.Unsupported)?.Obstacle,
            [.. results.Where(result => result.Divergence is not null).OrderBy(result => result.Episode).Select(result => new Divergence(result.Episode, result.Divergence!.Step,
                result.Divergence.Agreed, result.Divergence.What, result.Divergence.Recorded, result.Divergence.Replayed, result.Divergence.State))]);
    }

    private static void Show(Answer answer, CommandOutput output)
    {
        string played = answer.Steps > 0 ? $", {answer.Exact} of {answer.Episodes} episodes exact, {answer.Steps} steps compared" : $", {answer.Episodes} episodes";
        output.Line($"{answer.File}: {answer.Verdict}{played}");
        foreach (string problem in answer.Problems) output.Line($"  {problem}");
        if (answer.Obstacle is { } obstacle) output.Line($"  cannot be played here: {obstacle}");
        foreach (var divergence in answer.Divergences)
        {
            string between = divergence.Agreed < divergence.Step ? $", after the same state at step {divergence.Agreed}" : "";
            output.Line($"  episode {divergence.Episode} differs at step {divergence.Step}{between}: {divergence.What} {divergence.Recorded} recorded, {divergence.Replayed} now");
            if (divergence.State is { } state)
                output.Line(string.Create(CultureInfo.InvariantCulture, $"    at step {state.Step}, {state.Count} numbers of the state differ, number {state.Number} most: {state.Recorded:g6} recorded, {state.Replayed:g6} now, by {state.Absolute:g3}"));
        }
    }
}
