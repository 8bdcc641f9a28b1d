using System.Globalization;
using Sim.Agents.Runs;
using Sim.Cli.Commands;
using Sim.Cli.Output;
using Sim.Environments;
using Sim.Environments.Configuration;
using Sim.Environments.Episodes;
using Sim.Environments.Spaces;
using Sim.Protocols.Demonstrations;

namespace Sim.Cli.Actions;

internal static class DemoRecordAction
{
    private sealed record Answer(string File, string Environment, int Episodes, int Kept, long Steps, long LateSteps, long Bytes, bool Interrupted);

    /// <summary>What is played, before anything is written.</summary>
    private sealed record Part(EnvironmentDefinition Definition, object Settings, RunFolder? Run, BranchPoint? Branch);

    public static int Run(DemoRecordRequest request, CommandOutput output)
    {
        var part = Prepare(request);
        if (request.Listen is { } address) return DemoListenAction.Run(address, request, part.Definition, part.Settings, output);
        if (request.Append) DemoFiles.RequireFile(request.Out);
        else DemoFiles.RequireFree(request.Out);
        bool privileged = NeedsPrivileged(request, part);
        using var environments = Refusal.Of(() => part.Definition.Create(
            new EnvironmentOptions { Count = request.Environments, Autoreset = AutoresetMode.Disabled, Privileged = privileged }, part.Settings));
        using var policy = part.Run?.LoadPolicy();
        var steady = policy?.ActIn(environments) ?? Scripted(request, part, environments);
        using var actor = request.Noise > 0 ? new NoisyActor(steady, request.Noise) : steady;
        var options = Options(request);
        using var recorder = Refusal.Of(() => request.Append
            ? DemonstrationRecorder.Append(request.Out, environments, options)
            : DemonstrationRecorder.Create(request.Out, environments, options));
        return Play(request, part, environments, recorder, actor, output);
    }

    private static int Play(DemoRecordRequest request, Part part, BatchEnvironment environments, DemonstrationRecorder recorder, IActor actor, CommandOutput output)
    {
        using var interruption = new Interruption(() => output.Line("  closing…"));
        var plan = new RecordingPlan
        {
            Episodes = request.Episodes ?? (part.Branch is null ? 1 : 0),
            Seed = request.Seed,
            KeepSuccesses = request.KeepSuccesses,
            RealTime = request.RealTime,
            Source = request.Policy is null ? ActionSource.Script : ActionSource.Policy,
        };
        var loop = new RecordingLoop(environments, recorder, actor, plan);
        if (part.Branch is { } branch) loop.Branch(branch.Snapshot, branch.Parent);
        output.Line($"recording {environments.Spec.Id} to {request.Out}");
        var progress = loop.Run(cancellation: interruption.Token);
        recorder.Close();
        bool interrupted = interruption.Token.IsCancellationRequested;
        long bytes = new FileInfo(request.Out).Length;
        string kept = request.KeepSuccesses ? string.Create(CultureInfo.InvariantCulture, $", {progress.Kept} of them successes that count") : "";
        output.Line(string.Create(CultureInfo.InvariantCulture, $"  {progress.Episodes} episodes{kept}, {progress.Steps} steps, {SiPrefix.Format(bytes)}B{(progress.LateSteps > 0 ? $", {progress.LateSteps} steps late" : "")}"));
        if (interrupted) output.Line($"  interrupted and closed; to go on: sim demo record {environments.Spec.Id} … --append --out {request.Out}");
        output.Result(new Answer(request.Out, environments.Spec.Id, progress.Episodes, progress.Kept, progress.Steps, progress.LateSteps, bytes, interrupted));
        return interrupted ? ExitCode.Interrupted : ExitCode.Success;
    }

    /// <exception cref="BadInputException">What was asked for does not go together.</exception>
    private static Part Prepare(DemoRecordRequest request)
    {
        if ((request.Expert ? 1 : 0) + (request.Policy is null ? 0 : 1) + (request.Random ? 1 : 0) + (request.Listen is null ? 0 : 1) != 1)
            throw new BadInputException("somebody must act: choose one of --expert, --policy RUN, --random and --listen ADDRESS");
        if (request.Listen is not null && request.Noise > 0)
            throw new BadInputException("--noise does not go with --listen: a person shakes enough");
        var run = request.Policy is { } folder ? RunFolder.Open(folder) : null;
        if (request.From is { } file) return Branch(request, file, run);
        if (request.Environment is null && run is null)
            throw new BadInputException("'sim demo record' needs <environment>, --policy or --from");
        var definition = Refusal.Of(() => request.Environment is { } name ? Registry.Find(name) : run!.Configuration.FindEnvironment());
        if (run is not null && run.Configuration.FindEnvironment().Id != definition.Id)
            throw new BadInputException($"the policy of {run.Path} acts in {run.Configuration.Environment}, not in {definition.Id}");
        object settings = run?.Configuration.ReadEnvironmentSettings() ?? definition.DefaultSettings;
        return new(definition, SettingsOverride.Apply(settings, request.Set), run, null);
    }

    private static Part Branch(DemoRecordRequest request, string file, RunFolder? run)
    {
        if (request.Set.Count > 0) throw new BadInputException("--set does not go with --from: a branch has the settings of its parent");
        if (request.Environments != 1) throw new BadInputException($"--envs {request.Environments} does not go with --from: a branch is one environment");
        using var demonstration = DemoFiles.Open(file);
        var episode = DemoFiles.Episode(demonstration, request.Episode);
        var branch = Refusal.Of(() => BranchPoint.Of(demonstration, episode, request.Step));
        if (request.Environment is { } name && Refusal.Of(() => Registry.Find(name)) != branch.Definition)
            throw new BadInputException($"{file} is of {branch.Definition.Id}, not of {name}");
        if (run is not null && run.Configuration.FindEnvironment() != branch.Definition)
            throw new BadInputException($"the policy of {run.Path} acts in {run.Configuration.Environment}, not in {branch.Definition.Id}");
        return new(branch.Definition, branch.Settings, run, branch);
    }

    /// <summary>An expert may read what only critics see; a branch has what its parent had.</summary>
    private static bool NeedsPrivileged(DemoRecordRequest request, Part part)
    {
        bool wanted = request.Expert && part.Definition.Describe(part.Settings).Observation is Dict dict && dict.Entries.Any(entry => entry.Name == "privileged");
        if (part.Branch is null) return wanted;
        bool had = part.Branch.Session.Message.Privileged;
        return !wanted || had ? had : throw new BadInputException($"the expert of {part.Definition.Id} reads the privileged group, which {request.From} was recorded without");
    }

    private static IActor Scripted(DemoRecordRequest request, Part part, BatchEnvironment environments)
        => request.Random ? new RandomActor(request.Seed) : ScriptedExperts.Of(part.Definition, "--policy RUN or --random")(environments);

    private static RecordingOptions Options(DemoRecordRequest request) => new()
    {
        CheckpointEvery = request.CheckpointEvery,
        Observations = request.Observations,
        Operator = request.Operator,
        Demonstrator = (request.Expert ? "expert" : request.Policy is { } run ? $"policy {Path.GetFileName(Path.TrimEndingDirectorySeparator(run))}" : "random")
            + (request.Noise > 0 ? string.Create(CultureInfo.InvariantCulture, $", noise {request.Noise}") : ""),
    };
}
