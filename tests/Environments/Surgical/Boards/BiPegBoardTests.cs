using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Spaces;
using Sim.Environments.Surgical.Boards;
using Sim.Environments.Surgical.Manipulation;

namespace Sim.Tests.Environments.Surgical.Boards;

public sealed class BiPegBoardTests
{
    private const string Id = "surgical-bi-peg-board";

    [Test]
    public void Spaces_are_those_of_the_source()
    {
        var spec = BiPegBoard.Definition.Describe(BiPegBoard.Definition.DefaultSettings);
        Assert.That(spec.ObservationBox.Size, Is.EqualTo(35));
        Assert.That(spec.Action.Size, Is.EqualTo(10));
        Assert.That(((Dict)spec.Observation)["desired_goal"].Size, Is.EqualTo(3));
    }

    [Test]
    public void A_ring_that_nobody_touches_hangs_still()
    {
        using var environments = Registry.Make(Id, 8);
        environments.Reset(1);
        float[][] before = [.. Enumerable.Range(0, 8).Select(lane => environments.Groups[1].Current.Row(lane).ToArray())];
        for (int step = 0; step < 50; step++)
        {
            environments.Actions.Clear();
            environments.Step();
        }
        // The contact's spring gives way by some hundredths of a millimetre.
        for (int lane = 0; lane < 8; lane++)
            Assert.That(environments.Groups[1].Current.Row(lane).ToArray(), Is.EqualTo(before[lane]).Within(1e-4f * 5));
    }

    [Test]
    public void The_expert_reaches_the_subgoals_in_order_and_hands_the_ring_over()
    {
        using var environments = Registry.Make(Id, new EnvironmentOptions { Privileged = true });
        using var expert = BiPegBoard.Definition.Expert!(environments);
        environments.Reset(1);
        var subgoals = new List<int>();
        var phases = new List<string>();
        for (int step = 0; step < 139; step++)
        {
            var info = environments.Info!.Current.Row(0);
            string phase = Phases.Names[(int)info[0]];
            if (phases.Count == 0 || phases[^1] != phase) phases.Add(phase);
            if (subgoals.Count == 0 || subgoals[^1] != (int)info[3]) subgoals.Add((int)info[3]);
            expert.Act(environments);
            environments.Step();
        }
        Assert.That(subgoals, Is.EqualTo(new[] { 0, 1, 2, 3 }));
        Assert.That(phases, Is.SupersetOf(new[] { "approach", "grasp", "hand_over", "transfer", "done" }));
        Assert.That(phases[^1], Is.EqualTo("done"));
    }

    [Test]
    public void A_ring_lies_flat_about_its_peg_at_the_end()
    {
        using var environments = Registry.Make(Id, new EnvironmentOptions { Count = 16, Privileged = true, Autoreset = AutoresetMode.Disabled });
        using var expert = BiPegBoard.Definition.Expert!(environments);
        environments.Reset(1);
        for (int step = 0; step < 140; step++)
        {
            expert.Act(environments);
            environments.Step();
        }
        for (int lane = 0; lane < 16; lane++)
        {
            float[] ring = environments.Groups[1].Current.Row(lane).ToArray(), goal = environments.Groups[2].Current.Row(lane).ToArray();
            // The board is 4.8 mm below the goal, the wire 1.1 mm thick on both sides of its middle.
            Assert.That((ring[2] - goal[2]) / 5, Is.EqualTo(-4.8e-3f + RingBoard.Wire).Within(0.1e-3f));
            Assert.That(MathF.Sqrt(MathF.Pow(ring[0] - goal[0], 2) + MathF.Pow(ring[1] - goal[1], 2)) / 5, Is.LessThan(RingBoard.Radius - RingBoard.Wire - RingBoard.PegRadius + 0.1e-3f), "the peg is within the ring");
        }
    }

    [Test]
    public void The_remaining_steps_say_how_long_the_expert_takes()
    {
        using var environments = Registry.Make(Id, new EnvironmentOptions { Count = 16, Privileged = true });
        using var expert = BiPegBoard.Definition.Expert!(environments);
        environments.Reset(1);
        float[] told = [.. Enumerable.Range(0, 16).Select(lane => environments.Info!.Current.Row(lane)[1])];
        int[] taken = new int[16];
        for (int step = 1; step < 140; step++)
        {
            expert.Act(environments);
            environments.Step();
            for (int lane = 0; lane < 16; lane++)
            {
                if (taken[lane] == 0 && environments.Rewards[lane] == 0) taken[lane] = step;
            }
        }
        // Turns are not counted: that of 80° before the goal takes some eight steps longer than the way.
        for (int lane = 0; lane < 16; lane++) Assert.That(told[lane], Is.EqualTo(taken[lane]).Within(15));
    }

    [Test]
    public void The_expert_does_it_by_nearness_too()
    {
        var settings = new BiPegBoardSettings();
        settings = settings with { World = settings.World with { Grasp = GraspMode.ProximityWeld } };
        using var environments = Registry.Make(Id, new EnvironmentOptions { Count = 32, Privileged = true }, settings);
        using var expert = BiPegBoard.Definition.Expert!(environments);
        environments.Reset(1);
        for (int step = 0; step < 140; step++)
        {
            expert.Act(environments);
            environments.Step();
        }
        Assert.That(environments.IsSuccess.ToArray().Count(success => success), Is.GreaterThanOrEqualTo(30));
    }
}
