using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using NUnit.Framework;
using Sim.Protocols.Messages;
using Sim.Protocols.Server;
using Sim.Protocols.Wire;

namespace Sim.Tests.Protocols.Server;

/// <summary>Bad requests get a code and a sentence; what is safe goes on.</summary>
public sealed class RefusalTests
{
    private TestServer _server = null!;
    private RawClient _client = null!;

    [SetUp]
    public void Connect()
    {
        _server = new TestServer(new ServerSettings { MaxEnvironments = 100, MaxBatches = 3 });
        _client = new RawClient(_server.ConnectRaw());
        _client.Greet();
    }

    [TearDown]
    public void Disconnect()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Test]
    public void Unknown_things_are_named_with_what_is_there()
    {
        Assert.That(_client.ErrorOf((MessageType)29, []), Is.EqualTo(ErrorCode.UnknownType));
        Assert.That(_client.ErrorOf(MessageType.Step, [7u, -1]), Is.EqualTo(ErrorCode.UnknownBatch));
        var (_, body, _) = _client.Call(MessageType.Make, ["cartpol", 1]);
        Assert.That(body, Is.EqualTo(new object[] { ErrorCode.UnknownEnvironment, "unknown environment 'cartpol'; did you mean 'cartpole'?", false }));
        Assert.That(_client.ErrorOf(MessageType.Describe, [""]), Is.EqualTo(ErrorCode.NotSupported));
        Assert.That(_client.ErrorOf(MessageType.Render, [1u, 0, 64, 64]), Is.EqualTo(ErrorCode.NotSupported));
        AssertStillServed();
    }

    [Test]
    public void Bodies_of_the_wrong_form_are_refused()
    {
        Assert.That(_client.ErrorOf(MessageType.Make, ["cartpole", "many"]), Is.EqualTo(ErrorCode.BadMessage));
        Assert.That(_client.ErrorOf(MessageType.Step, ["one"]), Is.EqualTo(ErrorCode.BadMessage));
        Assert.That(_client.ErrorOf(MessageType.Step, []), Is.EqualTo(ErrorCode.BadMessage));
        Assert.That(_client.ErrorOf(MessageType.Make, []), Is.EqualTo(ErrorCode.UnknownEnvironment));
        Assert.That(_client.ErrorOf(MessageType.Hello, [1, 1]), Is.EqualTo(ErrorCode.UnknownType));
        AssertStillServed();
    }

    [Test]
    public void Settings_and_counts_out_of_range_are_refused()
    {
        Assert.That(_client.ErrorOf(MessageType.Make, ["cartpole", 1, new Dictionary<string, string> { ["gravity"] = "much" }]), Is.EqualTo(ErrorCode.InvalidSetting));
        Assert.That(_client.ErrorOf(MessageType.Make, ["cartpole", 1, new Dictionary<string, string> { ["gravitty"] = "1" }]), Is.EqualTo(ErrorCode.InvalidSetting));
        Assert.That(_client.ErrorOf(MessageType.Make, ["cartpole", 0]), Is.EqualTo(ErrorCode.LimitExceeded));
        Assert.That(_client.ErrorOf(MessageType.Make, ["cartpole", 101]), Is.EqualTo(ErrorCode.LimitExceeded));
        Assert.That(_client.ErrorOf(MessageType.Make, ["cartpole", 1, null, 0, "sometimes"]), Is.EqualTo(ErrorCode.InvalidArgument));
        Assert.That(_client.ErrorOf(MessageType.Make, ["cartpole", 1, null, 0, null, false, false, -1]), Is.EqualTo(ErrorCode.InvalidArgument));
        Assert.That(_client.ErrorOf(MessageType.Make, ["cartpole", 1, null, 0, null, false, false, 0, 9]), Is.EqualTo(ErrorCode.InvalidArgument));
        for (int batch = 0; batch < 3; batch++) Assert.That(_client.ErrorOf(MessageType.Make, ["cartpole", 30]), Is.Empty);
        Assert.That(_client.ErrorOf(MessageType.Make, ["cartpole", 1]), Is.EqualTo(ErrorCode.LimitExceeded));
        Assert.That(_client.ErrorOf(MessageType.Close, [2u]), Is.Empty);
        Assert.That(_client.ErrorOf(MessageType.Make, ["cartpole", 41]), Is.EqualTo(ErrorCode.LimitExceeded));
        AssertStillServed();
    }

    [Test]
    public void Steps_need_a_reset_and_actions_of_the_right_size_and_value()
    {
        _client.Call(MessageType.Make, ["quadrotor-hover", 2]);
        byte[] still = MemoryMarshal.AsBytes(new float[8].AsSpan()).ToArray();
        Assert.That(_client.ErrorOf(MessageType.Step, [1u, -1], still), Is.EqualTo(ErrorCode.NotReset));
        Assert.That(_client.ErrorOf(MessageType.Snapshot, [1u]), Is.EqualTo(ErrorCode.NotReset));
        Assert.That(_client.ErrorOf(MessageType.Reset, [1u, null, null, true, false, -1], [1, 0]), Is.EqualTo(ErrorCode.NotReset));
        Assert.That(_client.ErrorOf(MessageType.Reset, [1u, 5]), Is.Empty);
        Assert.That(_client.ErrorOf(MessageType.Step, [1u, -1], still.AsSpan(1)), Is.EqualTo(ErrorCode.InvalidBlock));
        Assert.That(_client.ErrorOf(MessageType.Step, [1u, 0]), Is.EqualTo(ErrorCode.InvalidArgument), "there are no slots");
        float[] wild = new float[8];
        foreach (float value in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            wild[5] = value;
            var (type, body, _) = _client.Call(MessageType.Step, [1u, -1], MemoryMarshal.AsBytes(wild.AsSpan()));
            Assert.That((type, body[0]), Is.EqualTo(((int)MessageType.Error, (object)ErrorCode.InvalidAction)));
            Assert.That((string)body[1], Does.Contain("number 1 of the action of lane 1"));
        }
        Assert.That(_client.ErrorOf(MessageType.Step, [1u, -1], still), Is.Empty, "finite actions go on");
    }

    [Test]
    public void A_refused_action_steps_nothing()
    {
        _client.Call(MessageType.Make, ["pendulum", 1]);
        byte[] before = _client.Call(MessageType.Reset, [1u, 5]).Block;
        Assert.That(_client.ErrorOf(MessageType.Step, [1u, -1], BitConverter.GetBytes(float.NaN)), Is.EqualTo(ErrorCode.InvalidAction));
        byte[] after = _client.Call(MessageType.Step, [1u, -1], BitConverter.GetBytes(0.5f)).Block;
        _client.Call(MessageType.Reset, [1u, 5]);
        Assert.That(_client.Call(MessageType.Step, [1u, -1], BitConverter.GetBytes(0.5f)).Block, Is.EqualTo(after));
        Assert.That(before, Is.Not.EqualTo(after));
    }

    [TestCase(-1)]
    [TestCase(2)]
    [TestCase(int.MaxValue)]
    public void Choices_out_of_range_are_refused(int choice)
    {
        _client.Call(MessageType.Make, ["cartpole", 1]);
        _client.Call(MessageType.Reset, [1u, 5]);
        var (_, body, _) = _client.Call(MessageType.Step, [1u, -1], BitConverter.GetBytes(choice));
        Assert.That(body[0], Is.EqualTo(ErrorCode.InvalidAction));
        Assert.That((string)body[1], Does.Contain($"choice {choice} of lane 0").And.Contain("0 to 1"));
        Assert.That(_client.ErrorOf(MessageType.Step, [1u, -1], BitConverter.GetBytes(1)), Is.Empty);
    }

    [Test]
    public void Resets_with_masks_and_seeds_of_the_wrong_size_are_refused()
    {
        _client.Call(MessageType.Make, ["cartpole", 3]);
        _client.Call(MessageType.Reset, [1u, 5]);
        Assert.That(_client.ErrorOf(MessageType.Reset, [1u, null, null, true, false, -1], new byte[2]), Is.EqualTo(ErrorCode.InvalidBlock));
        Assert.That(_client.ErrorOf(MessageType.Reset, [1u, null, null, false, true, -1], new byte[23]), Is.EqualTo(ErrorCode.InvalidBlock));
        Assert.That(_client.ErrorOf(MessageType.Reset, [1u, 5, null, false, true, -1], new byte[24]), Is.EqualTo(ErrorCode.InvalidArgument));
        Assert.That(_client.ErrorOf(MessageType.Reset, [1u, null, new Dictionary<string, string> { ["lowest"] = "1" }]), Is.EqualTo(ErrorCode.InvalidSetting));
        Assert.That(_client.ErrorOf(MessageType.Reset, [1u, null, null, true, false, -1], new byte[] { 0, 255, 0 }), Is.Empty);
    }

    [Test]
    public void Snapshots_of_other_lanes_names_and_sizes_are_refused()
    {
        _client.Call(MessageType.Make, ["cartpole", 3]);
        _client.Call(MessageType.Reset, [1u, 5]);
        Assert.That(_client.ErrorOf(MessageType.Snapshot, [1u], BitConverter.GetBytes(3)), Is.EqualTo(ErrorCode.InvalidArgument));
        Assert.That(_client.ErrorOf(MessageType.Snapshot, [1u], new byte[3]), Is.EqualTo(ErrorCode.InvalidBlock));
        Assert.That(_client.ErrorOf(MessageType.Restore, [1u, "cartpole v1", 4, -1]), Is.EqualTo(ErrorCode.InvalidArgument));
        Assert.That(_client.ErrorOf(MessageType.Restore, [1u, "cartpole v1", 1, -1], new byte[8]), Is.EqualTo(ErrorCode.InvalidBlock));
        byte[] snapshot = _client.Call(MessageType.Snapshot, [1u], BitConverter.GetBytes(1)).Block;
        byte[] block = [.. new byte[8], .. snapshot[..^16]];
        Assert.That(_client.ErrorOf(MessageType.Restore, [1u, "pendulum v1", 1, -1], block), Is.Not.Empty);
        Assert.That(_client.ErrorOf(MessageType.ComputeRewards, [1u, 1], new byte[8]), Is.EqualTo(ErrorCode.NotSupported));
    }

    [TestCase(0u, 0u)]
    [TestCase(uint.MaxValue, uint.MaxValue)]
    [TestCase(5u, 0x7FFFFFFFu)]
    [TestCase(1u << 20, 0u)]
    public void A_frame_beyond_the_limits_ends_the_connection_before_its_bytes_are_read(uint header, uint block)
    {
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(prefix, header);
        BinaryPrimitives.WriteUInt32LittleEndian(prefix.AsSpan(4), block);
        _client.Send(prefix);
        var answer = _client.Receive();
        Assert.That(answer!.Value.Body, Has.ItemAt(0).EqualTo(ErrorCode.BadFrame).And.ItemAt(2).EqualTo(true));
        Assert.That(_client.Receive(), Is.Null);
        _server.WaitForSessions(0);
    }

    [Test]
    public void A_wrong_or_missing_token_ends_the_connection()
    {
        using var server = new TestServer(new ServerSettings { Token = "open sesame" });
        foreach (string? token in (string?[])[null, "", "open", "open sesamE", "open sesame "])
        {
            using var client = new RawClient(server.ConnectRaw());
            Assert.That(client.Greet(token).Body, Has.ItemAt(0).EqualTo(ErrorCode.Unauthorised));
            Assert.That(client.Receive(), Is.Null);
        }
        using var broken = new RawClient(server.ConnectRaw());
        Assert.That(broken.Call(MessageType.Hello, ["one", "two"]).Type, Is.EqualTo((int)MessageType.Error));
        Assert.That(broken.Receive(), Is.Null, "a hello that cannot be read opens nothing");
        using var right = new RawClient(server.ConnectRaw());
        Assert.That(right.Greet("open sesame").Type, Is.EqualTo((int)MessageType.Welcome));
    }

    [Test]
    public void Another_protocol_version_or_another_first_message_ends_the_connection()
    {
        foreach (var (newest, oldest) in ((int, int)[])[(0, 0), (9, 2)])
        {
            using var client = new RawClient(_server.ConnectRaw());
            Assert.That(client.Call(MessageType.Hello, [newest, oldest, "raw", "0", null]).Body, Has.ItemAt(0).EqualTo(ErrorCode.UnsupportedVersion));
            Assert.That(client.Receive(), Is.Null);
        }
        using var newer = new RawClient(_server.ConnectRaw());
        Assert.That(newer.Call(MessageType.Hello, [9, 1, "raw", "0", null, "a field of version 9"]).Body[0], Is.EqualTo(1));
        using var hasty = new RawClient(_server.ConnectRaw());
        Assert.That(hasty.Call(MessageType.List, []).Body, Has.ItemAt(0).EqualTo(ErrorCode.Unauthorised));
    }

    [Test]
    public void More_sessions_than_allowed_are_turned_away_and_welcome_later()
    {
        using var server = new TestServer(new ServerSettings { MaxSessions = 1 });
        using (var first = server.Connect())
        {
            using var second = new RawClient(server.ConnectRaw());
            Assert.That(second.Receive()!.Value.Body, Has.ItemAt(0).EqualTo(ErrorCode.Busy));
            Assert.That(first.Ping(), Is.GreaterThan(TimeSpan.Zero));
        }
        server.WaitForSessions(0);
        using var third = server.Connect();
    }

    [Test]
    public void A_client_that_says_nothing_or_only_a_byte_at_a_time_is_dropped()
    {
        using var server = new TestServer(new ServerSettings { HelloTimeout = TimeSpan.FromMilliseconds(300) });
        using var silent = server.ConnectRaw();
        using var slow = server.ConnectRaw();
        byte[] hello = RawClient.Frame(1, 1, [1, 1, "slow", "0", null]);
        Assert.That(() =>
        {
            foreach (byte one in hello)
            {
                slow.Send([one]);
                Thread.Sleep(100);
            }
        }, Throws.InstanceOf<SocketException>());
        server.WaitForSessions(0);
    }

    [Test]
    public void An_idle_session_is_dropped_with_its_environments()
    {
        using var server = new TestServer(new ServerSettings { IdleTimeout = TimeSpan.FromMilliseconds(300) });
        using var client = new RawClient(server.ConnectRaw());
        client.Greet();
        client.Call(MessageType.Make, ["cartpole", 10]);
        Assert.That(server.Server.Metrics.Environments, Is.EqualTo(10));
        server.WaitForSessions(0);
        Assert.That(server.Server.Metrics.Environments, Is.Zero);
    }

    [Test]
    public void A_public_address_without_a_token_is_refused()
    {
        using var server = new SimServer(new ServerSettings());
        Assert.That(() => server.Listen(WireAddress.Parse("tcp://0.0.0.0:0")), Throws.ArgumentException.With.Message.Contains("token"));
        Assert.That(() => WireAddress.Parse("udp://127.0.0.1:1"), Throws.ArgumentException.With.Message.Contains("tcp://"));
        Assert.That(() => WireAddress.Parse($"unix:///{new string('x', 200)}"), Throws.ArgumentException.With.Message.Contains("107"));
    }

    private void AssertStillServed() => Assert.That(_client.Call(MessageType.Ping, [12]).Body[0], Is.EqualTo(12));
}
