using NUnit.Framework;
using Sim.Agents.Ppo;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Protocols.Client;
using Sim.Protocols.Messages;
using Sim.Protocols.Server;
using Sim.Tests.Environments.Contract;
using Sim.Tests.Protocols.Server;

namespace Sim.Tests.Protocols.Client;

/// <summary>A batch on a server is the batch itself, bit for bit.</summary>
public sealed class RemoteEnvironmentTests
{
    private static IEnumerable<TestCaseData> Ways()
        => from id in (string[])["quadrotor-hover", "cartpole", "parcel"]
           from mode in Enum.GetValues<AutoresetMode>()
           from way in (string[])["unix", "tcp", "shared"]
           select new TestCaseData(id, mode, way);

    [TestCaseSource(nameof(Ways))]
    public void Every_way_shows_what_the_batch_itself_shows(string id, AutoresetMode mode, string way)
    {
        EnvironmentDefinition[] offered = [.. Registry.All, Parcel.Definition];
        using var server = new TestServer(new ServerSettings { Environments = offered }, way == "tcp" ? "tcp://127.0.0.1:0" : null);
        using var client = server.Connect();
        var options = new RemoteOptions { Count = 5, Seed = 7, Autoreset = mode, Privileged = true, SharedMemory = way == "shared" };
        using var remote = client.Make(id, options);
        using var local = Registry.Find(id, offered).Create(new EnvironmentOptions { Count = 5, Seed = 7, Autoreset = mode, Privileged = true });
        Assert.That(remote.IsShared, Is.EqualTo(way == "shared"));

        remote.Reset();
        local.Reset();
        int ended = 0;
        bool[] mask = new bool[5];
        for (int step = 0; step < 600; step++)
        {
            RandomActions.Fill(local, seed: 3, step);
            RandomActions.Fill(remote, seed: 3, step);
            local.Step();
            remote.Step();
            AssertSame(remote, local, $"step {step}");
            for (int lane = 0; lane < 5; lane++)
            {
                mask[lane] = local.Terminated[lane] || local.Truncated[lane];
                if (mask[lane]) ended++;
            }
            if (mode != AutoresetMode.Disabled || !mask.Contains(true) || step % 7 != 0) continue;
            remote.Reset(mask: mask);
            local.Reset(mask: mask);
            AssertSame(remote, local, $"the reset after step {step}");
        }
        Assert.That(ended, Is.GreaterThan(3), "the run must contain ends of episodes");
    }

    [Test]
    public void Snapshots_clones_and_episode_starts_continue_as_at_home()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        using var remote = client.Make("quadrotor-hover", new RemoteOptions { Count = 3, Seed = 5 });
        using var local = Registry.Make("quadrotor-hover", count: 3, seed: 5);
        Both(environments => environments.Reset());
        for (int step = 0; step < 20; step++) Both(environments => Play(environments, step));

        var (remoteSnapshot, localSnapshot) = (remote.Snapshot(1), local.Snapshot(1));
        Assert.That(remoteSnapshot.Data.ToArray(), Is.EqualTo(localSnapshot.Data.ToArray()));
        Assert.That(remoteSnapshot.Environment, Is.EqualTo(localSnapshot.Environment));
        using var clone = remote.Clone();
        for (int step = 20; step < 30; step++)
        {
            Both(environments => Play(environments, step));
            Play(clone, step);
        }
        AssertSame(remote, local, "after the snapshot");
        AssertSame(clone, local, "the clone");

        remote.Restore(2, localSnapshot);
        local.Restore(2, remoteSnapshot);
        AssertSame(remote, local, "a snapshot in another lane");
        var start = new EpisodeStart(123_456_789_012_345, 41);
        Both(environments => environments.BeginEpisode(0, start, new Dictionary<string, string> { ["start_angle"] = "0.1" }));
        AssertSame(remote, local, "a chosen episode");
        Assert.That((remote.EpisodeOf(0), remote.EpisodeOf(1)), Is.EqualTo((start, local.EpisodeOf(1))));
        for (int step = 30; step < 40; step++) Both(environments => Play(environments, step));
        AssertSame(remote, local, "after it");

        void Both(Action<BatchEnvironment> act)
        {
            act(remote);
            act(local);
        }
    }

    [Test]
    public void Two_steps_may_be_under_way()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        foreach (bool shared in (bool[])[true, false])
        {
            using var remote = client.Make("pendulum", new RemoteOptions { Count = 4, Seed = 1, SharedMemory = shared });
            using var local = Registry.Make("pendulum", count: 4, seed: 1);
            remote.Reset();
            local.Reset();
            RandomActions.Fill(remote, 1, 0);
            remote.BeginStep();
            for (int step = 1; step < 50; step++)
            {
                RandomActions.Fill(remote, 1, step);
                remote.BeginStep();
                Assert.That(remote.BeginStep, Throws.InvalidOperationException);
                remote.EndStep();
                Play(local, step - 1, seed: 1);
                AssertSame(remote, local, $"step {step}");
            }
            Assert.That(() => remote.Snapshot(0), Throws.InvalidOperationException.With.Message.Contains("under way"));
            remote.EndStep();
            Assert.That(remote.EndStep, Throws.InvalidOperationException);
        }
    }

    [Test]
    public void An_agent_learns_on_it_what_it_learns_at_home()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        using var remote = client.Make("cartpole", new RemoteOptions { Count = 8, Seed = 2 });
        using var local = Registry.Make("cartpole", count: 8, seed: 2);
        Assert.That(Weights(remote), Is.EqualTo(Weights(local)));

        static float[] Weights(BatchEnvironment environments)
        {
            var settings = PpoPresets.SettingsFor(environments.Spec) with { Steps = 4096, RolloutSteps = 64 };
            using var agent = new Ppo(LearnerContext.Of(environments, settings, seed: 3), settings);
            agent.Begin();
            while (agent.Steps < 4096) agent.Iterate();
            return agent.Policy.Actor.Save().Parameters;
        }
    }

    [Test]
    public void Refusals_are_those_of_the_contract()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        using var remote = client.Make("pendulum", new RemoteOptions { Count = 2 });
        Assert.That(remote.Step, Throws.InvalidOperationException);
        Assert.That(() => remote.Snapshot(0), Throws.InvalidOperationException);
        Assert.That(() => remote.Reset(mask: [true]), Throws.ArgumentException);
        remote.Reset();
        Assert.That(() => remote.Reset(options: new Dictionary<string, string> { ["gravitty"] = "1" }), Throws.ArgumentException.With.Message.Contains("gravitty"));
        Assert.That(() => remote.Restore(0, new LaneSnapshot("pendulum v1", new byte[3])), Throws.ArgumentException);
        Assert.That(() => remote.Snapshot(2), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => remote.ComputeRewards([1], [1], new float[1]), Throws.InstanceOf<NotSupportedException>());
        remote.Actions[1] = float.NaN;
        Assert.That(remote.Step, Throws.InstanceOf<WireException>().With.Property("Code").EqualTo(ErrorCode.InvalidAction).And.Message.Contains("lane 1"));
        remote.Actions[1] = 0;
        Assert.That(remote.Step, Throws.Nothing);
    }

    [Test]
    public void A_step_allocates_nothing_on_either_side()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        foreach (bool shared in (bool[])[true, false])
        {
            using var remote = client.Make("cartpole", new RemoteOptions { Count = 300, SharedMemory = shared });
            remote.Reset();
            RandomActions.Fill(remote, 1);
            // Client and server are both in this process: other threads of the tests may allocate, ours would every time.
            Assert.That(Enumerable.Range(0, 30).Select(_ => Allocated(remote)).Min(), Is.Zero, shared ? "shared memory" : "socket");
        }

        static long Allocated(BatchEnvironment environments)
        {
            for (int step = 0; step < 100; step++) environments.Step();
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int step = 0; step < 100; step++) environments.Step();
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }
    }

    private static void Play(BatchEnvironment environments, int step, ulong seed = 9)
    {
        RandomActions.Fill(environments, seed, step);
        environments.Step();
    }

    private static void AssertSame(BatchEnvironment remote, BatchEnvironment local, string when)
    {
        Assert.That(remote.Shown.Select(group => group.Name), Is.EqualTo(local.Shown.Select(group => group.Name)));
        for (int group = 0; group < local.Shown.Count; group++)
            Assert.That(remote.Shown[group].Current.Bytes.SequenceEqual(local.Shown[group].Current.Bytes), Is.True, $"{local.Shown[group].Name}, {when}");
        Assert.That(remote.Rewards.SequenceEqual(local.Rewards), Is.True, $"rewards, {when}");
        for (int term = 0; term < local.Spec.RewardTerms.Count; term++)
            Assert.That(remote.RewardTerms(term).SequenceEqual(local.RewardTerms(term)), Is.True, $"{local.Spec.RewardTerms[term]}, {when}");
        Assert.That(remote.Terminated.SequenceEqual(local.Terminated), Is.True, $"terminated, {when}");
        Assert.That(remote.Truncated.SequenceEqual(local.Truncated), Is.True, $"truncated, {when}");
        Assert.That(remote.IsSuccess.SequenceEqual(local.IsSuccess), Is.True, $"success, {when}");
        for (int lane = 0; lane < local.Count; lane++)
        {
            if (!local.Terminated[lane] && !local.Truncated[lane]) continue;
            Assert.That((remote.EpisodeReturns[lane], remote.EpisodeLengths[lane]), Is.EqualTo((local.EpisodeReturns[lane], local.EpisodeLengths[lane])), when);
            for (int group = 0; group < local.Shown.Count; group++)
                Assert.That(remote.Shown[group].Final.RowBytes(lane).SequenceEqual(local.Shown[group].Final.RowBytes(lane)), Is.True, $"final {local.Shown[group].Name}, {when}");
            for (int term = 0; term < local.Spec.RewardTerms.Count; term++)
                Assert.That(remote.EpisodeTerms(term)[lane], Is.EqualTo(local.EpisodeTerms(term)[lane]), when);
        }
    }
}
