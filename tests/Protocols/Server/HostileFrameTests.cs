using System.Net.Sockets;
using System.Runtime.InteropServices;
using NUnit.Framework;
using Sim.Environments;
using Sim.Protocols.Client;
using Sim.Protocols.Server;

namespace Sim.Tests.Protocols.Server;

/// <summary>Mutated and truncated frames: no crash, no hang, no growth, and nobody else notices.</summary>
public sealed class HostileFrameTests
{
    /// <summary>Frames of a run; <c>SIM_HOSTILE_FRAMES=1000000</c> makes it the long one.</summary>
    private static readonly int s_frames = int.TryParse(Environment.GetEnvironmentVariable("SIM_HOSTILE_FRAMES"), out int frames) ? frames : 100_000;

    [Test]
    [CancelAfter(3_600_000)]
    public void Mutated_frames_neither_crash_nor_hang_nor_grow_the_server_nor_disturb_others()
    {
        using var server = new TestServer(new ServerSettings { MaxEnvironments = 64, MaxTotalEnvironments = 4096, IdleTimeout = TimeSpan.FromSeconds(20) });
        using var neighbour = server.Connect();
        using var kept = neighbour.Make("quadrotor-hover", new RemoteOptions { Count = 16, Seed = 4 });
        using var local = Registry.Make("quadrotor-hover", count: 16, seed: 4);
        kept.Reset();
        local.Reset();

        var random = new Random(1);
        byte[][] good = GoodFrames();
        int sent = 0, connections = 0;
        long settled = 0;
        while (sent < s_frames)
        {
            sent += Attack(server, good, random);
            if (++connections % 50 == 0)
            {
                RandomActions.Fill(kept, 5, connections);
                RandomActions.Fill(local, 5, connections);
                kept.Step();
                local.Step();
                Assert.That(kept.Observations.Bytes.SequenceEqual(local.Observations.Bytes), Is.True, "the neighbour's numbers");
            }
            if (settled == 0 && sent > s_frames / 4) settled = LiveBytes();
        }
        server.WaitForSessions(1);
        Assert.That(server.Server.Metrics.Environments, Is.EqualTo(16), "environments of dead sessions are free");
        // A leak of one buffer a connection would be megabytes; the rest of the tests' process moves by less.
        Assert.That(LiveBytes() - settled, Is.LessThan(16 << 20));
        TestContext.Out.WriteLine($"{sent} frames over {connections} connections, {server.Server.Metrics.Errors} refused");
    }

    /// <summary>One connection's worth of frames; how many went out.</summary>
    private static int Attack(TestServer server, byte[][] good, Random random)
    {
        using var socket = server.ConnectRaw();
        using var stream = new MemoryStream();
        if (random.Next(8) != 0) stream.Write(good[0]);
        int frames = 1 + random.Next(60);
        for (int i = 0; i < frames; i++) stream.Write(Mutate(good[1 + random.Next(good.Length - 1)], random));
        byte[] bytes = stream.ToArray();
        if (random.Next(3) == 0) bytes = bytes[..random.Next(bytes.Length)];
        var draining = new Thread(() => Drain(socket)) { IsBackground = true };
        draining.Start();
        try
        {
            for (int at = 0; at < bytes.Length;) at += socket.Send(bytes.AsSpan(at, Math.Min(1 + random.Next(9000), bytes.Length - at)));
            if (random.Next(4) == 0) socket.LingerState = new LingerOption(true, 0);
            else socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The server has heard enough.
        }
        if (socket.LingerState?.Enabled == true) socket.Close();
        Assert.That(draining.Join(TimeSpan.FromSeconds(30)), Is.True, "the server ends the conversation");
        return frames;
    }

    private static void Drain(Socket socket)
    {
        byte[] ignored = new byte[1 << 16];
        try
        {
            while (socket.Receive(ignored) > 0) { }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Cut off by either side.
        }
    }

    private static byte[] Mutate(byte[] frame, Random random)
    {
        byte[] bytes = [.. frame];
        switch (random.Next(40))
        {
            case 0: return bytes;
            case 1: return bytes[..random.Next(bytes.Length)];
            case 2: return [.. bytes, .. Bytes(random, 1 + random.Next(64))];
            case 3: return Bytes(random, 1 + random.Next(256));
        }
        // The lengths are mostly left alone: behind a wrong one nothing is read any more.
        int from = random.Next(20) == 0 ? 0 : 8;
        for (int i = random.Next(6); i >= 0; i--)
        {
            int at = from + random.Next(bytes.Length - from);
            bytes[at] = random.Next(4) switch
            {
                0 => (byte)(bytes[at] ^ (1 << random.Next(8))),
                1 => 0xFF,
                2 => (byte)(bytes[at] + 1),
                _ => (byte)random.Next(256),
            };
        }
        return bytes;
    }

    private static byte[][] GoodFrames()
    {
        float[] actions = [0.1f, -0.2f, 0.3f, -0.4f];
        var settings = new Dictionary<string, string> { ["gravity"] = "9" };
        // A state of noise: whatever it says, the lane may fault and nothing else.
        using var like = Registry.Make("quadrotor-hover", new EnvironmentOptions { Privileged = true });
        int snapshot = like.SnapshotBytes;
        return
        [
            RawClient.Frame(1, 1, [1, 1, "hostile", "0", null]),
            RawClient.Frame(3, 2, []),
            RawClient.Frame(5, 3, ["cartpole", settings]),
            RawClient.Frame(7, 4, ["quadrotor-hover", 1, null, 5, "same_step", true, true, 1, 2, null]),
            RawClient.Frame(7, 5, ["cartpole", 3, settings, 7, "disabled", false, false, 0, 0, null]),
            RawClient.Frame(9, 6, [1u, 3, null, false, false, -1]),
            RawClient.Frame(9, 7, [2u, null, null, true, true, -1], new byte[8 + 24]),
            RawClient.Frame(10, 8, [1u, -1], MemoryMarshal.AsBytes(actions.AsSpan())),
            RawClient.Frame(10, 9, [1u, 1]),
            RawClient.Frame(10, 10, [2u, -1], new byte[12]),
            RawClient.Frame(13, 11, [1u]),
            RawClient.Frame(11, 12, [1u, "quadrotor-hover v1", 1, -1], [.. new byte[8], .. Bytes(new Random(2), snapshot)]),
            RawClient.Frame(17, 13, [1u, 2], new byte[64]),
            RawClient.Frame(15, 14, [1u, 0, 64, 64]),
            RawClient.Frame(19, 15, [2u]),
            RawClient.Frame(21, 16, [5]),
            RawClient.Frame(23, 17, [1], new byte[16]),
            RawClient.Frame(25, 18, [1u, new object[] { new object?[] { 0, "pad", 1.5, "axis", new float[] { 0.5f }, null } }, null]),
        ];
    }

    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static long LiveBytes() => GC.GetTotalMemory(forceFullCollection: true);
}
