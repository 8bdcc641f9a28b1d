using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;
using Sim.Environments;
using Sim.Protocols.Client;
using Sim.Protocols.Messages;
using Sim.Protocols.Server;

namespace Sim.Tests.Protocols.Server;

/// <summary>Sessions live side by side, wait for each other in nothing, and end without a trace.</summary>
public sealed class SessionTests
{
    [Test]
    public void A_first_conversation_goes_as_the_page_says_byte_by_byte()
    {
        using var server = new TestServer();
        using var client = new RawClient(server.ConnectRaw());
        Assert.That(client.Greet().Body, Has.ItemAt(0).EqualTo(1).And.ItemAt(1).EqualTo("sim"));
        client.Send([0x05, 0, 0, 0, 0, 0, 0, 0, 0x93, 0x15, 0x07, 0x91, 0x00, 0, 0, 0]);
        var pong = client.Receive()!.Value;
        Assert.That((pong.Type, pong.Request, Convert.ToInt32(pong.Body[0])), Is.EqualTo(((int)MessageType.Pong, 7u, 0)));
    }

    [Test]
    public void Lists_and_descriptions_carry_what_the_registry_says()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        Assert.That(client.List().Select(row => row.Id), Is.EqualTo(Registry.All.Select(definition => definition.Id)));
        foreach (var definition in Registry.All)
        {
            var there = client.Describe(definition.Id);
            var here = definition.Describe(definition.DefaultSettings);
            Assert.That(there.Settings, Is.EqualTo(here.Settings));
            Assert.That((there.Id, there.Version, there.TimeLimit, there.ControlPeriod, there.RewardRange), Is.EqualTo((here.Id, here.Version, here.TimeLimit, here.ControlPeriod, here.RewardRange)));
            Assert.That((there.Observation.ToString(), there.Action.ToString()), Is.EqualTo((here.Observation.ToString(), here.Action.ToString())));
            Assert.That(there.ObservationBox.Labels, Is.EqualTo(here.ObservationBox.Labels));
        }
        Assert.That(client.Describe("pendulum", new Dictionary<string, string> { ["x_init"] = "1" }).Settings, Is.Not.EqualTo(client.Describe("pendulum").Settings));
    }

    [Test]
    public void Requests_sent_ahead_are_answered_in_their_order()
    {
        using var server = new TestServer();
        using var client = new RawClient(server.ConnectRaw());
        client.Greet();
        client.Call(MessageType.Make, ["pendulum", 1]);
        using var all = new MemoryStream();
        all.Write(RawClient.Frame((int)MessageType.Reset, 100, [1u, 3]));
        for (uint step = 1; step <= 500; step++)
            all.Write(RawClient.Frame((int)MessageType.Step, 100 + step, [1u, -1], BitConverter.GetBytes(step / 500f)));
        // Faster than the server: in one write, cut at places that are no ends of frames.
        var sending = Task.Run(() =>
        {
            byte[] bytes = all.ToArray();
            for (int at = 0; at < bytes.Length; at += 1013) client.Send(bytes.AsSpan(at, Math.Min(1013, bytes.Length - at)));
        });
        using var local = Registry.Make("pendulum", count: 1);
        local.Reset(3);
        for (uint answer = 0; answer <= 500; answer++)
        {
            if (answer > 0)
            {
                local.Actions[0] = answer / 500f;
                local.Step();
            }
            var (type, request, _, block) = client.Receive()!.Value;
            Assert.That((type, request), Is.EqualTo(((int)MessageType.Result, 100 + answer)));
            Assert.That(block.AsSpan(0, 12).SequenceEqual(local.Observations.Bytes), Is.True, $"answer {answer}");
        }
        sending.Wait();
    }

    [Test]
    public void A_client_that_does_not_read_holds_up_itself_alone()
    {
        using var server = new TestServer();
        using var greedy = new RawClient(server.ConnectRaw());
        greedy.Greet();
        greedy.Call(MessageType.Make, ["quadrotor-hover", 100]);
        greedy.Call(MessageType.Reset, [1u, 3]);
        byte[] frame = RawClient.Frame((int)MessageType.Step, 9, [1u, -1], new byte[1600]);
        var sending = Task.Run(() =>
        {
            for (int i = 0; i < 400; i++) greedy.Send(frame);
        });
        using var other = server.Connect();
        for (int i = 0; i < 200; i++) other.Ping();
        for (int i = 0; i < 400; i++) Assert.That(greedy.Receive()!.Value.Type, Is.EqualTo((int)MessageType.Result));
        sending.Wait();
    }

    [Test]
    public void A_client_that_dies_in_mid_step_frees_its_environments()
    {
        using var server = new TestServer();
        using var other = server.Connect();
        using var kept = other.Make("cartpole", new RemoteOptions { Count = 4 });
        kept.Reset();
        for (int i = 0; i < 10; i++)
        {
            var socket = server.ConnectRaw();
            using var client = new RawClient(socket);
            client.Greet();
            client.Call(MessageType.Make, ["quadrotor-hover", 1000, null, 0, null, false, false, 0, 2]);
            client.Call(MessageType.Reset, [1u, 3]);
            byte[] step = RawClient.Frame((int)MessageType.Step, 9, [1u, -1], new byte[16000]);
            client.Send(step);
            client.Send(step.AsSpan(0, 1000 * i));
            // The answer is on its way and half a request is there: the connection is cut without a word.
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }
        server.WaitForSessions(1);
        Assert.That(server.Server.Metrics.Environments, Is.EqualTo(4));
        Assert.That(kept.Step, Throws.Nothing);
    }

    [Test]
    public void A_server_that_ends_answers_what_it_was_asked_first()
    {
        using var server = new TestServer();
        using var client = new RawClient(server.ConnectRaw());
        client.Greet();
        client.Call(MessageType.Make, ["quadrotor-hover", 2000]);
        client.Call(MessageType.Reset, [1u, 3]);
        for (int i = 0; i < 5; i++) client.Send(RawClient.Frame((int)MessageType.Step, (uint)i, [1u, -1], new byte[32000]));
        var draining = Task.Run(server.Server.Drain);
        for (int i = 0; i < 5; i++) Assert.That(client.Receive()!.Value.Type, Is.EqualTo((int)MessageType.Result));
        Assert.That(client.Receive(), Is.Null);
        Assert.That(draining.Wait(TimeSpan.FromSeconds(20)), Is.True);
        Assert.That(() => server.Connect(), Throws.InstanceOf<IOException>());
    }

    [Test]
    public void A_second_server_on_one_socket_is_refused_and_a_dead_ones_socket_is_taken_over()
    {
        using var folder = new TemporaryFolder();
        string address = $"unix://{folder.File("socket")}";
        using (var first = new TestServer(address: address))
            Assert.That(() => new TestServer(address: address), Throws.InstanceOf<IOException>().With.Message.Contains("another server"));
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            dead.Bind(new UnixDomainSocketEndPoint(folder.File("socket")));
        using var second = new TestServer(address: address);
        using var client = second.Connect();
        File.WriteAllText(folder.File("precious"), "text");
        Assert.That(() => new TestServer(address: $"unix://{folder.File("precious")}"), Throws.InstanceOf<IOException>());
        Assert.That(File.ReadAllText(folder.File("precious")), Is.EqualTo("text"));
    }

    [Test]
    public void Steps_of_a_real_time_server_take_their_control_period()
    {
        using var server = new TestServer(new ServerSettings { RealTime = true });
        using var client = server.Connect();
        using var remote = client.Make("quadrotor-hover");
        remote.Reset();
        remote.Step();
        var clock = Stopwatch.StartNew();
        for (int step = 0; step < 30; step++) remote.Step();
        // A lower bound: a busy machine may be later, never earlier than a timer's grain.
        Assert.That(clock.Elapsed.TotalSeconds, Is.GreaterThan((30 * remote.Spec.ControlPeriod) - 0.02));
    }

    [Test]
    public void The_whole_conversation_can_be_inside_tls()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var server = new TestServer(new ServerSettings { Certificate = certificate, Token = "t", HelloTimeout = TimeSpan.FromSeconds(2) }, "tcp://127.0.0.1:0");
        var options = new ClientOptions { Tls = true, Token = "t", CheckCertificate = (_, seen, _, _) => seen!.GetCertHashString() == certificate.GetCertHashString() };
        using var client = server.Connect(options);
        using var remote = client.Make("quadrotor-hover", new RemoteOptions { Count = 300, SharedMemory = false });
        using var local = Registry.Make("quadrotor-hover", count: 300);
        remote.Reset();
        local.Reset();
        for (int step = 0; step < 5; step++)
        {
            remote.Step();
            local.Step();
        }
        Assert.That(remote.Observations.Bytes.SequenceEqual(local.Observations.Bytes), Is.True);
        Assert.That(() => server.Connect(options with { CheckCertificate = null }), Throws.InstanceOf<IOException>(), "nobody vouches for the certificate");
        using var plain = new RawClient(server.ConnectRaw());
        Assert.That(() => plain.Greet("t"), Throws.InstanceOf<Exception>(), "no word outside TLS is answered");
    }

    [Test]
    public void Observations_of_many_clients_are_answered_together()
    {
        using var gate = new SemaphoreSlim(0);
        int largest = 0;
        var definition = Registry.Find("cartpole");
        var policy = new PolicyService(definition.Describe(definition.DefaultSettings), (observations, rows, actions) =>
        {
            gate.Wait(TimeSpan.FromSeconds(20));
            largest = Math.Max(largest, rows);
            for (int row = 0; row < rows; row++) BitConverter.TryWriteBytes(actions[(row * 4)..], BitConverter.ToSingle(observations[(row * 16)..]) > 0 ? 1 : 0);
        });
        using var server = new TestServer(new ServerSettings { Policy = policy });
        const int Clients = 8;
        var asking = Enumerable.Range(0, Clients).Select(index => Task.Factory.StartNew(() =>
        {
            using var client = server.Connect();
            using var remote = client.Policy();
            byte[] observation = new byte[16], action = new byte[4];
            BitConverter.TryWriteBytes(observation, index % 2 == 0 ? 0.5f : -0.5f);
            remote.Act(observation, action);
            return BitConverter.ToInt32(action);
        }, TaskCreationOptions.LongRunning)).ToArray();
        var patience = Stopwatch.StartNew();
        while (server.Server.Metrics.OpenSessions < Clients && patience.Elapsed < TimeSpan.FromSeconds(20)) Thread.Sleep(10);
        Thread.Sleep(200);
        gate.Release(Clients);
        Assert.That(asking.Select(task => task.Result), Is.EqualTo(Enumerable.Range(0, Clients).Select(index => 1 - (index % 2))));
        Assert.That((largest, policy.Passes), Is.EqualTo((Clients - 1, 2L)), "one alone, the rest together");
    }

    [Test]
    public void A_policy_that_fails_answers_with_an_error_and_goes_on()
    {
        var definition = Registry.Find("cartpole");
        bool fails = true;
        var policy = new PolicyService(definition.Describe(definition.DefaultSettings), (_, _, _) =>
        {
            if (fails) throw new ArithmeticException("no number");
        });
        using var server = new TestServer(new ServerSettings { Policy = policy, Environments = [] });
        using var client = server.Connect();
        using var remote = client.Policy();
        Assert.That(() => remote.Act(new byte[16], new byte[4]), Throws.InstanceOf<WireException>().With.Message.Contains("no number"));
        fails = false;
        Assert.That(() => remote.Act(new byte[32], new byte[8]), Throws.Nothing);
        Assert.That(() => remote.Act(new byte[15], new byte[4]), Throws.ArgumentException);
        Assert.That(() => client.Make("cartpole"), Throws.InstanceOf<WireException>().With.Property("Code").EqualTo(ErrorCode.UnknownEnvironment));
    }
}
