using System.Runtime.InteropServices;
using NUnit.Framework;
using Sim.Environments;
using Sim.Protocols.Messages;
using Sim.Protocols.Server;
using Sim.Tests.Environments.Contract;

namespace Sim.Tests.Protocols.Server;

/// <summary>What a task tells beside its observation, on the wire.</summary>
public sealed class InfoOutputTests
{
    [Test]
    public void The_spec_travels_with_its_info_outputs_and_their_names()
    {
        using var server = new TestServer(new ServerSettings { Environments = [Parcel.Definition] });
        using var client = server.Connect();
        var there = client.Describe("parcel");
        var here = Parcel.Definition.Describe(new ParcelSettings());
        Assert.That(there.Info!.Labels, Is.EqualTo(here.Info!.Labels));
        Assert.That((there.Info.Low, there.Info.High), Is.EqualTo((here.Info.Low, here.Info.High)));
        Assert.That(there.InfoNames, Is.EqualTo(here.InfoNames));
    }

    [Test]
    public void A_client_that_does_not_ask_for_info_outputs_gets_the_fields_it_always_got()
    {
        using var server = new TestServer(new ServerSettings { Environments = [Parcel.Definition] });
        using var client = new RawClient(server.ConnectRaw());
        client.Greet();
        var (_, old, _) = client.Call(MessageType.Make, ["parcel", 2]);
        var (_, asking, _) = client.Call(MessageType.Make, ["parcel", 2, null, 0, null, false, false, 1, 0, null, null, true]);
        Assert.That(Names(old[4]), Is.EqualTo(new[] { "observation", "reward", "terminated", "truncated", "faulted", "is_success" }));
        Assert.That(Names(asking[4]), Is.EqualTo(Names(old[4]).Append("info")));
        Assert.That(Names(asking[5]), Is.EqualTo(Names(old[5]).Append("final_info")));

        static string[] Names(object fields) => [.. ((object[])fields).Select(field => (string)((object[])field)[0])];
    }

    [Test]
    public void Info_outputs_lie_where_the_layout_says()
    {
        using var server = new TestServer(new ServerSettings { Environments = [Parcel.Definition] });
        using var client = new RawClient(server.ConnectRaw());
        client.Greet();
        var (_, made, _) = client.Call(MessageType.Make, ["parcel", 3, null, 5, null, false, true, 1, 0, null, null, true]);
        object[] field = (object[])((object[])made[4])[^1];
        var (_, _, block) = client.Call(MessageType.Reset, [1u, null, null, false, false, -1]);
        using var local = Parcel.Definition.Create(new EnvironmentOptions { Count = 3, Seed = 5 });
        local.Reset();
        int offset = Convert.ToInt32(field[3]), bytes = Convert.ToInt32(field[4]);
        Assert.That(MemoryMarshal.Cast<byte, float>(block.AsSpan(offset, bytes)).ToArray(), Is.EqualTo(local.Info!.Current.Floats.ToArray()));
        Assert.That(local.Info.Current.Floats.ToArray(), Has.Some.GreaterThan(0));
    }
}
