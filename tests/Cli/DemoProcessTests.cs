using System.Text.Json;
using NUnit.Framework;
using Sim.Protocols.Demonstrations;

namespace Sim.Tests.Cli;

/// <summary><c>sim demo</c> from the shell's side.</summary>
public sealed class DemoProcessTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void A_recording_is_made_listed_described_verified_and_edited()
    {
        var recorded = Result("demo record cartpole --random --episodes 9 --envs 4 --operator anna --out a.simdemo");
        Assert.That((Number(recorded, "episodes"), Number(recorded, "kept")), Is.EqualTo((9, 9)));

        var row = Result("demo list")[0];
        Assert.That((Text(row, "file"), Text(row, "environment"), Number(row, "episodes"), Text(row, "operator"), Text(row, "state")), Is.EqualTo(("a.simdemo", "cartpole", 9, "anna", "clean")));

        var info = Result("demo info a.simdemo --episode 3");
        Assert.That(info.GetProperty("episodes")[0].GetProperty("action_histogram")[0].GetProperty("counts").GetArrayLength(), Is.EqualTo(2));

        var verified = Result("demo verify a.simdemo");
        Assert.That((Text(verified, "verdict"), Number(verified, "exact"), Number(verified, "steps")), Is.EqualTo(("exact", 9, Number(recorded, "steps"))));

        Assert.That(Number(Result("demo label a.simdemo --episode 1 --quality 4 --note steady --discard"), "quality"), Is.EqualTo(4));
        var split = Result("demo split a.simdemo --ratio 0.25 --train t.simdemo --valid v.simdemo");
        Assert.That((Number(split, "train"), Number(split, "valid")), Is.EqualTo((6, 2)), "the discarded one belongs to neither");
        Assert.That(Number(Result("demo merge t.simdemo v.simdemo --out m.simdemo"), "episodes"), Is.EqualTo(8));
        Assert.That(Result("demo trim m.simdemo --episode 0 --range ..5 --out p.simdemo").GetProperty("episodes")[0].GetProperty("to").GetInt32(), Is.EqualTo(5));
        Assert.That(Number(Result("demo recover m.simdemo --out r.simdemo"), "lost_bytes"), Is.Zero);
        var steps = Result("demo replay p.simdemo --speed max").GetProperty("steps");
        Assert.That(steps.GetArrayLength(), Is.EqualTo(5));
        Assert.That(steps[0].GetProperty("observation").GetArrayLength(), Is.EqualTo(4));
        var (code, output, _) = SimProcess.Run(_folder.Path, "demo verify a.simdemo m.simdemo p.simdemo r.simdemo t.simdemo v.simdemo");
        Assert.That(code, Is.Zero, output);
    }

    [Test]
    public void A_trained_policy_records_the_same_episodes_at_any_batch_size_and_a_branch_goes_on_from_one()
    {
        Result("train quadrotor-hover --agent ppo --envs 16 --threads 1 --steps 1024 --set rollout_steps=16 minibatch=64 hidden=16,16 episode_steps=50 --out run");
        Result("demo record --policy run --episodes 5 --seed 9 --out one.simdemo");
        Result("demo record quadrotor-hover --policy run --episodes 5 --seed 9 --envs 3 --out three.simdemo");
        using (var one = Demonstration.Open(_folder.File("one.simdemo")))
        using (var three = Demonstration.Open(_folder.File("three.simdemo")))
        {
            Assert.That(one.Sessions[0].Message.Demonstrator, Is.EqualTo("policy run"));
            Assert.That(one.Episodes.Select(episode => episode.Length), Is.All.LessThanOrEqualTo(50), "the run's settings hold");
            var again = three.ReadAll(three.Episodes).ToDictionary(rows => rows.Episode.Start.Seed, rows => rows.Actions.ToArray());
            foreach (var rows in one.ReadAll(one.Episodes)) Assert.That(again[rows.Episode.Start.Seed], Is.EqualTo(rows.Actions.ToArray()));
        }
        Result("demo record --from one.simdemo --episode 2 --step 7 --policy run --out branch.simdemo");
        using (var branch = Demonstration.Open(_folder.File("branch.simdemo")))
            Assert.That((branch.Episodes.Single().Parent!.Episode, branch.Episodes[0].Parent!.Step), Is.EqualTo((2, 7)));
        Assert.That(Text(Result("demo verify branch.simdemo"), "verdict"), Is.EqualTo("exact"));
        Assert.That(Number(Result("demo record --policy run --episodes 2 --append --out one.simdemo"), "episodes"), Is.EqualTo(2));
        Assert.That(Number(Result("demo verify one.simdemo"), "exact"), Is.EqualTo(7));
    }

    [Test]
    public void Killed_while_recording_it_loses_at_most_the_last_second_and_the_rest_replays_exactly()
    {
        string path = _folder.File("killed.simdemo");
        long before;
        using (var process = new SimProcess(_folder.Path, "demo record pendulum --random --episodes 1000 --rate realtime --out killed.simdemo"))
        {
            process.WaitForLine("recording pendulum");
            Assert.That(() => new FileInfo(path).Length, Is.GreaterThan(5_000).After(60_000, 20), "a few seconds of 20 steps");
            before = StepsOf(path);
            process.Kill();
        }
        using var demonstration = Demonstration.Open(path);
        Assert.That(demonstration.Condition, Is.EqualTo(DemonstrationCondition.Recovered));
        Assert.That(StepsOf(path), Is.GreaterThanOrEqualTo(before).And.GreaterThan(20));
        Assert.That(demonstration.Episodes[^1].Ending, Is.EqualTo(EpisodeEnding.Unknown), "the episode that ran is listed as incomplete");
        Assert.That(demonstration.Check().Select(result => result.Verdict), Is.All.EqualTo(ReplayVerdict.Exact));
        Assert.That(Text(Result("demo list")[0], "state"), Does.StartWith("not closed").Or.StartWith("broken"));
        var recovered = Result("demo recover killed.simdemo --out good.simdemo");
        Assert.That(Number(recovered, "episodes"), Is.EqualTo(demonstration.Episodes.Count));
        Assert.That(Text(Result("demo verify good.simdemo"), "verdict"), Is.EqualTo("exact"));
    }

    [Test]
    public void Ctrl_C_closes_the_file_and_ends_with_130()
    {
        using (var process = new SimProcess(_folder.Path, "demo record pendulum --random --episodes 1000 --rate realtime --out a.simdemo"))
        {
            process.WaitForLine("recording pendulum");
            process.Interrupt();
            var (code, output, error) = process.End();
            Assert.That(code, Is.EqualTo(130), error);
            Assert.That(output, Does.Contain("interrupted and closed"));
        }
        using var demonstration = Demonstration.Open(_folder.File("a.simdemo"));
        Assert.That(demonstration.Condition, Is.EqualTo(DemonstrationCondition.Clean));
    }

    [Test]
    public void Verify_ends_with_1_for_a_damaged_file_and_with_3_for_one_that_cannot_be_played()
    {
        Result("demo record cartpole --random --episodes 3 --out a.simdemo");
        byte[] bytes = File.ReadAllBytes(_folder.File("a.simdemo"));
        bytes[bytes.Length / 2] ^= 4;
        File.WriteAllBytes(_folder.File("damaged.simdemo"), bytes);
        foreach (string option in (string[])["", "--fast"])
        {
            var (code, output, _) = SimProcess.Run(_folder.Path, $"demo verify damaged.simdemo {option}");
            Assert.That((code, output), Is.EqualTo((1, output)));
            Assert.That(output, Does.Contain("damaged").And.Contain("belong to no whole chunk"));
        }
        using (var demonstration = Demonstration.Open(_folder.File("a.simdemo")))
            DemonstrationWriter.Import(_folder.File("foreign.simdemo"), demonstration.ToEpisodes(), "elsewhere");
        var (foreign, said, _) = SimProcess.Run(_folder.Path, "demo verify foreign.simdemo");
        Assert.That(foreign, Is.EqualTo(3));
        Assert.That(said, Does.Contain("cannot be played here"));
    }

    [TestCase("demo record cartpol --random --out a.simdemo", "did you mean 'cartpole'?")]
    [TestCase("demo record cartpole --out a.simdemo", "choose one of --expert, --policy RUN, --random and --listen")]
    [TestCase("demo record cartpole --random --expert --out a.simdemo", "choose one of --expert, --policy RUN, --random and --listen")]
    [TestCase("demo record cartpole --random", "--out")]
    [TestCase("demo record cartpole --random --set gravty=3 --out a.simdemo", "the nearest is 'gravity'")]
    [TestCase("demo record cartpole --random --out nowhere/a.simdemo", "there is no folder")]
    [TestCase("demo record --random --from none.simdemo --out a.simdemo", "there is no file none.simdemo")]
    [TestCase("demo record cartpole --random --append --out none.simdemo", "there is no file none.simdemo")]
    [TestCase("demo verify none.simdemo", "there is no file none.simdemo")]
    [TestCase("demo replay none.simdemo --speed fast", "expected a number above 0, up to 1000, or max")]
    [TestCase("demo trim none.simdemo --range 9..3 --out a.simdemo", "expected two steps, such as 100..400")]
    [TestCase("demo trim none.simdemo --idle no --out a.simdemo", "expected seconds above 0, such as 2s")]
    [TestCase("demo split none.simdemo --ratio 2", "expected a share between 0 and 1")]
    [TestCase("demo label none.simdemo --episode 0 --quality 7", "--quality 7 is not valid: expected a whole number, 0 to 5")]
    [TestCase("demo lst", "the nearest is 'list'")]
    public void Bad_input_ends_with_2_and_writes_nothing(string arguments, string message)
    {
        var (code, output, error) = SimProcess.Run(_folder.Path, arguments);
        Assert.That((code, output), Is.EqualTo((2, "")), error);
        Assert.That(error, Does.Contain(message));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.Empty);
    }

    [Test]
    public void Nothing_is_overwritten_and_a_file_that_is_no_recording_is_named()
    {
        File.WriteAllText(_folder.File("a.simdemo"), "my notes");
        foreach (string arguments in (string[])["demo record cartpole --random --out a.simdemo", "demo merge a.simdemo --out a.simdemo", "demo recover a.simdemo --out a.simdemo"])
        {
            var (code, _, error) = SimProcess.Run(_folder.Path, arguments);
            Assert.That(code, Is.EqualTo(2));
            Assert.That(error, Does.Contain("a.simdemo exists"));
        }
        var (failure, _, sentence) = SimProcess.Run(_folder.Path, "demo info a.simdemo");
        Assert.That(failure, Is.EqualTo(1));
        Assert.That(sentence, Does.Contain("a.simdemo is no recording"));
        Assert.That(File.ReadAllText(_folder.File("a.simdemo")), Is.EqualTo("my notes"));
    }

    private JsonElement Result(string arguments) => SimProcess.Result(_folder.Path, arguments);

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static long StepsOf(string path)
    {
        using var demonstration = Demonstration.Open(path);
        return demonstration.Episodes.Sum(episode => (long)episode.Length);
    }
}
