using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Classic;
using Sim.Environments.Episodes;

namespace Sim.Tests.Environments.Episodes;

public sealed class NoisyActorTests
{
    [Test]
    public void Noise_has_the_deviation_it_was_given_in_units_of_the_half_range()
    {
        // A pendulum that hangs still: the expert idles, and what is recorded is the noise.
        var idle = Play(0.1f, new PendulumSettings { EpisodeSteps = 5000 }, _ => new Idle());
        double deviation = Math.Sqrt(idle.Average(action => (double)action * action));
        // 0.1 of 2 N·m. The standard error of a deviation of 5000 draws is 1 %; 4 of them.
        Assert.That(deviation, Is.EqualTo(0.2).Within(0.04 * 0.2));
    }

    [Test]
    public void Noisy_actions_stay_within_the_limits()
    {
        float[] actions = Play(3, new PendulumSettings());
        Assert.That(actions, Has.All.InRange(-2f, 2f));
        Assert.That(actions.Distinct().Count(), Is.GreaterThan(20));
    }

    [Test]
    public void No_noise_changes_nothing()
        => Assert.That(Play(0, new PendulumSettings()),
            Is.EqualTo(EpisodeCollector.Collect(Pendulum.Definition, Pendulum.Definition.Expert!, 1).Episodes.Single().Actions));

    [Test]
    public void The_share_of_other_choices_is_the_one_asked_for()
    {
        var definition = MountainCar.Definition;
        var settings = new MountainCarSettings { Force = 0, EpisodeSteps = 5000 };
        var set = EpisodeCollector.Collect(definition, _ => new NoisyActor(new Idle(), 0.3f), 1, settings: settings);
        double others = set.Episodes.Single().Choices.Average(choice => choice == 0 ? 0.0 : 1);
        // Two thirds of the random choices differ from the actor's. Standard error 0.6 %; 4 of them.
        Assert.That(others, Is.EqualTo(0.2).Within(0.024));
    }

    [Test]
    public void Noise_does_not_depend_on_the_batch()
    {
        var alone = EpisodeCollector.Collect(Pendulum.Definition, Noisy, 1, seed: 12);
        var among = EpisodeCollector.Collect(Pendulum.Definition, Noisy, 5, seed: 10).Episodes.ElementAt(2);
        Assert.That(among.Actions, Is.EqualTo(alone.Episodes.Single().Actions));

        static IActor Noisy(BatchEnvironment batch) => new NoisyActor(Pendulum.Definition.Expert!(batch), 0.2f);
    }

    [Test]
    public void The_second_episode_of_a_lane_has_the_noise_of_the_same_episode_alone()
    {
        using var environments = Pendulum.Definition.Create(new EnvironmentOptions { Seed = 4 }, new PendulumSettings { EpisodeSteps = 10 });
        using var actor = new NoisyActor(new Idle(), 0.2f);
        using var fresh = new NoisyActor(new Idle(), 0.2f);
        environments.Reset();
        for (int step = 0; step < 10; step++)
        {
            actor.Act(environments);
            environments.Step();
        }
        Assert.That(environments.EpisodeOf(0).Number, Is.EqualTo(1));
        actor.Act(environments);
        float second = environments.Actions[0];
        fresh.Act(environments);
        Assert.That(second, Is.EqualTo(environments.Actions[0]).And.Not.Zero);
    }

    [Test]
    public void Acting_allocates_nothing()
    {
        using var environments = Registry.Make("pendulum", count: 5, threads: 1);
        using var actor = new NoisyActor(Pendulum.Definition.Expert!(environments), 0.2f);
        environments.Reset();
        actor.Act(environments);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) actor.Act(environments);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [TestCase(-0.1f)]
    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void Noise_that_is_no_deviation_is_refused(float noise)
        => Assert.That(() => new NoisyActor(new Idle(), noise), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("must be 0 or more"));

    private static float[] Play(float noise, PendulumSettings settings, Func<BatchEnvironment, IActor>? actor = null)
        => EpisodeCollector.Collect(Pendulum.Definition, batch => new NoisyActor((actor ?? Pendulum.Definition.Expert!)(batch), noise), 1, settings: settings)
            .Episodes.Single().Actions;

    private sealed class Idle : IActor
    {
        public void Act(BatchEnvironment environments)
        {
            environments.Actions.Clear();
            environments.DiscreteActions.Clear();
        }

        public void Dispose()
        {
        }
    }
}
