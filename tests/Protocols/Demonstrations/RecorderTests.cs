using NUnit.Framework;
using Sim.Environments;
using Sim.Protocols.Benchmarks;
using Sim.Protocols.Demonstrations;
using Sim.Protocols.Demonstrations.Files;
using Sim.Tests.Environments.Contract;

namespace Sim.Tests.Protocols.Demonstrations;

/// <summary>Recording while somebody else steps.</summary>
public sealed class RecorderTests
{
    private TemporaryFolder _folder = null!;
    private string _path = "";

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TemporaryFolder();
        _path = _folder.File("a.simdemo");
    }

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase("cartpole", 1)]
    [TestCase("quadrotor-hover", 1)]
    [TestCase("quadrotor-hover", 64)]
    public void A_recorded_step_allocates_nothing_on_the_thread_that_steps(string id, int count)
    {
        using var environments = Registry.Make(id, count, threads: 1);
        var clock = new SimulatedClock();
        using var recorder = DemonstrationRecorder.Create(_path, environments, new() { Clock = clock });
        environments.Reset();
        recorder.AfterReset();
        long allocated = 0;
        int episodes = 0;
        // The first half grows the buffers to what a second brings.
        const int Half = 4000;
        for (int step = 0; step < 2 * Half; step++)
        {
            RandomActions.Fill(environments, seed: 1, step % 500);
            environments.Step();
            clock.Advance(TimeSpan.FromSeconds(environments.Spec.ControlPeriod));
            long before = GC.GetAllocatedBytesForCurrentThread();
            recorder.AfterStep();
            if (step < Half) continue;
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            episodes += recorder.EndedEpisodes.Length;
        }
        Assert.That(episodes, Is.Positive, "the run must contain ends of episodes");
        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void A_step_reaches_the_file_within_a_second_of_a_pause()
    {
        using var environments = Registry.Make("pendulum");
        using var recorder = DemonstrationRecorder.Create(_path, environments, new() { WriteEvery = TimeSpan.FromMilliseconds(100) });
        environments.Reset();
        recorder.AfterReset();
        environments.Step();
        recorder.AfterStep();
        // Nobody steps any more: the writer takes what is there by itself.
        Assert.That(() => StepsOf(_path), Is.EqualTo(1).After(10_000, 20));
    }

    [Test]
    public void An_episode_is_on_the_disk_while_the_next_is_played()
    {
        var clock = new SimulatedClock();
        using var environments = Rocket.Definition.Create(new());
        using var recorder = DemonstrationRecorder.Create(_path, environments, new() { Clock = clock });
        environments.Reset();
        recorder.AfterReset();
        for (int step = 0; step < 250; step++)
        {
            environments.Step();
            clock.Advance(TimeSpan.FromSeconds(0.05));
            recorder.AfterStep();
        }
        Assert.That(() => StepsOf(_path), Is.GreaterThanOrEqualTo(229).After(10_000, 20), "a chunk holds a second and the step that ends it, 21 steps");
    }

    [Test]
    public void Times_are_those_of_the_clock()
    {
        var clock = new SimulatedClock();
        using (var environments = Registry.Make("pendulum"))
        using (var recorder = DemonstrationRecorder.Create(_path, environments, new() { Clock = clock }))
        {
            environments.Reset();
            recorder.AfterReset();
            for (int step = 0; step < 90; step++)
            {
                environments.Step();
                clock.Advance(TimeSpan.FromMilliseconds(50));
                recorder.AfterStep();
            }
        }
        using var demonstration = Demonstration.Open(_path);
        long[] times = demonstration.Read(demonstration.Episodes[0]).Times.ToArray();
        // Ticks are tenths of a microsecond.
        Assert.That(times.Zip(times.Skip(1), (before, after) => after - before), Is.All.EqualTo(50_000).Within(1));
    }

    [Test]
    public void Resets_break_off_what_runs_and_masks_leave_the_others_alone()
    {
        using (var environments = Registry.Make("pendulum", count: 3))
        using (var recorder = DemonstrationRecorder.Create(_path, environments))
        {
            environments.Reset();
            recorder.AfterReset();
            Play(environments, recorder, 30);
            environments.Reset(mask: [false, true, false]);
            recorder.AfterReset(mask: [false, true, false]);
            Play(environments, recorder, 20);
        }
        using var demonstration = Demonstration.Open(_path);
        Assert.That(demonstration.Episodes.Select(episode => (episode.Lane, episode.Length, episode.Ending)), Is.EqualTo(new[]
        {
            (0, 50, EpisodeEnding.Stopped), (1, 30, EpisodeEnding.Reset), (2, 50, EpisodeEnding.Stopped), (1, 20, EpisodeEnding.Stopped),
        }));
        Assert.That(demonstration.Check().Select(result => result.Verdict), Is.All.EqualTo(ReplayVerdict.Exact));
    }

    [Test]
    public void An_environment_that_stands_still_after_its_end_adds_nothing_to_the_episode()
    {
        using (var environments = Rocket.Definition.Create(new() { Autoreset = AutoresetMode.Disabled }))
        using (var recorder = DemonstrationRecorder.Create(_path, environments))
        {
            environments.Reset();
            recorder.AfterReset();
            Play(environments, recorder, 300);
        }
        using var demonstration = Demonstration.Open(_path);
        Assert.That(demonstration.Episodes.Single().IsComplete, Is.True);
        Assert.That(demonstration.Episodes[0].Length, Is.LessThanOrEqualTo(100));
        Assert.That(demonstration.Check(definition: Rocket.Definition).Single().Verdict, Is.EqualTo(ReplayVerdict.Exact));
    }

    [Test]
    public void A_hidden_episode_stays_in_the_file_and_no_longer_counts()
    {
        using (var environments = Registry.Make("cartpole"))
        using (var recorder = DemonstrationRecorder.Create(_path, environments))
        {
            environments.Reset();
            recorder.AfterReset();
            Play(environments, recorder, 200);
            recorder.Hide(1);
        }
        using var demonstration = Demonstration.Open(_path);
        Assert.That(demonstration.All[1].IsHidden, Is.True);
        Assert.That(demonstration.Episodes.Select(episode => episode.Number), Does.Not.Contain(1).And.Contain(0).And.Contain(2));
    }

    [Test]
    public void The_same_episodes_are_recorded_whatever_the_size_of_the_batch()
    {
        var sets = new List<(float[] Rewards, ulong Seed)[]>();
        foreach (int count in (int[])[1, 3, 16])
        {
            string path = _folder.File($"{count}.simdemo");
            using (var environments = Registry.Make("mountain-car-continuous", new EnvironmentOptions { Count = count, Autoreset = AutoresetMode.Disabled }))
            using (var recorder = DemonstrationRecorder.Create(path, environments))
            using (var actor = new Swinger())
            {
                var progress = new RecordingLoop(environments, recorder, actor, new() { Episodes = 7, Seed = 40 }).Run();
                Assert.That((progress.Episodes, progress.Kept), Is.EqualTo((7, 7)));
            }
            using var demonstration = Demonstration.Open(path);
            sets.Add([.. demonstration.ReadAll(demonstration.Episodes).Select(rows => (rows.Rewards.ToArray(), rows.Episode.Start.Seed)).OrderBy(episode => episode.Seed)]);
        }
        Assert.That(sets[0].Select(episode => episode.Seed), Is.EqualTo(Enumerable.Range(40, 7)));
        foreach (var other in sets.Skip(1))
            Assert.That(other.Select(episode => episode.Rewards), Is.EqualTo(sets[0].Select(episode => episode.Rewards)));
    }

    [Test]
    public void What_cannot_be_recorded_is_refused_and_nothing_is_left()
    {
        using var next = Registry.Make("cartpole", new EnvironmentOptions { Autoreset = AutoresetMode.NextStep });
        Assert.That(() => DemonstrationRecorder.Create(_path, next), Throws.ArgumentException.With.Message.Contains("NextStep"));
        using var environments = Registry.Make("cartpole");
        Assert.That(() => DemonstrationRecorder.Create(_path, environments, new() { CheckpointEvery = 0 }), Throws.ArgumentException.With.Message.Contains("every 0 steps"));
        Assert.That(File.Exists(_path), Is.False);
        using (var recorder = DemonstrationRecorder.Create(_path, environments))
        {
            environments.Reset();
            Assert.That(() => recorder.AfterStep(), Throws.InvalidOperationException);
            recorder.AfterReset();
            Assert.That(() => recorder.Label(3, success: true), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("there is no episode 3"));
            Assert.That(() => recorder.Label(0, quality: 6), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("quality 6"));
        }
        Assert.That(() => DemonstrationRecorder.Create(_path, environments), Throws.InstanceOf<IOException>(), "nothing is overwritten");
        using var other = Registry.Make("pendulum");
        Assert.That(() => DemonstrationRecorder.Append(_path, other), Throws.ArgumentException.With.Message.Contains("pendulum"));
        using var heavier = Registry.Make("cartpole", new EnvironmentOptions(), new Sim.Environments.Classic.CartPoleSettings { CartMass = 2 });
        Assert.That(() => DemonstrationRecorder.Append(_path, heavier), Throws.ArgumentException.With.Message.Contains("cart_mass"));
    }

    [Test]
    public void A_disk_that_fails_is_heard_of_where_steps_are_taken()
    {
        using var environments = Registry.Make("quadrotor-hover", count: 512);
        var file = ChunkAppender.Create(_path);
        var recorder = DemonstrationRecorder.Start(file, environments, new() { WriteEvery = TimeSpan.FromTicks(1) });
        environments.Reset();
        recorder.AfterReset();
        Play(environments, recorder, 10);
        // The file goes away below the writer, as a disk that is pulled out.
        file.Dispose();
        Assert.That(() => Play(environments, recorder, 10_000), Throws.InstanceOf<IOException>().With.Message.Contains("could not be written"));
        Assert.That(recorder.Close, Throws.InstanceOf<IOException>());
        using var demonstration = Demonstration.Open(_path);
        Assert.That(demonstration.Check().Select(result => result.Verdict), Is.All.EqualTo(ReplayVerdict.Exact), "what was written before is there");
    }

    private static void Play(BatchEnvironment environments, DemonstrationRecorder recorder, int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            RandomActions.Fill(environments, seed: 2, step);
            environments.Step();
            recorder.AfterStep();
        }
    }

    private static int StepsOf(string path)
    {
        using var demonstration = Demonstration.Open(path);
        return demonstration.Episodes.Sum(episode => episode.Length);
    }

    /// <summary>Pushes the way the car moves.</summary>
    private sealed class Swinger : IActor
    {
        public void Act(BatchEnvironment environments)
        {
            for (int lane = 0; lane < environments.Count; lane++) environments.Actions[lane] = environments.Observations.Row(lane)[1] < 0 ? -1 : 1;
        }

        public void Dispose()
        {
        }
    }
}
