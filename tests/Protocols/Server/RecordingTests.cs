using NUnit.Framework;
using Sim.Environments;
using Sim.Protocols.Client;
using Sim.Protocols.Demonstrations;
using Sim.Protocols.Messages;
using Sim.Protocols.Server;

namespace Sim.Tests.Protocols.Server;

/// <summary>A client's batch is recorded where the client never was, and replays exactly.</summary>
public sealed class RecordingTests
{
    private TemporaryFolder _folder = null!;
    private TestServer _server = null!;
    private SimClient _client = null!;

    [SetUp]
    public void Serve()
    {
        _folder = new TemporaryFolder();
        _server = new TestServer(new ServerSettings { Recordings = new RecordingRules(_folder.Path) });
        _client = _server.Connect(new ClientOptions { Name = "operator-7" });
    }

    [TearDown]
    public void End()
    {
        _client.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void What_a_client_does_is_recorded_and_replays_exactly()
    {
        using (var remote = Make("cartpole", 3))
        {
            remote.Reset(seed: 5);
            for (int step = 0; step < 120; step++)
            {
                RandomActions.Fill(remote, 1, step);
                remote.Step();
            }
            remote.Restore(1, remote.Snapshot(0));
            remote.Reset(options: new Dictionary<string, string> { ["low"] = "-0.01", ["high"] = "0.01" }, mask: [false, false, true]);
            remote.BeginEpisode(0, new EpisodeStart(99, 4));
            for (int step = 0; step < 60; step++)
            {
                RandomActions.Fill(remote, 2, step);
                remote.Step();
            }
        }
        using var demonstration = Demonstration.Open(_folder.File("a.simdemo"));
        Assert.That(demonstration.Sessions[0].Message.Operator, Is.EqualTo("operator-7"));
        Assert.That(demonstration.EpisodeCount, Is.GreaterThan(10));
        Assert.That(demonstration.Check().Select(result => result.Verdict), Is.All.EqualTo(ReplayVerdict.Exact));
    }

    [Test]
    public void Inputs_and_labels_of_a_person_stand_beside_the_actions()
    {
        using (var remote = Make("pendulum", 1, "human"))
        {
            remote.Reset();
            Assert.That(() => remote.Annotate([], new EpisodeLabelMessage { Success = true }), Refused(ErrorCode.InvalidArgument), "nothing has happened yet");
            for (int step = 0; step < 230; step++)
            {
                remote.Annotate([new HumanEventMessage { Device = "pad", DeviceMilliseconds = step, Kind = "axis", Code = 2, Values = [step / 200f, -1] }]);
                remote.Actions[0] = step / 200f;
                remote.Step();
                if (step == 199) remote.Annotate([], new EpisodeLabelMessage { Success = true, Quality = 4, Notes = "swung up" });
            }
            Assert.That(() => remote.Annotate([new HumanEventMessage { Kind = "thought" }]), Refused(ErrorCode.InvalidArgument));
            Assert.That(() => remote.Annotate([new HumanEventMessage { Kind = "mark", Lane = 1 }]), Refused(ErrorCode.InvalidArgument));
            Assert.That(() => remote.Annotate([], new EpisodeLabelMessage { Quality = 6 }), Refused(ErrorCode.InvalidArgument));
            remote.Annotate([], new EpisodeLabelMessage { Discard = true });
        }
        using var demonstration = Demonstration.Open(_folder.File("a.simdemo"));
        var first = demonstration.All[0];
        Assert.That((first.Success, first.Quality, first.Note, first.IsHidden), Is.EqualTo(((bool?)true, (int?)4, "swung up", false)));
        Assert.That(demonstration.All[1].IsHidden, Is.True);
        var inputs = demonstration.ReadEvents(first).ToList();
        Assert.That(inputs, Has.Count.EqualTo(400));
        Assert.That((inputs[3].Code, inputs[3].Value, inputs[3].Step, inputs[3].DeviceMilliseconds, inputs[3].Kind), Is.EqualTo((3, -1f, 1ul, 1.0, InputKind.Axis)));
    }

    [Test]
    public void Names_that_would_leave_the_folder_or_overwrite_are_refused()
    {
        foreach (string name in (string[])["../a.simdemo", "/tmp/a.simdemo", "a", ".simdemo", ".hidden.simdemo", "a/b.simdemo", "a\0.simdemo", new string('x', 200) + ".simdemo"])
            Assert.That(() => _client.Make("cartpole", new RemoteOptions { Record = name }), Refused(ErrorCode.InvalidArgument), name);
        using (Make("cartpole", 1)) { }
        byte[] before = File.ReadAllBytes(_folder.File("a.simdemo"));
        Assert.That(() => Make("cartpole", 1), Refused(ErrorCode.InvalidArgument));
        Assert.That(File.ReadAllBytes(_folder.File("a.simdemo")), Is.EqualTo(before));
        using var plain = new TestServer();
        using var client = plain.Connect();
        Assert.That(() => client.Make("cartpole", new RemoteOptions { Record = "a.simdemo" }), Refused(ErrorCode.NotSupported));
        using var unrecorded = client.Make("cartpole");
        Assert.That(() => unrecorded.Annotate([]), Refused(ErrorCode.NotSupported));
    }

    [Test]
    public void A_client_that_dies_leaves_a_file_that_opens()
    {
        using (var dying = _server.Connect())
        {
            var remote = dying.Make("cartpole", new RemoteOptions { Record = "b.simdemo" });
            remote.Reset();
            for (int step = 0; step < 20; step++) remote.Step();
        }
        _server.WaitForSessions(1);
        using var demonstration = Demonstration.Open(_folder.File("b.simdemo"));
        Assert.That(demonstration.EndStep, Is.EqualTo(20ul));
    }

    private RemoteEnvironment Make(string id, int count, string source = "policy")
        => _client.Make(id, new RemoteOptions { Count = count, Record = "a.simdemo", Source = source });

    private static NUnit.Framework.Constraints.EqualStringConstraint Refused(string code)
        => Throws.InstanceOf<WireException>().With.Property("Code").EqualTo(code);
}
