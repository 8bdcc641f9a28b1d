using NUnit.Framework;
using Sim.Agents;
using Sim.Agents.Metrics;
using Sim.Agents.Policies;
using Sim.Agents.Runs;
using Sim.Agents.Training;
using Sim.Environments.Configuration;

namespace Sim.Tests.Agents.Runs;

public sealed class TrainerTests
{
    /// <summary>Seconds and steps a second are the only values of a record that the clock decides.</summary>
    private static readonly string[] s_times = [MetricNames.StepsPerSecond];

    private static readonly string[] s_small = ["rollout_steps=16", "minibatch=64", "epochs=2", "hidden=16,16", "episode_steps=40"];

    [Test]
    public void An_interrupted_and_resumed_run_equals_one_that_never_stopped()
    {
        using var folder = new TemporaryFolder();
        var plan = Plan(steps: 4096);
        var whole = Train(RunFolder.Create(folder.File("whole"), plan));
        var parts = RunFolder.Create(folder.File("parts"), plan);
        Assert.That(Train(parts, interruptAt: 1024).Interrupted, Is.True);
        Assert.That(Train(parts, interruptAt: 2048).Steps, Is.EqualTo(2048));
        var resumed = Train(parts);

        Assert.That(resumed.Steps, Is.EqualTo(whole.Steps));
        Assert.That(resumed.Evaluation!.Returns, Is.EqualTo(whole.Evaluation!.Returns));
        AssertSame(parts, RunFolder.Open(folder.File("whole")));
    }

    [Test]
    public void A_run_whose_process_died_repeats_what_came_after_its_last_checkpoint()
    {
        using var folder = new TemporaryFolder();
        var plan = Plan(steps: 3072);
        Train(RunFolder.Create(folder.File("whole"), plan));
        var broken = RunFolder.Create(folder.File("broken"), plan);
        Train(broken, interruptAt: 1024);
        File.Copy(broken.Checkpoint, folder.File("earlier"));
        Train(broken, interruptAt: 2048);
        File.Move(folder.File("earlier"), broken.Checkpoint, overwrite: true);
        // What a process leaves that is killed while it writes.
        File.WriteAllText(broken.Checkpoint + ".part", "half a checkpoint");
        File.AppendAllText(broken.Metrics, "{\"step\":99");
        Train(broken);
        AssertSame(broken, RunFolder.Open(folder.File("whole")));
    }

    [Test]
    public void A_finished_run_holds_configuration_metrics_events_checkpoint_picture_and_evaluation()
    {
        using var folder = new TemporaryFolder();
        var run = RunFolder.Create(folder.File("run"), Plan(steps: 1024));
        var result = Train(run);
        string[] names = [.. Directory.EnumerateFiles(run.Path).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
        Assert.That(names, Has.Length.EqualTo(6));
        Assert.That(names[..3], Is.EqualTo(new[] { "checkpoint", "configuration.json", "evaluation.json" }));
        Assert.That(names[3], Does.StartWith("events.out.tfevents."));
        Assert.That(names[4..], Is.EqualTo(new[] { "learning-curve.png", "metrics.jsonl" }));
        Assert.That(result.Evaluation!.Episodes, Is.EqualTo(100));
    }

    [Test]
    public void Training_stops_where_an_evaluation_reaches_the_success_rate()
    {
        using var folder = new TemporaryFolder();
        // Wide limits and no demand on the distance: whatever survives five steps succeeds.
        var plan = Plan(steps: 100_000, "episode_steps=5", "position_limit=100", "speed_limit=100", "spin_limit=1000", "success_distance=10") with
        {
            Stop = new EarlyStop(0.5, Every: 1000, Episodes: 10),
        };
        var run = RunFolder.Create(folder.File("run"), plan);
        Assert.That(Train(run).Steps, Is.EqualTo(1024), "the first round's end after 1000 steps");
        var last = MetricsLog.Read(run.Metrics)[^1];
        Assert.That(last.Values[MetricNames.EvaluationSuccessRate], Is.GreaterThanOrEqualTo(0.5));

        Assert.That(Train(run).Steps, Is.EqualTo(1024), "a run that has stopped is done");
        var longer = run.Reconfigure(plan with { Steps = 101_000 });
        Assert.That(Train(longer).Steps, Is.EqualTo(2048), "a run made longer goes on to the next evaluation");
    }

    [Test]
    public void Training_overrides_do_not_reach_the_evaluation()
    {
        using var folder = new TemporaryFolder();
        var asked = Plan(steps: 256);
        var trained = Plan(steps: 256, "episode_steps=7");
        var plan = asked with { TrainingSettings = trained.TrainingSettings };
        using var trainer = new Trainer(plan);
        Assert.That(trainer.Learner.Context.Environments.Spec.TimeLimit, Is.EqualTo(7));
        var result = trainer.Run(RunFolder.Create(folder.File("run"), plan));
        Assert.That(trainer.Learner.Episodes.LengthMean, Is.LessThanOrEqualTo(7));
        Assert.That(result.Evaluation!.Lengths.Max(), Is.GreaterThan(7));
    }

    [Test]
    public void A_loss_that_is_not_finite_stops_training_and_keeps_the_last_checkpoint()
    {
        using var folder = new TemporaryFolder();
        var run = RunFolder.Create(folder.File("run"), Plan(steps: 4096));
        Train(run, interruptAt: 1024);
        byte[] good = File.ReadAllBytes(run.Checkpoint);

        // The largest reward that a setting can hold: its square is not finite.
        var blown = run.Reconfigure(Plan(steps: 4096, "alive_reward=3e38", "normalise_rewards=false"));
        Assert.That(() => Train(blown), Throws.TypeOf<NonFiniteException>().With.Message.Contains("after 1024 steps"));
        Assert.That(File.ReadAllBytes(run.Checkpoint), Is.EqualTo(good));
    }

    [Test]
    public void A_loaded_policy_needs_no_learner_and_acts_alike()
    {
        using var folder = new TemporaryFolder();
        var run = RunFolder.Create(folder.File("run"), Plan(steps: 1024));
        using var trainer = new Trainer(run.Configuration);
        trainer.Run(run);
        using var policy = run.LoadPerceptron();
        using var environments = run.Configuration.FindEnvironment().Create(new() { Count = 3, Seed = 5 });
        environments.Reset();
        ((Policy)trainer.Learner.Policy).Act(environments);
        float[] expected = environments.Actions.ToArray();
        environments.Actions.Clear();
        policy.Act(environments);
        Assert.That(environments.Actions.ToArray(), Is.EqualTo(expected));
    }

    [TestCase("quadrotor-hover", "pop", "", "the nearest is 'ppo'")]
    [TestCase("quadrotor-hover", null, "gama=0.9", "the nearest is 'gamma'")]
    [TestCase("quadrotor-hover", null, "gamma=2", "out of range")]
    public void A_plan_that_cannot_be_is_refused(string environment, string? agent, string setting, string message)
        => Assert.That(() => RunConfiguration.Plan(environment, 1, new RunChoices { Agent = agent, Settings = setting.Length > 0 ? [setting] : [] }),
            Throws.TypeOf<SettingsException>().With.Message.Contains(message));

    private static RunConfiguration Plan(long steps, params string[] settings) => RunConfiguration.Plan("quadrotor-hover", 3, new RunChoices
    {
        Agent = "ppo",
        Environments = 16,
        Threads = 1,
        Steps = steps,
        Settings = [.. s_small, .. settings],
    }) with
    { Stop = null };

    private static TrainingResult Train(RunFolder folder, long interruptAt = long.MaxValue)
    {
        using var interruption = new CancellationTokenSource();
        using var trainer = new Trainer(folder.Configuration);
        return trainer.Run(folder, progress =>
        {
            if (progress.Steps >= interruptAt)
                interruption.Cancel();
        }, interruption.Token);
    }

    private static void AssertSame(RunFolder actual, RunFolder expected)
    {
        Checkpoint ours = actual.ReadCheckpoint(), theirs = expected.ReadCheckpoint();
        Assert.That(ours.Names, Is.EquivalentTo(theirs.Names));
        foreach (string name in theirs.Names.Where(name => name != "training/seconds"))
            Assert.That(ours.Get<byte>(name), Is.EqualTo(theirs.Get<byte>(name)), name);
        Assert.That(Untimed(actual), Is.EqualTo(Untimed(expected)));
    }

    private static string[] Untimed(RunFolder folder) =>
    [
        .. MetricsLog.Read(folder.Metrics).Select(record
            => $"{record.Step}: {string.Join(", ", record.Values.Where(value => !s_times.Contains(value.Key)).Select(value => $"{value.Key}={value.Value:R}"))}")
    ];
}
