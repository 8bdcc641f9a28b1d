using System.Text.Json;
using NUnit.Framework;
using Sim.Agents.Evaluation;
using Sim.Environments.Quadrotors;

namespace Sim.Tests.Cli;

/// <summary>The commands from the shell's side: exit codes, streams and files.</summary>
public sealed class SimProcessTests
{
    private const string Small = "train quadrotor-hover --agent ppo --envs 16 --threads 1 --steps 1024 --set rollout_steps=16 minibatch=64 hidden=16,16 episode_steps=50";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void List_shows_every_environment_as_an_array()
    {
        var rows = SimProcess.Result(_folder.Path, "list");
        Assert.That(rows.GetArrayLength(), Is.EqualTo(Sim.Environments.Registry.All.Count));
        Assert.That(KeysOf(rows[0]), Is.EqualTo(new[] { "id", "kind", "observation", "action" }));
        Assert.That(rows.EnumerateArray().Select(row => row.GetProperty("id").GetString()), Does.Contain("quadrotor-hover"));
    }

    [Test]
    public void Info_shows_spaces_reward_settings_and_agents()
    {
        var (code, output, _) = SimProcess.Run(_folder.Path, "info quadrotor-hover");
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("velocity_x").And.Contain("alive + position").And.Contain("500 steps of 0.01 s"));
        Assert.That(output, Does.Match(@"vehicle\.gravity +9\.81 +a finite number, 0 to 100"));
        Assert.That(output, Does.Match(@"clip_range +0\.2 +a finite number, 0\.001 to 10"));
    }

    [Test]
    public void A_run_is_trained_once_then_evaluated_and_exported()
    {
        var trained = SimProcess.Result(_folder.Path, Small);
        Assert.That(KeysOf(trained), Is.EqualTo(new[] { "run", "environment", "agent", "seed", "steps", "seconds", "return_mean", "success_rate" }));
        string run = trained.GetProperty("run").GetString()!;
        Assert.That((run, trained.GetProperty("steps").GetInt64()), Is.EqualTo(("runs/quadrotor-hover-1", 1024L)));

        var (code, output, error) = SimProcess.Run(_folder.Path, Small);
        Assert.That((code, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.Contain("--resume runs/quadrotor-hover-1").And.Contain("--out runs/quadrotor-hover-1-2"));

        var evaluated = SimProcess.Result(_folder.Path, $"evaluate {run}");
        Assert.That(KeysOf(evaluated), Is.EqualTo(new[] { "environment", "agent", "episodes", "return_mean", "return_ci95", "success_rate", "length_mean" }));
        Assert.That(evaluated.GetProperty("return_mean").GetDouble(), Is.EqualTo(trained.GetProperty("return_mean").GetDouble()));
        Assert.That(evaluated.GetProperty("return_ci95").GetArrayLength(), Is.EqualTo(2));
        var other = SimProcess.Result(_folder.Path, $"evaluate {run} --episodes 20 --seed 5");
        Assert.That(other.GetProperty("episodes").GetInt32(), Is.EqualTo(20));

        var exported = SimProcess.Result(_folder.Path, $"export {run}");
        Assert.That(File.Exists(Path.Combine(_folder.Path, exported.GetProperty("file").GetString()!)), Is.True);
    }

    [Test]
    public void An_expert_is_evaluated_as_a_policy_is()
    {
        var found = SimProcess.Result(_folder.Path, "evaluate quadrotor-hover --expert --episodes 10 --seed 1 --set episode_steps=100");
        Assert.That(KeysOf(found), Is.EqualTo(new[] { "environment", "agent", "episodes", "return_mean", "return_ci95", "success_rate", "length_mean" }));
        var settings = new HoverSettings { EpisodeSteps = 100 };
        var same = Evaluator.Evaluate(Hover.Definition, settings, Hover.Definition.Expert!, episodes: 10, seed: 1);
        Assert.That((found.GetProperty("agent").GetString(), found.GetProperty("episodes").GetInt32()), Is.EqualTo(("expert", 10)));
        Assert.That(found.GetProperty("return_mean").GetDouble(), Is.EqualTo(same.ReturnMean));
        Assert.That(found.GetProperty("success_rate").GetDouble(), Is.EqualTo(same.SuccessRate));
        Assert.That(found.GetProperty("length_mean").GetDouble(), Is.EqualTo(same.Lengths.Average()));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.Empty, "an evaluation of an expert leaves no file");
    }

    [Test]
    public void An_evaluation_of_an_expert_stops_at_Ctrl_C()
    {
        using var process = new SimProcess(_folder.Path, "evaluate quadrotor-track --expert --episodes 1000000");
        // What it says before it begins is nothing; its one batch of 512 is made in less than this.
        Thread.Sleep(3000);
        process.Interrupt();
        Assert.That(process.End().Code, Is.EqualTo(130));
    }

    [Test]
    public void Several_seeds_end_with_their_mean_and_interval()
    {
        var result = SimProcess.Result(_folder.Path, $"{Small} --seeds 0-1 --out sweep");
        double[] returns = [.. result.GetProperty("results").EnumerateArray().Select(run => run.GetProperty("return_mean").GetDouble())];
        Assert.That(returns, Has.Length.EqualTo(2));
        // The mean of two doubles, summed in another order at most.
        Assert.That(result.GetProperty("return_mean").GetDouble(), Is.EqualTo(returns.Average()).Within(1e-9));
        Assert.That(result.GetProperty("return_ci95")[0].GetDouble(), Is.LessThanOrEqualTo(returns.Average()));
        Assert.That(Directory.Exists(_folder.File("sweep/quadrotor-hover-1")), Is.True);
    }

    [TestCase("train quadrotor-hovr", "did you mean 'quadrotor-hover'?")]
    [TestCase("info quadrotor-hovr", "did you mean 'quadrotor-hover'?")]
    [TestCase("bench steps quadrotor-hovr", "did you mean 'quadrotor-hover'?")]
    [TestCase("bench physics roap", "unknown scene 'roap'; did you mean 'rope'?")]
    [TestCase("train quadrotor-hover --set gravty=3", "the nearest is 'vehicle.gravity'")]
    [TestCase("train quadrotor-hover --set gamma=high", "expected a finite number")]
    [TestCase("train quadrotor-hover --set gamma=1.5", "out of range: expected a finite number, 0 to 1")]
    [TestCase("train quadrotor-hover --set hidden=64,x", "each a whole number")]
    [TestCase("train --resume runs/none", "holds no run")]
    [TestCase("evaluate runs/none", "holds no run")]
    [TestCase("evaluate quadrotor-hovr --expert", "did you mean 'quadrotor-hover'?")]
    [TestCase("evaluate quadrotor-hover --expert --set gravty=3", "the nearest is 'vehicle.gravity'")]
    [TestCase("evaluate quadrotor-hover --expert --set start_angle=9", "out of range")]
    [TestCase("evaluate runs/none --set gravity=3", "--set goes with --expert")]
    public void Bad_input_ends_with_2_and_writes_nothing(string arguments, string message)
    {
        var (code, output, error) = SimProcess.Run(_folder.Path, arguments);
        Assert.That((code, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.Contain(message));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.Empty);
    }

    [Test]
    public void A_loss_that_is_not_finite_ends_with_1_and_says_where()
    {
        // The largest reward that a setting can hold: its square is not finite.
        var (code, _, error) = SimProcess.Run(_folder.Path, $"{Small} alive_reward=3e38 normalise_rewards=false");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(error, Does.Contain("value loss").And.Contain("runs/quadrotor-hover-1/checkpoint"));
        Assert.That(File.Exists(_folder.File("runs/quadrotor-hover-1/checkpoint")), Is.True);
    }

    [Test]
    public void Without_torch_a_torch_backend_ends_with_1_and_writes_nothing()
    {
        var (code, _, error) = SimProcess.Run(_folder.Path, $"{Small} backend=torch");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(error, Does.Contain("SIM_LIBTORCH"));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.Empty);
    }

    [Test]
    public void Ctrl_C_saves_and_a_resumed_run_finishes()
    {
        using (var process = new SimProcess(_folder.Path, $"{Small.Replace("--steps 1024", "--steps 1G")} --out run"))
        {
            process.WaitForLine("steps/s");
            process.Interrupt();
            var (code, output, error) = process.End();
            Assert.That(code, Is.EqualTo(130), error);
            Assert.That(output, Does.Contain("saving…").And.Contain("sim train --resume run"));
        }
        Assert.That(File.Exists(_folder.File("run/checkpoint")), Is.True);
        long done = LastStep();
        var resumed = SimProcess.Result(_folder.Path, $"train --resume run --steps {done + 1000}");
        Assert.That(resumed.GetProperty("steps").GetInt64(), Is.InRange(done + 1000, done + 1000 + 256), "whole rounds of 16 × 16 steps");
        Assert.That(File.Exists(_folder.File("run/evaluation.json")), Is.True);
    }

    [Test]
    public void Bench_steps_reports_cost_and_allocations()
    {
        var cost = SimProcess.Result(_folder.Path, "bench steps quadrotor-hover --envs 64 --threads 1");
        Assert.That(KeysOf(cost), Is.EqualTo(new[]
        {
            "environment", "environments", "threads", "lanes", "env_steps_per_second", "env_steps_per_cpu_second",
            "scalar_env_steps_per_cpu_second", "bytes_allocated_per_step",
        }));
        Assert.That(cost.GetProperty("environments").GetInt32(), Is.EqualTo(64));
        Assert.That(cost.GetProperty("bytes_allocated_per_step").GetDouble(), Is.Zero);
    }

    private long LastStep()
    {
        using var checkpoint = System.IO.Compression.ZipFile.OpenRead(_folder.File("run/checkpoint"));
        using var reader = new BinaryReader(checkpoint.GetEntry("steps")!.Open());
        return reader.ReadInt64();
    }

    private static string[] KeysOf(JsonElement element) => [.. element.EnumerateObject().Select(property => property.Name)];
}
