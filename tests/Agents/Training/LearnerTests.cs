using NUnit.Framework;
using Sim.Agents;
using Sim.Agents.Evaluation;
using Sim.Agents.Policies;
using Sim.Agents.Sac;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Environments.Classic;
using Sim.Environments.Configuration;
using Sim.Environments.Quadrotors;

namespace Sim.Tests.Agents.Training;

/// <summary>What every learner owes: repeatable, resumable, free of garbage, and it stops where numbers end.</summary>
public sealed class LearnerTests
{
    /// <summary>Small networks; settings that use every part of the state that a checkpoint must hold.</summary>
    private static readonly Dictionary<string, string[]> s_small = new()
    {
        ["sac"] = ["hidden=16,16", "batch=32", "learning_starts=100", "updates_per_step=0.3", "actor_interval=2", "update_interval=3",
            "noise_correlation=0.9", "max_gradient_norm=1", "normalise_observations=true"],
        ["td3"] = ["hidden=16,16", "batch=32", "learning_starts=100", "updates_per_step=0.3", "noise_correlation=0.9", "normalise_observations=true"],
        ["ddpg"] = ["hidden=16,16", "batch=32", "learning_starts=100", "updates_per_step=0.3", "noise_correlation=0.9", "normalise_observations=true",
            "random_actions=0.2", "action_penalty=0.5"],
        ["ppo"] = ["hidden=16,16", "rollout_steps=25", "minibatch=50", "epochs=2", "normalise_observations=true", "normalise_rewards=true",
            "normalise_values=true", "reward_scale=0.5", "bounds_coefficient=0.1", "action_bound=0.01", "activation=elu"],
    };

    private static readonly string[] s_networks = ["actor", "critic", "critic-1", "critic-2", "target-actor", "target-critic", "target-critic-1", "target-critic-2", "log-std", "log-alpha"];

    [Test]
    public void The_same_seed_learns_the_same_bit_for_bit_and_another_seed_does_not([Values("sac", "td3", "ddpg", "ppo")] string algorithm)
    {
        var first = Trained(algorithm, seed: 1, steps: 600);
        var again = Trained(algorithm, seed: 1, steps: 600);
        var other = Trained(algorithm, seed: 2, steps: 600);
        AssertSame(first, again);
        Assert.That(other.Get<float>("actor/parameters"), Is.Not.EqualTo(first.Get<float>("actor/parameters")));
    }

    [Test]
    public void A_loaded_learner_continues_bit_for_bit([Values("sac", "td3", "ddpg", "ppo")] string algorithm)
    {
        var half = new Checkpoint();
        var whole = new Checkpoint();
        using (var environments = Environments(seed: 1))
        using (var learner = Create(algorithm, environments, seed: 1))
        {
            learner.Begin();
            Run(learner, 500);
            learner.Save(half);
            Run(learner, 800);
            learner.Save(whole);
        }
        // Seeds that differ: everything must come from the checkpoint, but for the draws' own seed.
        using var fresh = Environments(seed: 99);
        using var resumed = Create(algorithm, fresh, seed: 1);
        resumed.Load(half);
        Assert.That(resumed.Steps, Is.EqualTo(500));
        Run(resumed, 800);
        var continued = new Checkpoint();
        resumed.Save(continued);
        AssertSame(whole, continued);
    }

    [Test]
    public void Both_backends_make_the_same_first_update([Values("sac", "td3", "ddpg")] string algorithm)
    {
        // One update: with more, Adam turns the rounding of a gradient near zero into a step of another sign.
        string[] once = ["update_interval=1", "updates_per_step=0.01", "actor_interval=1"];
        string[] settings = algorithm switch { "sac" => once, "td3" => [.. once[..2], "policy_delay=1"], _ => once[..2] };
        var fused = Trained(algorithm, 1, 200, [.. settings, "backend=fused"]);
        var torch = Trained(algorithm, 1, 200, [.. settings, "backend=torch"]);
        Assert.That(fused.Get<long>("updates")[0], Is.EqualTo(1));
        foreach (string network in s_networks.Where(name => fused.Has($"{name}/shape.json")))
        {
            float[] expected = torch.Get<float>($"{network}/parameters"), actual = fused.Get<float>($"{network}/parameters");
            double largest = expected.Max(Math.Abs);
            for (int i = 0; i < expected.Length; i++)
                Assert.That(Math.Abs(expected[i] - actual[i]) / largest, Is.LessThan(1e-5), $"{network}, parameter {i}");
        }
    }

    [Test]
    public void A_round_allocates_nothing_once_warm([Values("sac", "td3", "ddpg")] string algorithm)
    {
        using var environments = Environments(seed: 1);
        using var learner = Create(algorithm, environments, seed: 1);
        learner.Begin();
        Run(learner, 3000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(learner, 6000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Evaluation_leaves_statistics_and_training_as_they_were([Values("sac", "td3", "ddpg", "ppo")] string algorithm)
    {
        var expected = Trained(algorithm, 1, 600);
        using var environments = Environments(seed: 1);
        using var learner = Create(algorithm, environments, seed: 1);
        learner.Begin();
        Run(learner, 300);
        var before = ((Policy)learner.Policy).Statistics!.Save();
        Evaluator.Evaluate(Pendulum.Definition, new PendulumSettings { EpisodeSteps = 20 }, learner.Policy, 5);
        Assert.That(((Policy)learner.Policy).Statistics!.Save(), Is.EqualTo(before));
        Run(learner, 600);
        var actual = new Checkpoint();
        learner.Save(actual);
        AssertSame(expected, actual);
    }

    [Test]
    public void A_loss_that_is_not_finite_stops_before_a_step_is_taken([Values("sac", "td3", "ddpg")] string algorithm)
    {
        // Rewards whose square is beyond float32.
        using var environments = Registry.Make("quadrotor-hover", new EnvironmentOptions { Count = 4 }, new HoverSettings { AliveReward = 3e38f });
        using var learner = Create(algorithm, environments, seed: 1);
        learner.Begin();
        Checkpoint before = new(), after = new();
        learner.Save(before);
        Assert.That(() => Run(learner, 1000), Throws.TypeOf<NonFiniteException>().With.Message.Matches(
            $"^{algorithm}: after 1[0-9][0-9] steps and 0 updates the critic loss is (Infinity|NaN)$"));
        learner.Save(after);
        foreach (string network in s_networks.Where(name => before.Has($"{name}/parameters")))
            Assert.That(after.Get<float>($"{network}/parameters"), Is.EqualTo(before.Get<float>($"{network}/parameters")), network);
    }

    [Test]
    public void An_observation_that_is_not_finite_stops_ppo([Values] bool reward)
    {
        using var environments = new Sim.Tests.Environments.Checking.BrokenEnvironment(Environments(seed: 1), new()
        {
            AfterStep = inner => (reward ? inner.Rewards : inner.Observations.Row(1))[1] = float.NaN,
        });
        using var learner = Algorithms.Find("ppo").Create(new LearnerContext(environments, 1, 1000), Settings("ppo", ["normalise_observations=false", "normalise_rewards=false", "activation=tanh"]));
        learner.Begin();
        Assert.That(learner.Iterate, Throws.TypeOf<NonFiniteException>().With.Message.Contains("ppo: after 0 steps"));
    }

    [Test]
    public void Sac_swings_the_pendulum_up_within_4000_steps()
    {
        using var environments = Registry.Make("pendulum", count: 1);
        using var learner = new Sim.Agents.Sac.Sac(environments, SacPresets.SettingsFor(environments.Spec) with { Steps = 4000 }, seed: 0);
        learner.Begin();
        double before = learner.Evaluate(20).ReturnMean;
        learner.Train();
        // An idle pendulum returns some -1200; a learnt one about -170 on these starts.
        Assert.That(before, Is.LessThan(-900));
        Assert.That(learner.Evaluate(20).ReturnMean, Is.GreaterThan(-450));
    }

    private static Checkpoint Trained(string algorithm, ulong seed, long steps, params string[] settings)
    {
        using var environments = Environments(seed);
        using var learner = Create(algorithm, environments, seed, settings);
        learner.Begin();
        Run(learner, steps);
        var checkpoint = new Checkpoint();
        learner.Save(checkpoint);
        return checkpoint;
    }

    private static BatchEnvironment Environments(ulong seed)
        => Pendulum.Definition.Create(new EnvironmentOptions { Count = 4, Seed = seed }, new PendulumSettings { EpisodeSteps = 20 });

    private static Learner Create(string algorithm, BatchEnvironment environments, ulong seed, params string[] settings)
        => Algorithms.Find(algorithm).Create(new LearnerContext(environments, seed, 10_000), Settings(algorithm, settings));

    private static LearnerSettings Settings(string algorithm, string[] settings)
    {
        var row = Algorithms.Find(algorithm);
        return SettingsOverride.Apply((LearnerSettings)Activator.CreateInstance(row.SettingsType)!, [.. s_small[algorithm], .. settings]);
    }

    private static void Run(Learner learner, long steps)
    {
        while (learner.Steps < steps) learner.Iterate();
    }

    private static void AssertSame(Checkpoint expected, Checkpoint actual)
    {
        Assert.That(actual.Names, Is.EquivalentTo(expected.Names));
        foreach (string name in expected.Names) Assert.That(actual.Get<byte>(name), Is.EqualTo(expected.Get<byte>(name)), name);
    }
}
