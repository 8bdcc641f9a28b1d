using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Surgical;
using Sim.Environments.Surgical.Camera;
using Sim.Physics.Numerics;

namespace Sim.Tests.Environments.Surgical.Camera;

public sealed class ActiveTrackTests
{
    /// <summary>Where a camera at joints zero looks at the height of the cubes: down its axis, (−½, 0, −cos 30°), from the RCM.</summary>
    private static readonly float AxisX = (float)(0.53132716 - ((0.78408818 - 0.05) * Math.Tan(Math.PI / 6)));

    [Test]
    public void The_reward_is_one_at_zero_error()
    {
        using var environments = Make(AxisX, 0);
        environments.Step();
        Assert.That(environments.Rewards[0], Is.EqualTo(1).Within(1e-6));
        Assert.That(environments.Terminated[0], Is.False);
    }

    [Test]
    public void It_falls_by_half_of_the_error_in_half_pictures()
    {
        using var environments = Make(AxisX, 0.1f);
        environments.Step();
        float x = environments.Observations.Row(0)[7], y = environments.Observations.Row(0)[8];
        Assert.That(MathF.Abs(x), Is.EqualTo(0.1 * Math.Sqrt(3) * Math.Cos(Math.PI / 6) / (0.78408818 - 0.05 - 0.0207 * Math.Cos(Math.PI / 6))).Within(1e-5));
        Assert.That(environments.Rewards[0], Is.EqualTo(1 - (Math.Sqrt((x * x) + (y * y)) / 2)).Within(1e-6));
    }

    // Half a picture is 0.478 m across the axis at its foot; left in the picture is −y in the world.
    [TestCase(0.52f, false)]
    [TestCase(0.54f, true)]
    [TestCase(-0.56f, false)]
    [TestCase(-0.59f, true)]
    public void Out_of_the_box_the_episode_ends(float y, bool ended)
    {
        using var environments = Make(AxisX, y);
        environments.Step();
        Assert.That(environments.Observations.Row(0)[7], Is.EqualTo(y / 0.4778).Within(0.01), "right is +y");
        Assert.That(environments.Terminated[0], Is.EqualTo(ended));
        Assert.That(environments.Truncated[0], Is.False);
    }

    [Test]
    public void Episodes_start_in_view()
    {
        using var environments = Registry.Make("surgical-active-track", count: 1000);
        environments.Reset();
        int unseen = Enumerable.Range(0, 1000).Count(lane => environments.Observations.Row(lane)[6] == 0);
        // One start in 17 would be out of view; eight tries leave the few paths that keep to the corners near the arm.
        Assert.That(unseen, Is.LessThanOrEqualTo(1));
    }

    [TestCase(Parity.Source)]
    [TestCase(Parity.Corrected)]
    public void In_parity_alone_every_path_is_entered_at_its_beginning(Parity parity)
    {
        var settings = new ActiveTrackSettings { Parity = parity };
        var samples = new HashSet<float>();
        for (uint seed = 0; seed < 100; seed++)
        {
            LaneRandom<Lane1> random = default;
            random.SeedLow = Lane1.OfBits(seed);
            ActiveTrackTask<Lane1>.Reset(out var state, in random, in settings);
            samples.Add(state.Sample.Value);
        }
        if (parity == Parity.Source) Assert.That(samples, Is.EqualTo(new[] { 1f }));
        else Assert.That(samples, Has.Count.GreaterThan(80));
    }

    [Test]
    public void An_episode_that_lasts_is_a_success_and_one_that_ends_early_is_none()
    {
        using var environments = Registry.Make("surgical-active-track", new EnvironmentOptions { Autoreset = AutoresetMode.Disabled, Count = 20 });
        using var expert = Registry.Find("surgical-active-track").Expert!(environments);
        environments.Reset();
        bool[] ended = new bool[20];
        for (int step = 1; step <= 500; step++)
        {
            expert.Act(environments);
            for (int i = 0; i < 10 * 3; i++) environments.Actions[i] = 1;
            environments.Step();
            for (int lane = 0; lane < 20; lane++)
            {
                if (ended[lane] || !(environments.Terminated[lane] || environments.Truncated[lane])) continue;
                ended[lane] = true;
                Assert.That(environments.IsSuccess[lane], Is.EqualTo(!environments.Terminated[lane]));
                Assert.That(environments.Terminated[lane], Is.EqualTo(lane < 10), "a camera that turns away loses the target, the expert does not");
            }
        }
        Assert.That(ended, Is.All.True);
    }

    /// <summary>A batch of one whose target stands at a place.</summary>
    private static BatchEnvironment Make(float x, float y)
    {
        var environments = Registry.Make("surgical-active-track", new EnvironmentOptions { Autoreset = AutoresetMode.Disabled },
            new ActiveTrackSettings { Table = new() { XLow = x, XHigh = x, YLow = y, YHigh = y } });
        environments.Reset();
        return environments;
    }
}
