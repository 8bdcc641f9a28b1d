using NUnit.Framework;
using Sim.Agents.Training;
using Sim.Environments;

namespace Sim.Tests.Agents.Training;

public sealed class RolloutTests
{
    private const int Steps = 40, Count = 5;
    private const float Gamma = 0.97f, Lambda = 0.9f;

    /// <summary>
    /// The reference knows the successor of every step by arithmetic. It differs from an estimate that bootstraps from
    /// the next episode's first observation, and from one that takes truncation for termination.
    /// </summary>
    [Test]
    public void Advantages_equal_the_sums_of_their_definition_with_terminated_and_truncated_episodes_mixed()
    {
        using var environments = Walk.Definition.Create(new EnvironmentOptions { Count = Count, Seed = 3 });
        using var rollout = new Rollout(Steps, Count, 2, 0, 1);
        var positions = new float[Steps, Count];
        var truncated = new bool[Steps, Count];
        environments.Reset();
        rollout.Clear();
        for (int step = 0; step < Steps; step++)
        {
            for (int lane = 0; lane < Count; lane++)
            {
                positions[step, lane] = environments.Observations.Row(lane)[0];
                rollout.Values[(step * Count) + lane] = (float)Value(positions[step, lane]);
            }
            environments.Step();
            environments.Rewards.CopyTo(rollout.Rewards.AsSpan(step * Count));
            rollout.RecordEnds(step, environments, (lane, target) => environments.FinalObservations.Row(lane).CopyTo(target.Row(0)));
            for (int lane = 0; lane < Count; lane++) truncated[step, lane] = environments.Truncated[lane];
        }
        float[] last = [.. Enumerable.Range(0, Count).Select(lane => (float)Value(environments.Observations.Row(lane)[0]))];
        float[] final = [.. Enumerable.Range(0, rollout.FinalRows.Count).Select(row => (float)Value(rollout.FinalInputs[row, 0]))];
        rollout.Estimate(Gamma, Lambda, last, final);

        Assert.That(rollout.Terminated.Count(flag => flag), Is.GreaterThan(5));
        Assert.That(rollout.FinalRows, Has.Count.GreaterThan(5), "episodes that the time limit cut off");
        for (int lane = 0; lane < Count; lane++)
        {
            for (int step = 0; step < Steps; step++)
            {
                int row = (step * Count) + lane;
                double expected = Advantage(step, lane);
                // float32 sums of some ten terms of size 2.
                Assert.That(rollout.Advantages[row], Is.EqualTo(expected).Within(1e-5), $"step {step} of lane {lane}");
                Assert.That(rollout.Returns[row], Is.EqualTo(expected + Value(positions[step, lane])).Within(1e-5));
            }
        }

        double Advantage(int start, int lane)
        {
            double sum = 0, weight = 1;
            for (int step = start; step < Steps; step++)
            {
                double position = positions[step, lane];
                bool terminated = position + 1 >= 12;
                double reward = 0.5 + (0.1 * position), next = terminated ? 0 : Value(position + 1);
                sum += weight * (reward + (Gamma * next) - Value(position));
                weight *= Gamma * Lambda;
                if (terminated || truncated[step, lane]) break;
            }
            return sum;
        }
    }

    [Test]
    public void More_truncations_than_environments_find_room()
    {
        using var environments = Walk.Definition.Create(new EnvironmentOptions { Count = Count, Seed = 3 }, new WalkSettings { EpisodeSteps = 1, End = 100 });
        using var rollout = new Rollout(100, Count, 2, 0, 1);
        environments.Reset();
        for (int step = 0; step < 100; step++)
        {
            environments.Step();
            rollout.RecordEnds(step, environments, (lane, target) => target[0, 0] = (step * Count) + lane);
        }
        Assert.That(rollout.FinalRows, Is.EqualTo(Enumerable.Range(0, 100 * Count)));
        Assert.That(Enumerable.Range(0, 100 * Count).Select(row => rollout.FinalInputs[row, 0]), Is.EqualTo(Enumerable.Range(0, 100 * Count)));
    }

    /// <summary>Any function that tells neighbouring positions apart.</summary>
    private static double Value(double position) => Math.Sin(1.7 * position) + (0.2 * position);
}
