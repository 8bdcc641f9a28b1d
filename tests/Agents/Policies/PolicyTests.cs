using NUnit.Framework;
using Sim.Agents.Networks;
using Sim.Agents.Policies;
using Sim.Agents.Training;
using Sim.Environments;

namespace Sim.Tests.Agents.Policies;

public sealed class PolicyTests
{
    /// <summary>More than one pass of the network, the last one short.</summary>
    private const int Rows = 29, MaxRows = 12;

    [Test]
    public void Rows_get_the_actions_that_a_batch_of_environments_gets(
        [Values("quadrotor-hover", "pendulum", "cartpole")] string id, [Values] bool normalised)
    {
        using var environments = Registry.Make(id, Rows, seed: 3);
        environments.Reset();
        var statistics = normalised ? new RunningMoments(environments.Spec.ObservationBox.Size) : null;
        statistics?.Update(environments.Observations.AsMatrix());
        using var policy = Policy(environments.Spec, statistics);
        policy.Act(environments);

        float[] observations = environments.Observations.Floats.ToArray();
        if (environments.DiscreteActions.IsEmpty)
        {
            float[] actions = new float[environments.Actions.Length];
            policy.Act(observations, Rows, actions);
            Assert.That(actions, Is.EqualTo(environments.Actions.ToArray()));
            Assert.That(actions.Distinct().Count(), Is.GreaterThan(Rows / 2), "rows differ, or the test shows nothing");
        }
        else
        {
            int[] choices = new int[Rows];
            policy.Act(observations, Rows, choices);
            Assert.That(choices, Is.EqualTo(environments.DiscreteActions.ToArray()));
            Assert.That(choices.Distinct().Count(), Is.GreaterThan(1));
        }
    }

    [Test]
    public void Actions_come_in_the_units_of_the_space_and_within_its_limits()
    {
        var spec = Spec("pendulum");
        using var policy = Policy(spec, null, scale: 40);
        float[] observations = [.. Enumerable.Range(0, Rows * 3).Select(i => MathF.Sin(i))];
        float[] actions = new float[Rows];
        policy.Act(observations, Rows, actions);
        // The pendulum's torque is limited to 2 N·m; outputs of some ±40 are clipped there.
        Assert.That(actions, Has.All.InRange(-2f, 2f));
        Assert.That(actions, Has.Some.EqualTo(2f).And.Some.EqualTo(-2f));
    }

    [Test]
    public void Acting_on_rows_allocates_nothing_once_warm([Values("quadrotor-hover", "cartpole")] string id)
    {
        var spec = Spec(id);
        using var policy = Policy(spec, new RunningMoments(spec.ObservationBox.Size));
        float[] observations = new float[Rows * spec.ObservationBox.Size];
        float[] actions = new float[id == "cartpole" ? 0 : Rows * 4];
        int[] choices = new int[Rows];
        for (int i = 0; i < 3; i++) Act();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) Act();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Act()
        {
            if (actions.Length == 0) policy.Act(observations, Rows, choices);
            else policy.Act(observations, Rows, actions);
        }
    }

    [Test]
    public void Spans_of_another_length_or_kind_are_refused()
    {
        using var pendulum = Policy(Spec("pendulum"), null);
        using var cartpole = Policy(Spec("cartpole"), null);
        Assert.That(() => pendulum.Act(new float[5], 2, new float[2]), Throws.ArgumentException.With.Message.EqualTo("2 rows of pendulum are 6 observed numbers, not 5"));
        Assert.That(() => pendulum.Act(new float[6], 2, new float[3]), Throws.ArgumentException.With.Message.EqualTo("2 rows of pendulum take 2 numbers of action, not 3"));
        Assert.That(() => cartpole.Act(new float[8], 2, new int[1]), Throws.ArgumentException.With.Message.EqualTo("2 rows of cartpole take 2 numbers of action, not 1"));
        Assert.That(() => pendulum.Act(new float[3], 1, new int[1]), Throws.InvalidOperationException.With.Message.Contains("ask for float"));
        Assert.That(() => cartpole.Act(new float[4], 1, new float[1]), Throws.InvalidOperationException.With.Message.Contains("ask for int"));
    }

    private static EnvironmentSpec Spec(string id)
    {
        var definition = Registry.Find(id);
        return definition.Describe(definition.DefaultSettings);
    }

    private static Policy Policy(EnvironmentSpec spec, RunningMoments? statistics, float scale = 1)
    {
        bool discrete = spec.Action is Sim.Environments.Spaces.Discrete;
        var shape = new MlpShape(spec.ObservationBox.Size, [16], discrete ? 2 : spec.Action.Size, Activation.Tanh);
        float[] parameters = MlpInitialiser.Orthogonal(shape, seed: 5, network: 0, headGain: scale);
        var actor = NetworkFactory.Create(shape, parameters, new AdamSettings(), MaxRows, NetworkBackend.Fused);
        return new Policy(spec, actor, discrete ? PolicyHead.Categorical : PolicyHead.Gaussian, statistics, ownsActor: true);
    }
}
