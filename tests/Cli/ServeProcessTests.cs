using System.Net.Sockets;
using NUnit.Framework;
using Sim.Agents.Policies;
using Sim.Agents.Runs;
using Sim.Environments;
using Sim.Protocols.Client;
using Sim.Protocols.Demonstrations;
using Sim.Protocols.Messages;
using Sim.Protocols.Wire;

namespace Sim.Tests.Cli;

/// <summary>The servers from the shell's side: what they say, what ends them, what they refuse.</summary>
public sealed class ServeProcessTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    private string Address => $"unix://{_folder.File("socket")}";

    [Test]
    public void It_serves_until_the_first_interruption_and_says_what_it_has_done()
    {
        using var process = new SimProcess(_folder.Path, $"serve --listen {Address} tcp://127.0.0.1:0");
        process.WaitForLine($"listening on {Address}");
        process.WaitForLine("listening on tcp://127.0.0.1:");
        using (var client = SimClient.Connect(WireAddress.Parse(Address)))
        {
            using var remote = client.Make("cartpole", new RemoteOptions { Count = 10 });
            remote.Reset();
            for (int step = 0; step < 20; step++) remote.Step();
            process.Interrupt();
            var (code, output, error) = process.End();
            Assert.That(code, Is.EqualTo(130), error);
            Assert.That(output, Does.Contain("draining").And.Contain("1 sessions").And.Contain("200 environment steps"));
        }
        Assert.That(File.Exists(_folder.File("socket")), Is.False);
    }

    [Test]
    public void It_ends_with_the_program_that_started_it()
    {
        using var process = new SimProcess(_folder.Path, $"serve --lifeline --json --listen {Address}");
        process.WaitForLine($"{{\"listening\":[\"{Address}\"],\"metrics\":null}}");
        process.CloseInput();
        Assert.That(process.End().Code, Is.Zero);
    }

    [Test]
    public void Counters_are_a_page_that_prometheus_reads()
    {
        int port = FreePort();
        using var process = new SimProcess(_folder.Path, $"serve --listen {Address} --metrics 127.0.0.1:{port}");
        process.WaitForLine($"metrics at http://127.0.0.1:{port}/metrics");
        using var client = SimClient.Connect(WireAddress.Parse(Address));
        using var remote = client.Make("cartpole", new RemoteOptions { Count = 7 });
        remote.Reset();
        remote.Step();
        Assert.That(() => client.Make("nothing"), Throws.InstanceOf<WireException>());
        using var web = new HttpClient();
        string page = web.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics")).GetAwaiter().GetResult();
        Assert.That(page, Does.Match(@"sim_server_environment_steps\S* 7\b"));
        Assert.That(page, Does.Match(@"sim_server_environments\S* 7\b"));
        Assert.That(page, Does.Match(@"sim_server_errors_total\{[^}]*code=""unknown_environment""[^}]*\} 1\b"));
    }

    [TestCase("serve --listen tcp://0.0.0.0:0", "token")]
    [TestCase("serve --listen 127.0.0.1:5555", "tcp://127.0.0.1:5555")]
    [TestCase("serve --listen tcp://127.0.0.1:0 --metrics here", "--metrics here is not valid")]
    [TestCase("serve --listen tcp://127.0.0.1:0 --tls-cert missing.pem", "there is no file missing.pem")]
    [TestCase("serve --max-sessions 0", "--max-sessions 0 is not valid: expected a whole number, 1 to 10000")]
    [TestCase("serve-policy runs/none", "holds no run")]
    public void What_cannot_be_served_is_bad_input(string line, string message)
    {
        var (code, output, error) = SimProcess.Run(_folder.Path, line);
        Assert.That((code, output), Is.EqualTo((2, "")), error);
        Assert.That(error, Does.Contain(message));
    }

    [Test]
    public void A_taken_address_is_a_failure_that_names_it()
    {
        using var holder = new TcpListener(System.Net.IPAddress.Loopback, 0);
        holder.Start();
        string address = $"tcp://127.0.0.1:{((System.Net.IPEndPoint)holder.LocalEndpoint).Port}";
        var (code, _, error) = SimProcess.Run(_folder.Path, $"serve --listen {address}");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(error, Does.Contain(address));
    }

    [Test]
    public void A_token_may_come_from_the_environment()
    {
        using var process = new SimProcess(_folder.Path, $"serve --listen {Address}", ("SIM_TOKEN", "open sesame"));
        process.WaitForLine("listening");
        Assert.That(() => SimClient.Connect(WireAddress.Parse(Address)), Throws.InstanceOf<WireException>());
        using var client = SimClient.Connect(WireAddress.Parse(Address), new ClientOptions { Token = "open sesame" });
    }

    [Test]
    public void A_served_policy_acts_as_the_run_acts()
    {
        const string Small = "train pendulum --agent ppo --envs 16 --threads 1 --steps 2048 --set rollout_steps=16 minibatch=64 hidden=16,16 --out run";
        Assert.That(SimProcess.Run(_folder.Path, Small).Code, Is.Zero);
        using var process = new SimProcess(_folder.Path, $"serve-policy run --listen {Address}");
        process.WaitForLine("listening");
        using var client = SimClient.Connect(WireAddress.Parse(Address));
        using RemotePolicy there = client.Policy();
        using Policy here = RunFolder.Open(_folder.File("run")).LoadPerceptron();
        Assert.That(there.Spec.Id, Is.EqualTo("pendulum"));
        using var environments = Registry.Make("pendulum", count: 9, seed: 3);
        environments.Reset();
        for (int step = 0; step < 30; step++)
        {
            there.Act(environments);
            float[] actions = environments.Actions.ToArray();
            here.Act(environments);
            Assert.That(environments.Actions.ToArray(), Is.EqualTo(actions));
            environments.Step();
        }
    }

    [Test]
    public void The_way_to_a_server_is_measured_beside_grpc_and_the_process_itself()
    {
        var cost = SimProcess.Result(_folder.Path, "bench wire cartpole --envs 64 --transport unix");
        Assert.That(cost.EnumerateObject().Select(property => property.Name),
            Is.EqualTo(new[] { "transport", "median_us", "p99_us", "grpc_median_us", "env_steps_per_second", "in_process_env_steps_per_second" }));
        Assert.That(cost.EnumerateObject().Skip(1).Select(property => property.Value.GetDouble()), Is.All.GreaterThan(0));
    }

    [Test]
    public void A_killed_server_leaves_recordings_that_open()
    {
        using var process = new SimProcess(_folder.Path, $"serve --listen {Address} --recordings kept");
        process.WaitForLine("listening");
        using var client = SimClient.Connect(WireAddress.Parse(Address));
        using var remote = client.Make("cartpole", new RemoteOptions { Record = "a.simdemo" });
        remote.Reset();
        for (int step = 0; step < 50; step++) remote.Step();
        // A recording is on its way to the disk after a second at the latest.
        Thread.Sleep(1500);
        remote.Step();
        Thread.Sleep(1500);
        process.Kill();
        using var demonstration = Demonstration.Open(Path.Combine(_folder.Path, "kept", "a.simdemo"));
        Assert.That(demonstration.Condition, Is.EqualTo(DemonstrationCondition.Recovered));
        Assert.That(demonstration.All.Sum(episode => episode.Length), Is.GreaterThanOrEqualTo(50));
    }

    [Test]
    public void A_person_far_away_is_recorded_until_there_are_enough_episodes()
    {
        using var process = new SimProcess(_folder.Path, $"demo record quadrotor-hover --listen {Address} --episodes 2 --set episode_steps=20 --operator pilot-3 --out flown.simdemo");
        process.WaitForLine("listening");
        using var client = SimClient.Connect(WireAddress.Parse(Address));
        using var remote = client.Make("quadrotor-hover", new RemoteOptions { Seed = 4, Source = "human" });
        using var second = SimClient.Connect(WireAddress.Parse(Address));
        Assert.That(() => second.Make("quadrotor-hover"), Throws.InstanceOf<WireException>().With.Property("Code").EqualTo(ErrorCode.LimitExceeded), "one controller at a time");
        remote.Reset();
        for (int step = 0; step < 40; step++)
        {
            RandomActions.Fill(remote, 1, step);
            remote.Annotate([new HumanEventMessage { Device = "pad", Kind = "button", Code = 1, Values = [1] }]);
            remote.Step();
        }
        var (code, output, error) = process.End();
        Assert.That(code, Is.Zero, error);
        Assert.That(output, Does.Contain("2 episodes kept in flown.simdemo"));
        var (verified, report, _) = SimProcess.Run(_folder.Path, "demo verify flown.simdemo");
        Assert.That(verified, Is.Zero, report);
        using var demonstration = Demonstration.Open(_folder.File("flown.simdemo"));
        Assert.That(demonstration.Sessions[0].Message.Operator, Is.EqualTo("pilot-3"));
        Assert.That(demonstration.ReadEvents(demonstration.All[1]).Count(), Is.EqualTo(20));
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(System.Net.IPAddress.Loopback, 0);
        probe.Start();
        return ((System.Net.IPEndPoint)probe.LocalEndpoint).Port;
    }
}
