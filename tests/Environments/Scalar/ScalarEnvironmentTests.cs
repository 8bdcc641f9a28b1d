using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.FallingDot;

namespace Sim.Tests.Environments.Scalar;

public sealed class ScalarEnvironmentTests
{
    [Test]
    public void An_action_out_of_range_ends_its_lane_alone([Values(-1, 3, int.MaxValue)] int action)
    {
        using var environments = FallingDotGame.Definition.Create(new() { Count = 3 });
        using var ordinary = FallingDotGame.Definition.Create(new() { Count = 3 });
        environments.Reset();
        ordinary.Reset();
        environments.DiscreteActions[1] = action;
        environments.Step();
        ordinary.Step();
        Assert.That(environments.Faulted.ToArray(), Is.EqualTo(new[] { false, true, false }));
        Assert.That(environments.Terminated[1]);
        Assert.That(environments.FinalObservations.RowBytes(1).ToArray(), Is.All.Zero);
        Assert.That(environments.EpisodeLengths[1], Is.EqualTo(1));
        foreach (int lane in (int[])[0, 2])
            Assert.That(environments.Observations.RowBytes(lane).SequenceEqual(ordinary.Observations.RowBytes(lane)));
    }

    [Test]
    public void An_episode_begins_anew_at_any_seed_and_number()
    {
        using var environments = Registry.Make("minatar-breakout", new EnvironmentOptions { Count = 2, Seed = 40 });
        environments.Reset();
        for (int step = 0; step < 100; step++) environments.Step();
        var start = environments.EpisodeOf(1);
        Assert.That(start.Number, Is.GreaterThan(0));
        environments.BeginEpisode(0, start);
        environments.BeginEpisode(1, start);
        for (int step = 0; step < 30; step++)
        {
            environments.Step();
            Assert.That(environments.Observations.RowBytes(0).SequenceEqual(environments.Observations.RowBytes(1)));
        }
    }

    [Test]
    public void A_clone_goes_on_like_its_original_and_apart_from_it()
    {
        using var environments = Registry.Make("minatar-seaquest", new EnvironmentOptions { Count = 5 });
        environments.Reset(seed: 3);
        for (int step = 0; step < 50; step++) Play(environments, step);
        using var clone = environments.Clone();
        for (int step = 50; step < 90; step++) Play(clone, step);
        for (int step = 50; step < 90; step++) Play(environments, step);
        Assert.That(environments.Observations.Bytes.SequenceEqual(clone.Observations.Bytes));

        static void Play(BatchEnvironment environments, int step)
        {
            RandomActions.Fill(environments, seed: 6, step);
            environments.Step();
        }
    }

    [Test]
    public void A_paddle_that_stays_catches_what_falls_on_it()
    {
        using var environments = FallingDotGame.Definition.Create(new() { Count = 2000 });
        environments.Reset(seed: 1);
        double caught = 0;
        int drops = 0;
        for (int step = 0; step < 90; step++)
        {
            environments.Step();
            foreach (float reward in environments.Rewards)
            {
                if (reward == 0) continue;
                drops++;
                if (reward > 0) caught++;
            }
        }
        Assert.That(drops, Is.EqualTo(20_000));
        // Three columns of ten, all on the board.
        Assert.That(caught / drops, Is.EqualTo(0.3).Within(4 * Math.Sqrt(0.3 * 0.7 / 2000)));
        Assert.That(environments.Truncated.Contains(true), Is.True);
        Assert.That(environments.Terminated.Contains(false), Is.False);
    }
}
