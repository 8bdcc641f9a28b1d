using NUnit.Framework;
using Sim.Agents.Evaluation;
using Sim.Environments;
using Sim.Environments.Checking;
using Sim.Environments.Classic;
using Sim.Protocols.Client;
using Sim.Tests.Protocols.Server;

namespace Sim.Tests.Protocols.Client;

/// <summary>The contract's own checker, by way of a server.</summary>
public sealed class RemoteContractTests
{
    [TestCase("cartpole")]
    [TestCase("pendulum")]
    public void A_remote_environment_breaks_the_contract_nowhere_but_at_faults(string id)
    {
        using var server = new TestServer();
        using var client = server.Connect();
        var problems = EnvironmentChecker.Check(new RemoteDefinition(client, id));
        // The server refuses what would fault a lane in this process: that is said on the class.
        Assert.That(problems.Where(problem => !problem.Contains("invalid_action", StringComparison.Ordinal) && !problem.Contains("finite", StringComparison.Ordinal) && !problem.Contains("out of range", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void Settings_of_a_record_reach_the_server()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        var settings = new CartPoleSettings { Gravity = 3.5f, Low = -0.2f };
        using var remote = new RemoteDefinition(client, "cartpole").Create(new EnvironmentOptions { Count = 2, Seed = 1 }, settings);
        using var local = CartPole.Definition.Create(new EnvironmentOptions { Count = 2, Seed = 1 }, settings);
        Assert.That(remote.Spec.Settings, Is.EqualTo(settings));
        remote.Reset();
        local.Reset();
        for (int step = 0; step < 20; step++)
        {
            remote.Step();
            local.Step();
        }
        Assert.That(remote.Observations.Bytes.SequenceEqual(local.Observations.Bytes), Is.True);
    }

    [TestCase("cartpole")]
    [TestCase("surgical-ecm-reach")]
    [TestCase("surgical-static-track")]
    public void An_evaluation_by_way_of_a_server_finds_the_same(string id)
    {
        using var server = new TestServer();
        using var client = server.Connect();
        var here = Evaluate(Registry.Find(id));
        var there = Evaluate(new RemoteDefinition(client, id));
        Assert.That(there.Returns, Is.EqualTo(here.Returns));

        EvaluationResult Evaluate(EnvironmentDefinition definition)
            => Evaluator.Evaluate(definition, null, Registry.Find(id).Expert!, episodes: 20);
    }
}
