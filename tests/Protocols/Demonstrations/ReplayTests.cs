using System.Runtime.InteropServices;
using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Classic;
using Sim.Protocols.Demonstrations;
using Sim.Protocols.Demonstrations.Files;
using Sim.Protocols.Demonstrations.Rows;

namespace Sim.Tests.Protocols.Demonstrations;

/// <summary>A recording, played again, is what was recorded: to the bit, or with the step named where it is not.</summary>
public sealed class ReplayTests
{
    private TemporaryFolder _folder = null!;
    private string _path = "", _other = "";

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TemporaryFolder();
        (_path, _other) = (_folder.File("a.simdemo"), _folder.File("b.simdemo"));
    }

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    private static IEnumerable<string> Ids => Registry.All.Select(definition => definition.Id);

    [TestCaseSource(nameof(Ids))]
    public void A_recording_of_every_environment_replays_exactly_at_any_lane_width_and_thread_count(string id)
    {
        SampleRecording.Of(_path, id, count: 19, steps: 260, environmentOptions: new() { Lanes = 8, Threads = 2 }, options: new() { CheckpointEvery = 7 });
        using var demonstration = Demonstration.Open(_path);
        Assert.That(demonstration.Episodes, Is.Not.Empty);
        foreach (int lanes in (int[])[1, 8, 16])
        {
            foreach (int threads in (int[])[1, 3])
                Assert.That(demonstration.Check(lanes: lanes, threads: threads).Select(result => result.Verdict), Is.All.EqualTo(ReplayVerdict.Exact), $"width {lanes}, {threads} threads");
        }
        // One at a time: the batch changes no bit either.
        foreach (var episode in demonstration.Episodes.Take(5))
            Assert.That(demonstration.Check([episode]).Single(), Is.EqualTo(new ReplayResult(episode.Number, ReplayVerdict.Exact, episode.Length)));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(49)]
    [TestCase(50)]
    [TestCase(123)]
    public void One_flipped_mantissa_bit_of_an_action_is_found_at_its_step(int step)
    {
        SampleRecording.Of(_path, "quadrotor-hover", steps: 200);
        FlipActionBit(step);
        Assert.That(Demonstration.CheckBytes(_other), Is.Empty, "the checksums fit: only a replay can tell");
        using var demonstration = Demonstration.Open(_other);
        var hit = demonstration.Episodes.Single(episode => (int)episode.FirstStep <= step && step < (int)episode.FirstStep + episode.Length);
        foreach (var result in demonstration.Check())
        {
            if (result.Episode != hit.Number)
            {
                Assert.That(result.Verdict, Is.EqualTo(ReplayVerdict.Exact));
                continue;
            }
            Assert.That((result.Verdict, result.Divergence!.Step), Is.EqualTo((ReplayVerdict.Diverged, step - (int)hit.FirstStep)));
            Assert.That(result.Divergence.Agreed, Is.EqualTo(result.Divergence.Step), "the state was the same up to this step");
        }
    }

    [Test]
    public void Without_hashes_of_every_step_the_cause_is_narrowed_down_to_two_states()
    {
        // The reward of cartpole does not tell one action from another; only states do.
        SampleRecording.Of(_path, "cartpole", steps: 40, settings: new CartPoleSettings { AngleLimit = 3, PositionLimit = 50 },
            options: new() { StepHashes = false, CheckpointEvery = 10 });
        RewrittenFile.Write(_path, _other, (type, _, payload) =>
        {
            if (type == ChunkType.Steps) ActionOf(payload, 23, _path)[0] ^= 1;
            return payload;
        });
        using var demonstration = Demonstration.Open(_other);
        var divergence = demonstration.Check().Single().Divergence!;
        Assert.That((divergence.What, divergence.Agreed, divergence.Step), Is.EqualTo(("state", 20, 29)));
        Assert.That(divergence.State, Is.Not.Null, "whole states were kept");
        Assert.That((divergence.State!.Step, divergence.State.Absolute > 0), Is.EqualTo((30, true)));
    }

    [Test]
    public void A_changed_reward_bit_is_found_at_its_step()
    {
        SampleRecording.Of(_path, "pendulum", steps: 150);
        RewrittenFile.Write(_path, _other, (type, _, payload) =>
        {
            if (type == ChunkType.Steps) CellOf(payload, 77, _path, layout => layout.Reward)[0] ^= 1;
            return payload;
        });
        using var demonstration = Demonstration.Open(_other);
        var divergence = demonstration.Check().Single().Divergence!;
        Assert.That((divergence.What, divergence.Step), Is.EqualTo(("reward", 77)));
    }

    [Test]
    public void Another_version_or_foreign_settings_are_unsupported_not_wrong()
    {
        SampleRecording.Of(_path, "pendulum", steps: 50);
        foreach (var (change, word) in new (Func<SessionMessage, SessionMessage>, string)[]
        {
            (session => session with { Spec = session.Spec with { Version = 99 } }, "version"),
            (session => session with { Spec = session.Spec with { Id = "pendulom" } }, "pendulum"),
            (session => session with { Spec = session.Spec with { Settings = "{\"wind\": 3}" } }, "wind"),
            (session => session with { Determinism = "D0" }, "promised"),
            (session => session with { StateBytes = session.StateBytes - 4 }, "bytes"),
        })
        {
            File.Delete(_other);
            RewrittenFile.Write(_path, _other, (type, _, payload) => type == ChunkType.Session ? Changed(payload, change) : payload);
            using var demonstration = Demonstration.Open(_other);
            var result = demonstration.Check().Single();
            Assert.That((result.Verdict, result.Steps), Is.EqualTo((ReplayVerdict.Unsupported, 0)));
            Assert.That(result.Obstacle, Does.Contain(word));
            Assert.That(() => demonstration.ToEpisodes().Episodes.Count(), Throws.TypeOf<InvalidDataException>().With.Message.Contains("cannot be given back"));
        }
    }

    [Test]
    public void Settings_that_came_later_take_their_default()
    {
        SampleRecording.Of(_path, "pendulum", steps: 50);
        RewrittenFile.Write(_path, _other, (type, _, payload) => type == ChunkType.Session
            ? Changed(payload, session => session with { Spec = session.Spec with { Settings = "{}" } }) : payload);
        using var demonstration = Demonstration.Open(_other);
        Assert.That(demonstration.Check().Single().Verdict, Is.EqualTo(ReplayVerdict.Exact));
    }

    [Test]
    public void A_branch_goes_on_from_the_state_of_its_parent_and_replays_exactly()
    {
        SampleRecording.Of(_path, "pendulum", steps: 200);
        using var demonstration = Demonstration.Open(_path);
        var parent = demonstration.Episodes[0];
        foreach (int step in (int[])[0, 49, 50, 73])
        {
            var branch = BranchPoint.Of(demonstration, parent, step);
            string path = _folder.File($"branch-{step}.simdemo");
            using (var environments = branch.Definition.Create(new() { Autoreset = AutoresetMode.Disabled }, branch.Settings))
            using (var recorder = DemonstrationRecorder.Create(path, environments))
            using (var actor = new RepeatingActor(demonstration.Read(parent), step))
            {
                var loop = new RecordingLoop(environments, recorder, actor, new() { Episodes = 0 });
                loop.Branch(branch.Snapshot, branch.Parent);
                loop.Run();
            }
            using var branched = Demonstration.Open(path);
            var episode = branched.Episodes.Single();
            Assert.That(episode.Parent, Is.EqualTo(new EpisodeParent(demonstration.Sessions[0].Message.Id, parent.Number, step)));
            Assert.That((episode.Length, episode.IsComplete, episode.HasSnapshot), Is.EqualTo((parent.Length - step, true, true)));
            Assert.That(branched.Read(episode).Rewards.ToArray(), Is.EqualTo(demonstration.Read(parent).Rewards[step..].ToArray()), "the same actions from the same state");
            Assert.That(branched.Check().Single().Verdict, Is.EqualTo(ReplayVerdict.Exact));
            Assert.That(branched.ToEpisodes().Episodes.Single().Start, Is.Null, "no seed leads to its start");
        }
    }

    /// <summary>Does what was recorded, from some step on.</summary>
    private sealed class RepeatingActor(EpisodeRows rows, int from) : IActor
    {
        private readonly float[] _actions = MemoryMarshal.Cast<byte, float>(rows.Actions).ToArray();
        private int _step = from;

        public void Act(BatchEnvironment environments) => environments.Actions[0] = _actions[_step++];

        public void Dispose()
        {
        }
    }

    private void FlipActionBit(int step)
    {
        RewrittenFile.Write(_path, _other, (type, _, payload) =>
        {
            // The lowest bit of the mantissa of the first motor's command.
            if (type == ChunkType.Steps) ActionOf(payload, step, _path)[0] ^= 1;
            return payload;
        });
    }

    private static Span<byte> ActionOf(byte[] payload, int step, string path) => CellOf(payload, step, path, layout => layout.Action);

    private static Span<byte> CellOf(byte[] payload, int step, string path, Func<StepLayout, StepColumn> which)
    {
        using var demonstration = Demonstration.Open(path);
        var layout = demonstration.Sessions[0].Layout;
        var inside = new Payload(payload, path);
        var message = inside.Header<StepsMessage>();
        int at = payload.Length - inside.Data.Length;
        foreach (var column in layout.Columns.TakeWhile(column => column != which(layout)))
            at += (message.Present >> column.Place & 1) == 0 ? 0 : message.Steps * column.StepBytes;
        return payload.AsSpan(at + (step * which(layout).StepBytes));
    }

    private static byte[] Changed(byte[] payload, Func<SessionMessage, SessionMessage> change)
    {
        var buffer = new PayloadBuffer();
        Payload.WriteHeader(buffer, change(new Payload(payload, "test").Header<SessionMessage>()));
        return buffer.Written.ToArray();
    }
}
