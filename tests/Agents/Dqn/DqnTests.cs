using NUnit.Framework;
using Sim.Agents.Dqn;
using Sim.Agents.Evaluation;
using Sim.Agents.Networks;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Environments.FallingDot;

namespace Sim.Tests.Agents.Dqn;

public sealed unsafe class DqnTests
{
    private static DqnSettings Small { get; } = new()
    {
        Environments = 3,
        Hidden = [16],
        Filters = 4,
        Batch = 16,
        LearningStarts = 60,
        ReplayCapacity = 200,
        TargetInterval = 7,
        EpsilonSteps = 400,
        MaxGradientNorm = 1,
    };

    [Test]
    public void A_target_looks_one_step_ahead_by_the_chooser_s_best_action_unless_the_episode_ended()
    {
        using var targets = new MatrixBuffer(1, 3);
        using var chooser = new MatrixBuffer(1, 3);
        new float[] { 1, 2, 5 }.CopyTo(targets.Matrix.Row(0));
        new float[] { 0, 9, 1 }.CopyTo(chooser.Matrix.Row(0));
        Assert.That(DqnLoss.Target(targets.Matrix, targets.Matrix, 0, 1, false, 0.5f), Is.EqualTo(3.5f));
        Assert.That(DqnLoss.Target(targets.Matrix, chooser.Matrix, 0, 1, false, 0.5f), Is.EqualTo(2f));
        Assert.That(DqnLoss.Target(targets.Matrix, chooser.Matrix, 0, 1, true, 0.5f), Is.EqualTo(1f));
    }

    [TestCase(0.5f, true, 0.125f, 0.5f)]
    [TestCase(3f, true, 2.5f, 1f)]
    [TestCase(-3f, true, 2.5f, -1f)]
    [TestCase(3f, false, 4.5f, 3f)]
    public void An_error_beyond_one_counts_by_its_size_with_Huber(float error, bool huber, float loss, float gradient)
        => Assert.That(DqnLoss.Of(2 + error, 2, huber), Is.EqualTo((loss, gradient)));

    [Test]
    public void What_follows_the_last_step_of_an_episode_is_its_final_observation()
    {
        using var environments = FallingDotGame.Definition.Create(new() { Count = 2 }, new FallingDotSettings { Drops = 1 });
        environments.Reset(seed: 1);
        var replay = new ChoiceReplay(environments.Spec.ObservationBox, 100, 60);
        for (int step = 0; step < 30; step++)
        {
            byte[] before = environments.Observations.Bytes.ToArray();
            environments.Step();
            replay.Add(before, environments);
        }
        Assert.That(replay.Count, Is.EqualTo(60));
        using var before0 = new MatrixBuffer(60, 200);
        using var after0 = new MatrixBuffer(60, 200);
        var steps = new ChoiceStep[60];
        int ends = 0;
        for (ulong time = 0; time < 5; time++)
        {
            replay.Draw(before0.Matrix, after0.Matrix, steps, 1, time);
            for (int row = 0; row < 60; row++)
            {
                int from = Row(before0.Matrix.Row(row)), to = Row(after0.Matrix.Row(row));
                Assert.That(to, Is.EqualTo(from + 1), "a dot falls one row a step, also in the last");
                Assert.That(steps[row].Terminated, Is.EqualTo(to == 9));
                if (steps[row].Terminated) ends++;
            }
        }
        Assert.That(ends, Is.GreaterThan(0));

        static int Row(ReadOnlySpan<float> board)
        {
            for (int cell = 0; cell < 100; cell++)
            {
                if (board[(2 * cell) + 1] > 0) return cell / 10;
            }
            return -1;
        }
    }

    [Test]
    public void A_loaded_learner_continues_bit_for_bit([Values("cartpole", "falling-dot")] string id)
    {
        Checkpoint half = new(), whole = new(), continued = new();
        using (var environments = Registry.Make(id, new EnvironmentOptions { Count = 3 }))
        using (var learner = new Sim.Agents.Dqn.Dqn(environments, Small, seed: 1))
        {
            learner.Begin();
            Run(learner, 306);
            learner.Save(half);
            Run(learner, 918);
            learner.Save(whole);
        }
        using var fresh = Registry.Make(id, new EnvironmentOptions { Count = 3, Seed = 99 });
        using var resumed = new Sim.Agents.Dqn.Dqn(fresh, Small, seed: 1);
        resumed.Load(half);
        Run(resumed, 918);
        resumed.Save(continued);
        foreach (string name in whole.Names) Assert.That(continued.Get<byte>(name), Is.EqualTo(whole.Get<byte>(name)), name);
    }

    [Test]
    public void Falling_dots_are_caught_after_fifteen_thousand_steps()
    {
        using var environments = Registry.Make("falling-dot", new EnvironmentOptions { Count = 4 });
        var settings = new DqnSettings
        {
            Hidden = [64],
            Filters = 8,
            LearningStarts = 500,
            EpsilonSteps = 5000,
            LastEpsilon = 0.05f,
            TargetInterval = 250,
            UpdatesPerStep = 0.5,
            LearningRate = 1e-3f,
        };
        using var learner = new Sim.Agents.Dqn.Dqn(environments, settings, seed: 1);
        learner.Begin();
        Run(learner, 15_000);
        var result = Evaluator.Evaluate(FallingDotGame.Definition, null, learner.Policy, 50);
        // 10 is all; a paddle that stays scores −4.
        Assert.That(result.ReturnMean, Is.GreaterThan(6));
    }

    [Test]
    public void Continuous_actions_are_refused_by_name()
    {
        using var environments = Registry.Make("pendulum");
        Assert.That(() => new Sim.Agents.Dqn.Dqn(environments, Small), Throws.ArgumentException.With.Message.Contains("choices"));
        Assert.That(Sim.Agents.Algorithms.Find("dqn").Suits(environments.Spec), Is.False);
    }

    private static void Run(Learner learner, long steps)
    {
        while (learner.Steps < steps) learner.Iterate();
    }
}
