using System.Text.Json;
using NUnit.Framework;
using Sim.Agents.Metrics;
using Sim.Agents.Runs;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Environments.Classic;
using Sim.Protocols.Demonstrations;

namespace Sim.Tests.Cli;

/// <summary>Behaviour cloning from the shell's side, on files that experts have recorded.</summary>
public sealed class CloningProcessTests
{
    private const string Small = "--agent bc --demos expert.simdemo --threads 1 --set batch=64";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void RecordAnExpert()
    {
        _folder = new TemporaryFolder();
        Record("cartpole", "expert.simdemo");
    }

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void A_recorded_expert_is_cloned_and_the_clone_evaluated_and_exported()
    {
        Record("cartpole", "more.simdemo", seed: 20);
        var trained = SimProcess.Result(_folder.Path, "train cartpole --agent bc --demos expert.simdemo more.simdemo --threads 1 --set batch=64 --steps 60k");
        Assert.That(trained.GetProperty("agent").GetString(), Is.EqualTo("bc"));
        // The expert's return is 500.
        Assert.That(trained.GetProperty("return_mean").GetDouble(), Is.GreaterThanOrEqualTo(450));
        var evaluated = SimProcess.Result(_folder.Path, "evaluate runs/cartpole-1");
        Assert.That(evaluated.GetProperty("return_mean").GetDouble(), Is.EqualTo(trained.GetProperty("return_mean").GetDouble()));
        Assert.That(SimProcess.Run(_folder.Path, "export runs/cartpole-1").Code, Is.Zero);

        var last = MetricsLog.Read(_folder.File("runs/cartpole-1/metrics.jsonl"))[^1].Values;
        Assert.That(last.Keys, Is.SupersetOf(new[]
        {
            MetricNames.TrainingLoss, MetricNames.ValidationLoss, MetricNames.BestValidationLoss, MetricNames.TrainingActionError,
            MetricNames.ValidationActionError, MetricNames.Epoch, MetricNames.EpisodicReturn,
        }));
        using var configuration = JsonDocument.Parse(File.ReadAllText(_folder.File("runs/cartpole-1/configuration.json")));
        var files = configuration.RootElement.GetProperty("demonstrations").EnumerateArray().ToArray();
        Assert.That(files.Select(file => Path.GetFileName(file.GetProperty("path").GetString())), Is.EqualTo(new[] { "expert.simdemo", "more.simdemo" }));
        Assert.That(files.Select(file => file.GetProperty("sha256").GetString()!.Length), Has.All.EqualTo(64));
    }

    [Test]
    public void What_sim_demo_record_records_of_an_expert_that_shakes_is_learnt_from()
    {
        SimProcess.Result(_folder.Path, "demo record pendulum --expert --noise 0.3 --episodes 30 --envs 8 --out noisy.simdemo");
        SimProcess.Result(_folder.Path, "demo record pendulum --expert --noise 0.3 --episodes 30 --envs 3 --out again.simdemo");
        using (Demonstration noisy = Demonstration.Open(_folder.File("noisy.simdemo")), again = Demonstration.Open(_folder.File("again.simdemo")))
        {
            Assert.That(again.Episodes.OrderBy(episode => episode.Start.Seed).Select(episode => episode.Return),
                Is.EqualTo(noisy.Episodes.OrderBy(episode => episode.Start.Seed).Select(episode => episode.Return)), "the batch changes no bit of the noise");
        }
        var trained = SimProcess.Result(_folder.Path, "train pendulum --agent bc --demos noisy.simdemo --steps 300k --threads 1");
        // An idle pendulum returns some -1200, the expert -153.
        Assert.That(trained.GetProperty("return_mean").GetDouble(), Is.GreaterThan(-250));
        var (code, _, error) = SimProcess.Run(_folder.Path, "demo record pendulum --expert --noise lots --out x.simdemo");
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain("--noise lots is not valid: expected a number, 0 to 10."));
        AssertRefused("demo record pendulum --listen unix:///tmp/none.socket --noise 0.1 --out x.simdemo", "--noise does not go with --listen");
    }

    [Test]
    public void An_agent_that_learns_from_rewards_takes_demonstrations_too_and_resumes_with_them()
    {
        SimProcess.Result(_folder.Path, "demo record surgical-needle-reach --expert --episodes 20 --envs 8 --out reach.simdemo");
        const string small = "--agent ddpg --threads 1 --set hidden=64,64 demonstration_batch=32";
        var trained = SimProcess.Result(_folder.Path, $"train surgical-needle-reach {small} --demos reach.simdemo --steps 1200");
        Assert.That(trained.GetProperty("agent").GetString(), Is.EqualTo("ddpg"));
        var last = MetricsLog.Read(_folder.File("runs/surgical-needle-reach-1/metrics.jsonl"))[^1].Values;
        Assert.That(last.Keys, Is.SupersetOf(new[] { MetricNames.CloningLoss, MetricNames.FilteredDemonstrations, MetricNames.ActorLoss }));
        var settings = RunFolder.Open(_folder.File("runs/surgical-needle-reach-1")).Configuration.ReadAgentSettings();
        // With demonstrations the preset explores less.
        Assert.That(((Sim.Agents.Ddpg.DdpgSettings)settings).RandomActions, Is.EqualTo(0.1f));
        var resumed = SimProcess.Result(_folder.Path, "train --resume runs/surgical-needle-reach-1 --steps 1400");
        Assert.That(resumed.GetProperty("steps").GetInt64(), Is.EqualTo(1400));
        AssertRefused("train --resume runs/surgical-needle-reach-1 --steps 1300", "--steps 1300", "has 1400 steps behind it");
        Assert.That(RunFolder.Open(_folder.File("runs/surgical-needle-reach-1")).Configuration.Steps, Is.EqualTo(1400), "a refusal changes nothing");
    }

    [Test]
    public void A_longer_run_finds_its_file_again_also_where_it_was_moved_to_and_no_other()
    {
        SimProcess.Result(_folder.Path, $"train cartpole {Small} --steps 1000");
        var resumed = SimProcess.Result(_folder.Path, "train --resume runs/cartpole-1 --steps 2000");
        Assert.That(resumed.GetProperty("steps").GetInt64(), Is.InRange(2000, 2064));

        File.Move(_folder.File("expert.simdemo"), _folder.File("moved.simdemo"));
        AssertRefused("train --resume runs/cartpole-1 --steps 3000", "there is no file", "expert.simdemo' of demonstrations");
        resumed = SimProcess.Result(_folder.Path, "train --resume runs/cartpole-1 --steps 3000 --demos moved.simdemo");
        Assert.That(resumed.GetProperty("steps").GetInt64(), Is.InRange(3000, 3064));

        Record("cartpole", "other.simdemo", seed: 50);
        AssertRefused("train --resume runs/cartpole-1 --steps 4000 --demos other.simdemo", "other.simdemo is not the file that the run learns from", "SHA-256");
    }

    [Test]
    public void An_interrupted_run_continues_as_if_nothing_had_happened()
    {
        var choices = new RunChoices { Agent = "bc", Steps = 3000, Threads = 1, Demonstrations = [DemonstrationFile.Of(_folder.File("expert.simdemo"))] };
        var plan = RunConfiguration.Plan("cartpole", 1, choices);
        var whole = RunFolder.Create(_folder.File("whole"), plan);
        var parts = RunFolder.Create(_folder.File("parts"), plan);
        Train(whole);
        Assert.That(Train(parts, interruptAt: 1500).Interrupted, Is.True);
        Assert.That(Train(parts).Interrupted, Is.False);
        foreach (string name in whole.ReadCheckpoint().Names.Where(name => name != "training/seconds"))
            Assert.That(parts.ReadCheckpoint().Get<byte>(name), Is.EqualTo(whole.ReadCheckpoint().Get<byte>(name)), name);
        Assert.That(Untimed(parts), Is.EqualTo(Untimed(whole)));
    }

    [TestCase("train cartpole --agent bc", "bc learns from demonstrations: name their files by --demos FILE...")]
    [TestCase("train cartpole --agent ppo --demos expert.simdemo", "ppo does not learn from demonstrations: leave --demos out, or choose --agent bc")]
    [TestCase("train pendulum --agent td3 --demos expert.simdemo", "td3 does not learn from demonstrations: leave --demos out, or choose --agent sac, --agent ddpg, --agent bc")]
    [TestCase("train cartpole --agent bc --demos none.simdemo", "there is no file 'none.simdemo' of demonstrations")]
    [TestCase("train acrobot --agent bc --demos expert.simdemo", "expert.simdemo: the demonstrations are of cartpole, not of acrobot")]
    [TestCase("train cartpole --agent bc --demos expert.simdemo --set force=9", "other settings of cartpole: force = 10, not 9. To learn for those: --set force=10")]
    [TestCase("train cartpole --agent bc --demos expert.simdemo --set only_success=true", "cartpole does not say when an episode succeeds")]
    [TestCase("train cartpole --agent bc --demos empty.simdemo", "empty.simdemo")]
    [TestCase("train cartpole --agent bc --demos noise.simdemo", "noise.simdemo")]
    public void What_cannot_be_learnt_from_is_refused_and_nothing_is_written(string arguments, string message)
    {
        File.WriteAllBytes(_folder.File("empty.simdemo"), []);
        File.WriteAllText(_folder.File("noise.simdemo"), string.Concat(Enumerable.Repeat("no recording ", 1000)));
        AssertRefused(arguments, message);
        Assert.That(Directory.Exists(_folder.File("runs")), Is.False);
    }

    private void Record(string id, string file, ulong seed = 0)
    {
        using var environments = Registry.Make(id, new EnvironmentOptions { Count = 10, Autoreset = AutoresetMode.Disabled });
        using var expert = Registry.Find(id).Expert!(environments);
        using var recorder = DemonstrationRecorder.Create(_folder.File(file), environments, new RecordingOptions { Demonstrator = "expert" });
        new RecordingLoop(environments, recorder, expert, new RecordingPlan { Episodes = 10, Seed = seed }).Run();
        recorder.Close();
    }

    private void AssertRefused(string arguments, params string[] messages)
    {
        var (code, output, error) = SimProcess.Run(_folder.Path, arguments);
        Assert.That((code, output), Is.EqualTo((2, "")), error);
        foreach (string message in messages) Assert.That(error, Does.Contain(message));
    }

    private static TrainingResult Train(RunFolder folder, long interruptAt = long.MaxValue)
    {
        using var interruption = new CancellationTokenSource();
        using var demonstration = Demonstration.Open(folder.Configuration.Demonstrations!.Single().Path);
        var data = DemonstrationData.Of(CartPole.Definition.Describe(new CartPoleSettings()), demonstration.ToEpisodes());
        using var trainer = new Trainer(folder.Configuration, data);
        return trainer.Run(folder, progress =>
        {
            if (progress.Steps >= interruptAt) interruption.Cancel();
        }, interruption.Token);
    }

    private static string[] Untimed(RunFolder folder) =>
    [
        .. MetricsLog.Read(folder.Metrics).Select(record => $"{record.Step}: {string.Join(", ", record.Values
            .Where(value => value.Key != MetricNames.StepsPerSecond).Select(value => $"{value.Key}={value.Value:R}"))}")
    ];
}
