using NUnit.Framework;
using Sim.Agents;
using Sim.Agents.Cloning;
using Sim.Agents.Evaluation;
using Sim.Agents.Metrics;
using Sim.Agents.Policies;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Environments.Configuration;
using Sim.Environments.Episodes;

namespace Sim.Tests.Agents.Cloning;

public sealed class BehaviourCloningTests
{
    [Test]
    public void A_clone_of_the_cartpole_expert_reaches_nine_tenths_of_its_return()
    {
        var definition = Registry.Find("cartpole");
        using var environments = Registry.Make("cartpole", count: 8, threads: 1);
        var data = Data(environments.Spec, EpisodeCollector.Collect(definition, definition.Expert!, 20));
        using var agent = new BehaviourCloning(environments, data, CloningPresets.SettingsFor(environments.Spec) with { Steps = 100_000 });
        double before = agent.Evaluate().ReturnMean;
        agent.Train();
        double expert = Evaluator.Evaluate(definition, null, definition.Expert!).ReturnMean;
        Assert.That(before, Is.LessThan(0.5 * expert));
        Assert.That(agent.Evaluate().ReturnMean, Is.GreaterThanOrEqualTo(0.9 * expert));
    }

    /// <summary>
    /// Judged by success: a return of the task is a sum of costs whose zero means nothing, so a share of it means
    /// nothing either.
    /// </summary>
    [Test]
    public void A_clone_of_the_hover_expert_reaches_nine_tenths_of_its_success_rate()
    {
        var definition = Registry.Find("quadrotor-hover");
        using var environments = Registry.Make("quadrotor-hover", count: 8, threads: 1);
        var set = EpisodeCollector.Collect(definition, batch => new NoisyActor(definition.Expert!(batch), 0.1f), 200);
        using var agent = new BehaviourCloning(environments, Data(environments.Spec, set), CloningPresets.SettingsFor(environments.Spec) with { Steps = 1_000_000 });
        double before = agent.Evaluate().SuccessRate!.Value;
        agent.Train();
        double expert = Evaluator.Evaluate(definition, null, definition.Expert!).SuccessRate!.Value;
        Assert.That(before, Is.Zero);
        Assert.That(agent.Evaluate().SuccessRate, Is.GreaterThanOrEqualTo(0.9 * expert));
    }

    [Test]
    public void The_same_seed_learns_the_same_bit_for_bit_and_another_seed_does_not([Values("acrobot", "pendulum")] string id)
    {
        var first = Learnt(id, seed: 1);
        AssertSame(Learnt(id, seed: 1), first);
        Assert.That(Learnt(id, seed: 2).Get<float>("actor/parameters"), Is.Not.EqualTo(first.Get<float>("actor/parameters")));
    }

    [Test]
    public void A_loaded_learner_continues_bit_for_bit_from_the_middle_of_a_pass([Values("acrobot", "pendulum")] string id)
    {
        Checkpoint half = new(), whole = new(), continued = new();
        using var environments = Registry.Make(id, count: 3, threads: 1);
        var data = Demonstrated(environments.Spec);
        using (var learner = Create(environments, data, seed: 1))
        {
            learner.Begin();
            while (learner.Steps < 1000) learner.Iterate();
            learner.Save(half);
            Assert.That(half.Get<long>("cloning/place")[1], Is.GreaterThan(0), "in the middle of a pass, or the test shows less");
            while (learner.Steps < 2000) learner.Iterate();
            learner.Save(whole);
        }
        // Batch seeds that differ: everything must come from the checkpoint, but for the draws' own seed.
        using var fresh = Registry.Make(id, count: 3, seed: 99, threads: 1);
        using var resumed = Create(fresh, data, seed: 1);
        resumed.Load(half);
        while (resumed.Steps < 2000) resumed.Iterate();
        resumed.Save(continued);
        AssertSame(continued, whole);
    }

    [Test]
    public void The_weights_that_act_are_those_that_did_best_on_episodes_kept_out()
    {
        using var environments = Registry.Make("pendulum", count: 1);
        var data = Demonstrated(environments.Spec);
        // Steps so long that the loss goes up and down.
        using var learner = Create(environments, data, seed: 1, "learning_rate=0.1", "anneal_learning_rate=false", "steps=10000");
        learner.Begin();
        float[] best = [];
        double least = double.PositiveInfinity;
        int risen = 0;
        while (learner.Steps < 4000)
        {
            learner.Iterate();
            var saved = new Checkpoint();
            learner.Save(saved);
            if (saved.Get<long>("cloning/place")[1] != 0) continue;
            double loss = Reported(learner, MetricNames.ValidationLoss);
            if (loss < least) (least, best) = (loss, saved.Get<float>("student/parameters"));
            else risen++;
            Assert.That(saved.Get<float>("actor/parameters"), Is.EqualTo(best));
            Assert.That(Reported(learner, MetricNames.BestValidationLoss), Is.EqualTo(least));
        }
        Assert.That(risen, Is.GreaterThan(0), "the loss must rise at times, or the test shows nothing");
    }

    [Test]
    public void Without_episodes_kept_out_the_last_weights_act()
    {
        using var environments = Registry.Make("pendulum", count: 1);
        using var learner = Create(environments, Demonstrated(environments.Spec), seed: 1, "validation_fraction=0");
        learner.Begin();
        for (int i = 0; i < 5; i++) learner.Iterate();
        var saved = new Checkpoint();
        learner.Save(saved);
        Assert.That(saved.Get<float>("actor/parameters"), Is.EqualTo(saved.Get<float>("student/parameters")));
        var metrics = new List<Metric>();
        learner.Report(metrics);
        Assert.That(metrics.Select(metric => metric.Name), Has.None.EqualTo(MetricNames.ValidationLoss));
    }

    [Test]
    public void A_policy_loaded_from_the_checkpoint_acts_alike([Values("acrobot", "pendulum")] string id)
    {
        using var environments = Registry.Make(id, count: 7, threads: 1);
        using var learner = Create(environments, Demonstrated(environments.Spec), seed: 1);
        learner.Train();
        var saved = new Checkpoint();
        learner.Save(saved);
        using var policy = Policy.Load(environments.Spec, saved);
        learner.Policy.Act(environments);
        (float[] actions, int[] choices) expected = (environments.Actions.ToArray(), environments.DiscreteActions.ToArray());
        environments.Actions.Clear();
        environments.DiscreteActions.Clear();
        policy.Act(environments);
        Assert.That((environments.Actions.ToArray(), environments.DiscreteActions.ToArray()), Is.EqualTo(expected));
    }

    [Test]
    public void A_constant_observation_is_shifted_and_not_scaled()
    {
        using var environments = Registry.Make("cartpole", count: 1);
        var set = EpisodeCollector.Collect(Registry.Find("cartpole"), Registry.Find("cartpole").Expert!, 2);
        var still = set with { Episodes = [.. set.Episodes.Select(WithConstantPosition)] };
        using var learner = new BehaviourCloning(environments, Data(environments.Spec, still), new CloningSettings { Steps = 100 });
        learner.Begin();
        var statistics = learner.Policy.Statistics!;
        Assert.That(statistics.Mean[0], Is.EqualTo(0.25).Within(1e-6), "the prior counts as a ten-thousandth of a row");
        Assert.That(statistics.Variance[0], Is.EqualTo(1));
        Assert.That(statistics.Variance[1], Is.LessThan(1));

        static RecordedEpisode WithConstantPosition(RecordedEpisode episode)
        {
            byte[] rows = [.. episode.Observations[0].Rows];
            for (int at = 0; at < rows.Length; at += 16) BitConverter.TryWriteBytes(rows.AsSpan(at), 0.25f);
            return episode with { Observations = [episode.Observations[0] with { Rows = rows }] };
        }
    }

    [Test]
    public void A_round_allocates_nothing_once_warm()
    {
        using var environments = Registry.Make("pendulum", count: 3, threads: 1);
        using var learner = Create(environments, Demonstrated(environments.Spec), seed: 1);
        learner.Begin();
        // Twice the time limit, so that episodes have ended and begun.
        for (int i = 0; i < 400; i++) learner.Iterate();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 400; i++) learner.Iterate();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Learning_without_demonstrations_or_from_those_of_another_task_is_refused()
    {
        using var pendulum = Registry.Make("pendulum");
        using var cartpole = Registry.Make("cartpole");
        var context = new LearnerContext(pendulum, 1, 100);
        Assert.That(() => new BehaviourCloning(context, new CloningSettings()), Throws.ArgumentException.With.Message.Contains("was given none"));
        Assert.That(() => new BehaviourCloning(cartpole, Demonstrated(pendulum.Spec), new CloningSettings()),
            Throws.ArgumentException.With.Message.Contains("the demonstrations are of pendulum, not of cartpole"));
        Assert.That(() => new BehaviourCloning(pendulum, Demonstrated(pendulum.Spec), new CloningSettings { PrivilegedCritic = true }),
            Throws.TypeOf<SettingsException>().With.Message.Contains("bc has no critic"));
    }

    private static DemonstrationData Data(EnvironmentSpec spec, EpisodeSet set) => DemonstrationData.Of(spec, set);

    /// <summary>Four episodes.</summary>
    private static DemonstrationData Demonstrated(EnvironmentSpec spec)
    {
        var definition = Registry.Find(spec.Id);
        return Data(spec, EpisodeCollector.Collect(definition, batch => new NoisyActor(definition.Expert!(batch), 0.1f), 4));
    }

    private static BehaviourCloning Create(BatchEnvironment environments, DemonstrationData data, ulong seed, params string[] settings)
        => new(environments, data, SettingsOverride.Apply(new CloningSettings { Hidden = [16], Batch = 64, ValidationFraction = 0.25f, Steps = 2000 }, settings), seed);

    private static Checkpoint Learnt(string id, ulong seed)
    {
        using var environments = Registry.Make(id, count: 3, threads: 1);
        using var learner = Create(environments, Demonstrated(environments.Spec), seed);
        learner.Train();
        var checkpoint = new Checkpoint();
        learner.Save(checkpoint);
        return checkpoint;
    }

    private static double Reported(Learner learner, string name)
    {
        var metrics = new List<Metric>();
        learner.Report(metrics);
        return metrics.Single(metric => metric.Name == name).Value;
    }

    private static void AssertSame(Checkpoint actual, Checkpoint expected)
    {
        Assert.That(actual.Names, Is.EquivalentTo(expected.Names));
        foreach (string name in expected.Names) Assert.That(actual.Get<byte>(name), Is.EqualTo(expected.Get<byte>(name)), name);
    }
}
