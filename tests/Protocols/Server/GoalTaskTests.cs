using System.Runtime.InteropServices;
using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;
using Sim.Protocols.Client;
using Sim.Protocols.Messages;
using Sim.Protocols.Server;

namespace Sim.Tests.Protocols.Server;

/// <summary>Goal tasks: a dict of observations, and rewards for goals that were not asked for.</summary>
public sealed class GoalTaskTests
{
    [Test]
    public void Rewards_of_other_goals_come_from_the_server()
    {
        using var server = new TestServer(new ServerSettings { Environments = [Reach.Definition] });
        using var client = server.Connect();
        using var remote = client.Make("reach", new RemoteOptions { Count = 4, Seed = 3 });
        using var local = Reach.Definition.Create(new EnvironmentOptions { Count = 4, Seed = 3 });
        Assert.That(remote.Groups.Select(group => group.Name), Is.EqualTo(new[] { "observation", "achieved_goal", "desired_goal" }));
        Assert.That(((Dict)remote.Spec.Observation)["desired_goal"].Size, Is.EqualTo(1));
        remote.Reset();
        local.Reset();
        for (int step = 0; step < 30; step++)
        {
            RandomActions.Fill(remote, 1, step);
            RandomActions.Fill(local, 1, step);
            remote.Step();
            local.Step();
            for (int group = 0; group < 3; group++)
                Assert.That(remote.Groups[group].Current.Bytes.SequenceEqual(local.Groups[group].Current.Bytes), Is.True);
        }
        float[] rewards = new float[4], own = new float[3];
        remote.ComputeRewards(remote.Groups[1].Current.Floats, remote.Groups[2].Current.Floats, rewards);
        Assert.That(rewards, Is.EqualTo(remote.Rewards.ToArray()), "its own goals give its own rewards");
        remote.ComputeRewards([1, 2, 3], [1, 2.5f, 5], own);
        Assert.That(own, Is.EqualTo(new[] { 0, -0.5f, -2 }), "any number of rows");
    }

    [Test]
    public void A_remote_policy_reads_the_desired_goal_behind_the_observation()
    {
        // It acts as a proportional controller would: towards the goal, from where the point is.
        var policy = new PolicyService(Reach.Definition.Describe(new ReachSettings()), (inputs, rows, actions) =>
        {
            var numbers = MemoryMarshal.Cast<byte, float>(inputs);
            var velocities = MemoryMarshal.Cast<byte, float>(actions);
            for (int row = 0; row < rows; row++) velocities[row] = numbers[(2 * row) + 1] - numbers[2 * row];
        });
        using var server = new TestServer(new ServerSettings { Environments = [], Policy = policy });
        using var client = server.Connect();
        using var remote = client.Policy();
        using var environments = Reach.Definition.Create(new EnvironmentOptions { Count = 5, Seed = 3 });
        environments.Reset();
        for (int step = 0; step < 3; step++)
        {
            remote.Act(environments);
            for (int lane = 0; lane < 5; lane++)
                Assert.That(environments.Actions[lane], Is.EqualTo(environments.Groups[2].Current.Row(lane)[0] - environments.Observations.Row(lane)[0]));
            environments.Step();
        }
    }

    [Test]
    public void Goals_of_the_wrong_size_are_refused()
    {
        using var server = new TestServer(new ServerSettings { Environments = [Reach.Definition] });
        using var client = new RawClient(server.ConnectRaw());
        client.Greet();
        client.Call(MessageType.Make, ["reach", 1]);
        float[] goals = [1, 2];
        Assert.That(client.ErrorOf(MessageType.ComputeRewards, [1u, 1], MemoryMarshal.AsBytes(goals.AsSpan())), Is.Empty);
        Assert.That(client.ErrorOf(MessageType.ComputeRewards, [1u, 2], MemoryMarshal.AsBytes(goals.AsSpan())), Is.EqualTo(ErrorCode.InvalidBlock));
        Assert.That(client.ErrorOf(MessageType.ComputeRewards, [1u, -1], MemoryMarshal.AsBytes(goals.AsSpan())), Is.EqualTo(ErrorCode.InvalidBlock));
        Assert.That(client.ErrorOf(MessageType.ComputeRewards, [1u, int.MaxValue]), Is.EqualTo(ErrorCode.InvalidBlock));
    }
}

/// <summary>Move a point on a line to a place.</summary>
public static class Reach
{
    public static LaneDefinition<ReachSettings> Definition { get; } = new("reach", typeof(ReachTask<>))
    {
        Summary = "Move a point on a line to a place.",
        Action = new Box([-1], [1]),
        TimeLimit = _ => 50,
        ControlPeriod = _ => 0.1f,
        GoalReward = (achieved, desired, in settings) => -MathF.Abs(achieved[0] - desired[0]) * settings.Weight,
    };
}

/// <summary>Of <see cref="Reach"/>.</summary>
public record struct ReachSettings()
{
    /// <summary>Reward of a metre, 1/m.</summary>
    public float Weight { get; init; } = 1;
}

/// <summary>Of <see cref="Reach"/>.</summary>
public struct ReachState<T> where T : unmanaged, ILane<T>
{
    public T Position, Goal;
}

/// <summary>Of <see cref="Reach"/>.</summary>
public struct ReachAction<T> where T : unmanaged, ILane<T>
{
    public T Velocity;
}

/// <summary>Of <see cref="Reach"/>.</summary>
public struct ReachReward<T> where T : unmanaged, ILane<T>
{
    public T Distance;
}

/// <summary>One number of a goal task.</summary>
public struct ReachGroup<T> where T : unmanaged, ILane<T>
{
    public T Position;
}

/// <summary>Of <see cref="Reach"/>.</summary>
public struct ReachObservation<T> where T : unmanaged, ILane<T>
{
    public ReachGroup<T> Observation, AchievedGoal, DesiredGoal;
}

/// <summary>Of <see cref="Reach"/>.</summary>
public readonly struct ReachTask<T> : ILaneTask<T, ReachTask<T>, ReachState<T>, ReachAction<T>, ReachObservation<T>, ReachReward<T>, ReachSettings>
    where T : unmanaged, ILane<T>
{
    public static void Reset(out ReachState<T> state, in LaneRandom<T> random, in ReachSettings settings)
    {
        var draws = random.Stream(RandomStream.Task);
        state.Position = T.Of(0);
        state.Goal = draws.Uniform(-1, 1);
    }

    public static void Step(ref ReachState<T> state, in ReachAction<T> action, in LaneRandom<T> random, in ReachSettings settings,
        out ReachReward<T> reward, out StepEnd<T> end)
    {
        state.Position += 0.1f * action.Velocity;
        reward.Distance = -T.Abs(state.Position - state.Goal) * settings.Weight;
        end.Terminated = T.Of(0);
        end.Success = T.Abs(state.Position - state.Goal) < 0.05f;
    }

    public static void Observe(in ReachState<T> state, in LaneRandom<T> random, in ReachSettings settings, out ReachObservation<T> observation)
    {
        observation.Observation.Position = state.Position;
        observation.AchievedGoal.Position = state.Position;
        observation.DesiredGoal.Position = state.Goal;
    }
}
