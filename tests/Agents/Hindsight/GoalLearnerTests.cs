using NUnit.Framework;
using Sim.Agents;
using Sim.Agents.Ddpg;
using Sim.Agents.Evaluation;
using Sim.Agents.Policies;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Environments.Configuration;
using Sim.Environments.Episodes;

namespace Sim.Tests.Agents.Hindsight;

/// <summary>What learners owe in goal tasks, and what hindsight and demonstrations are for.</summary>
public sealed class GoalLearnerTests
{
    private static readonly string[] s_small = ["hidden=16,16", "batch=32", "learning_starts=200", "updates_per_step=0.3", "normalise_observations=true"];

    private static readonly DemonstrationData s_demonstrations = DemonstrationData.Of(Errand.Definition.Describe(new ErrandSettings()),
        EpisodeCollector.Collect(Errand.Definition, Errand.Definition.Expert!, 10));

    [Test]
    public void Every_agents_actor_reads_the_observation_and_the_desired_goal([ValueSource(nameof(AgentNames))] string algorithm)
    {
        using var environments = Environments(1);
        using var learner = Create(algorithm, environments, demonstrated: algorithm == "bc");
        learner.Begin();
        learner.Iterate();
        Assert.That(((Policy)learner.Policy).Actor.Shape.Inputs, Is.EqualTo(10), "7 observed numbers, 3 of the goal");
        var checkpoint = new Checkpoint();
        learner.Save(checkpoint);
        using var loaded = Policy.Load(environments.Spec, checkpoint);
        loaded.Act(environments);
        float[] actions = environments.Actions.ToArray(), rows = new float[4 * 10], own = new float[4 * 5];
        for (int lane = 0; lane < 4; lane++)
        {
            environments.Observations.Row(lane).CopyTo(rows.AsSpan(lane * 10));
            environments.Groups[2].Current.Row(lane).CopyTo(rows.AsSpan((lane * 10) + 7));
        }
        loaded.Act(rows, 4, own);
        Assert.That(actions, Is.EqualTo(own));
        rows[7] += 0.1f;
        loaded.Act(rows, 4, own);
        Assert.That(actions, Is.Not.EqualTo(own), "another goal, another action");
    }

    [TestCase("ddpg", false)]
    [TestCase("ddpg", true)]
    [TestCase("sac", false)]
    [TestCase("sac", true)]
    [TestCase("td3", false)]
    public void The_same_seed_learns_the_same_bit_for_bit(string algorithm, bool demonstrated)
    {
        AssertSame(Trained(algorithm, demonstrated), Trained(algorithm, demonstrated));
    }

    [TestCase("ddpg", false)]
    [TestCase("ddpg", true)]
    [TestCase("sac", false)]
    [TestCase("sac", true)]
    [TestCase("td3", false)]
    public void A_loaded_learner_continues_bit_for_bit_in_the_middle_of_an_episode(string algorithm, bool demonstrated)
    {
        Checkpoint half = new(), whole = new(), continued = new();
        using (var environments = Environments(1))
        using (var learner = Create(algorithm, environments, demonstrated))
        {
            learner.Begin();
            Run(learner, 500);
            learner.Save(half);
            Run(learner, 1000);
            learner.Save(whole);
        }
        using var fresh = Environments(99);
        using var resumed = Create(algorithm, fresh, demonstrated);
        resumed.Load(half);
        Run(resumed, 1000);
        resumed.Save(continued);
        AssertSame(whole, continued);
    }

    [Test]
    public void A_round_allocates_nothing_once_warm([Values("ddpg", "sac")] string algorithm)
    {
        using var environments = Environments(1);
        using var learner = Create(algorithm, environments, demonstrated: true);
        learner.Begin();
        Run(learner, 3000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(learner, 5000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Hindsight_learns_to_reach_what_plain_rewards_do_not_within_8000_steps([Values("ddpg", "sac")] string algorithm)
    {
        double with = Reached(algorithm, "hindsight=future"), without = Reached(algorithm, "hindsight=none");
        Assert.That(with, Is.GreaterThan(0.9));
        Assert.That(without, Is.LessThan(with));
    }

    [Test]
    public void A_demonstration_that_ended_in_a_fault_loses_its_last_step()
    {
        var set = EpisodeCollector.Collect(Errand.Definition, Errand.Definition.Expert!, 2);
        var whole = set.Episodes.ToArray();
        whole[0].Actions[^1] = float.NaN;
        var data = DemonstrationData.Of(s_demonstrations.Spec, set with { Episodes = [whole[0] with { Faulted = true }, whole[1]] });
        Assert.That(data.Episodes.Select(episode => (episode.Start, episode.Length, episode.Terminated)), Is.EqualTo(new[] { (0, 49, false), (49, 50, false) }));
        Assert.That(() => DemonstrationData.Of(s_demonstrations.Spec, set), Throws.TypeOf<InvalidDataException>().With.Message.Contains("acts NaN in step 49"));
    }

    [Test]
    public void Demonstrated_transitions_are_what_the_demonstrator_saw_did_and_achieved()
    {
        using var environments = Environments(1);
        var context = new LearnerContext(environments, 1, 1000) { Demonstrations = s_demonstrations };
        using var transitions = new Sim.Agents.Hindsight.DemonstratedTransitions(context, new DdpgSettings(), null);
        Assert.That(transitions.Replay.Count, Is.EqualTo(500));
        for (int row = 0; row < 500; row++)
        {
            var transition = transitions.Replay[row];
            Assert.That(transition.Achieved.SequenceEqual(transition.NextInputs[..3]), Is.True, "the hand's place is the achieved goal");
            Assert.That(transition.NextInputs[7..].SequenceEqual(transition.Inputs[7..]), Is.True, "an episode has one goal");
            Assert.That(transition.Success, Is.EqualTo(transition.Reward + 1));
            if (row % 50 < 49) Assert.That(transition.NextInputs.SequenceEqual(transitions.Replay[row + 1].Inputs), Is.True);
            Assert.That(transitions.Hindsight!.Spans.After(row), Is.EqualTo(49 - (row % 50)));
        }
    }

    [Test]
    public void Demonstrations_are_refused_where_critics_are_to_read_what_they_do_not_hold()
    {
        using var privileged = Registry.Make("surgical-needle-reach", new EnvironmentOptions { Count = 2, Privileged = true });
        var reach = Registry.Find("surgical-needle-reach");
        var context = new LearnerContext(privileged, 1, 1000) { Demonstrations = DemonstrationData.Of(privileged.Spec, EpisodeCollector.Collect(reach, reach.Expert!, 1)) };
        Assert.That(() => new Sim.Agents.Ddpg.Ddpg(context, new DdpgSettings { PrivilegedCritic = true }),
            Throws.TypeOf<SettingsException>().With.Message.Contains("demonstrations hold no privileged observations"));
    }

    /// <summary>Those whose policy is a perceptron; drama's is tested with the rest of it.</summary>
    private static string[] AgentNames => [.. Algorithms.All.Where(algorithm => algorithm.TakesNumbers && algorithm.Name != "drama").Select(algorithm => algorithm.Name)];

    private static double Reached(string algorithm, params string[] settings)
    {
        using var environments = Errand.Definition.Create(new EnvironmentOptions { Count = 4, Seed = 1 });
        var preset = Algorithms.Find(algorithm).PresetFor(environments.Spec).Settings;
        var chosen = SettingsOverride.Apply(preset, ["hidden=64,64", .. settings]);
        using var learner = Algorithms.Find(algorithm).Create(new LearnerContext(environments, 1, 8000), chosen);
        learner.Begin();
        Run(learner, 8000);
        return Evaluator.Evaluate(Errand.Definition, new ErrandSettings(), learner.Policy).SuccessRate!.Value;
    }

    private static Checkpoint Trained(string algorithm, bool demonstrated)
    {
        using var environments = Environments(1);
        using var learner = Create(algorithm, environments, demonstrated);
        learner.Begin();
        Run(learner, 600);
        var checkpoint = new Checkpoint();
        learner.Save(checkpoint);
        return checkpoint;
    }

    private static BatchEnvironment Environments(ulong seed) => Errand.Definition.Create(new EnvironmentOptions { Count = 4, Seed = seed });

    private static Learner Create(string algorithm, BatchEnvironment environments, bool demonstrated, params string[] more)
    {
        var row = Algorithms.Find(algorithm);
        var settings = (LearnerSettings)Activator.CreateInstance(row.SettingsType)!;
        string[] small = algorithm is "ppo" or "bc" ? [] : demonstrated ? [.. s_small, "demonstration_batch=24"] : s_small;
        var context = new LearnerContext(environments, 1, 10_000) { Demonstrations = demonstrated ? s_demonstrations : null };
        return row.Create(context, SettingsOverride.Apply(settings, [.. small, .. more]));
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
