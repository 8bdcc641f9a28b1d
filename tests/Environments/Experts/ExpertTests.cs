using NUnit.Framework;
using Sim.Agents.Evaluation;
using Sim.Environments;
using Sim.Environments.Classic;
using Sim.Environments.Classic.Experts;

namespace Sim.Tests.Environments.Experts;

public sealed class ExpertTests
{
    private static IEnumerable<string> Ids => Registry.All.Where(definition => definition.Expert is not null).Select(definition => definition.Id);

    /// <summary>
    /// Over the 100 episodes that <c>sim evaluate</c> plays, whose mean the pages of the environments give. They are the
    /// same everywhere, so a floor leaves room only for other roundings of sines and square roots.
    /// </summary>
    [TestCase("cartpole", 500, ExpectedResult = null)]
    [TestCase("pendulum", -156, ExpectedResult = null)]
    [TestCase("acrobot", -92, ExpectedResult = 1.0)]
    [TestCase("mountain-car", -121, ExpectedResult = 1.0)]
    [TestCase("mountain-car-continuous", 97.5, ExpectedResult = 1.0)]
    [TestCase("quadrotor-hover", 155, ExpectedResult = 0.98)]
    [TestCase("quadrotor-track", 480, ExpectedResult = 1.0)]
    [TestCase("quadrotor-waypoints", 16, ExpectedResult = 1.0)]
    [TestCase("quadrotor-gates", 155, ExpectedResult = 1.0)]
    [TestCase("surgical-needle-reach", -19, ExpectedResult = 1.0)]
    [TestCase("surgical-gauze-retrieve", -35, ExpectedResult = 1.0)]
    [TestCase("surgical-needle-pick", -40, ExpectedResult = 1.0)]
    [TestCase("surgical-peg-transfer", -36, ExpectedResult = 0.99)]
    [TestCase("surgical-needle-regrasp", -38, ExpectedResult = 1.0)]
    [TestCase("surgical-bi-peg-transfer", -43, ExpectedResult = 0.99)]
    [TestCase("surgical-match-board-ii", -117, ExpectedResult = 0.95)]
    [TestCase("surgical-bi-peg-board", -93, ExpectedResult = 1.0)]
    [TestCase("surgical-ecm-reach", -6, ExpectedResult = 1.0)]
    [TestCase("surgical-mis-orient", -9, ExpectedResult = 1.0)]
    [TestCase("surgical-static-track", -28, ExpectedResult = 1.0)]
    [TestCase("surgical-active-track", 480, ExpectedResult = 1.0)]
    [TestCase("surgical-gym-psm-reach", -19, ExpectedResult = null)]
    [TestCase("surgical-gym-psm-track", -78, ExpectedResult = null)]
    [TestCase("surgical-gym-ecm-reach", -24, ExpectedResult = null)]
    [TestCase("surgical-gym-ecm-track", -59, ExpectedResult = null)]
    [TestCase("surgical-gym-star-reach", -23, ExpectedResult = null)]
    [TestCase("surgical-gym-star-track", -26.5, ExpectedResult = null)]
    [TestCase("minatar-asterix", 30.6, ExpectedResult = null)]
    [TestCase("minatar-breakout", 15.5, ExpectedResult = null)]
    [TestCase("minatar-freeway", 62.6, ExpectedResult = null)]
    [TestCase("minatar-seaquest", 16.9, ExpectedResult = null)]
    [TestCase("minatar-space-invaders", 18.1, ExpectedResult = null)]
    [TestCase("falling-dot", 10, ExpectedResult = 1.0)]
    [TestCase("pixel-pong", 20.2, ExpectedResult = null)]
    public double? The_expert_reaches_its_return_and_success_rate(string id, double floor)
    {
        var definition = Registry.Find(id);
        var result = Evaluator.Evaluate(definition, null, definition.Expert!, 100);
        Assert.That(result.ReturnMean, Is.GreaterThanOrEqualTo(floor));
        return result.SuccessRate;
    }

    /// <summary>Settings far from the default, at which gains made for the default one let the pole fall.</summary>
    [Test]
    public void The_cartpole_expert_balances_the_pole_that_the_batch_has()
    {
        var quick = new CartPoleSettings { HalfLength = 0.2f, Gravity = 30 };
        Assert.That(Mean(environments => new CartPoleExpert(environments)), Is.EqualTo(500));
        using var ordinary = Registry.Make("cartpole");
        Assert.That(Mean(_ => new CartPoleExpert(ordinary)), Is.LessThan(450));

        double Mean(Func<BatchEnvironment, IActor> actor) => Evaluator.Evaluate(CartPole.Definition, quick, actor, 20).ReturnMean;
    }

    [Test]
    public void Acting_allocates_nothing([ValueSource(nameof(Ids))] string id)
    {
        using var environments = Registry.Make(id, new EnvironmentOptions { Count = 5, Privileged = true });
        using var expert = Registry.Find(id).Expert!(environments);
        environments.Reset();
        Play(3);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Play(100);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Play(int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                expert.Act(environments);
                environments.Step();
            }
        }
    }

    [Test]
    public void An_expert_of_another_task_is_refused()
    {
        using var environments = Registry.Make("pendulum");
        Assert.That(() => new CartPoleExpert(environments), Throws.ArgumentException.With.Message.StartsWith(
            "this expert steers tasks with CartPoleSettings, not pendulum"));
    }
}
