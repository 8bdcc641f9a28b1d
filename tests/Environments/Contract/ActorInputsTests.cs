using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Spaces;
using Sim.Tests.Protocols.Server;

namespace Sim.Tests.Environments.Contract;

/// <summary>What actors read: the observation, and in goal tasks the desired goal behind it.</summary>
public sealed class ActorInputsTests
{
    [Test]
    public void Without_goals_the_observation_is_read_in_place()
    {
        using var environments = Registry.Make("pendulum", count: 3);
        environments.Reset();
        var inputs = new ActorInputs(environments);
        Assert.That(inputs.Read(), Is.SameAs(environments.Observations));
        Assert.That(environments.Spec.ActorBox, Is.SameAs(environments.Spec.ObservationBox));
        Assert.That(environments.Spec.GoalBox, Is.Null);
    }

    [Test]
    public void The_desired_goal_stands_behind_the_observation_also_where_an_episode_ended()
    {
        using var environments = Reach.Definition.Create(new EnvironmentOptions { Count = 3, Seed = 1 });
        environments.Reset();
        Assert.That(environments.Spec.ActorBox.Size, Is.EqualTo(2));
        var inputs = new ActorInputs(environments);
        float[] start = new float[2], final = new float[2];
        inputs.Write(1, ended: false, start);
        environments.Actions.Fill(0.5f);
        for (int step = 0; step < 50; step++)
        {
            var rows = inputs.Read();
            for (int lane = 0; lane < 3; lane++)
                Assert.That(rows.Row(lane).ToArray(), Is.EqualTo(new[] { environments.Observations.Row(lane)[0], environments.Groups[2].Current.Row(lane)[0] }));
            environments.Step();
        }
        Assert.That(environments.Truncated[1], Is.True);
        inputs.Write(1, ended: true, final);
        Assert.That(final[0], Is.EqualTo(environments.FinalObservations.Row(1)[0]));
        Assert.That(final[1], Is.EqualTo(start[1]), "the goal of the episode that ended, not of the next");
        Assert.That(inputs.Read().Row(1)[1], Is.Not.EqualTo(start[1]));
    }

    [Test]
    public void Boxes_of_different_types_make_no_single_box()
    {
        var bytes = new Box([0], [255], type: ElementType.UInt8);
        Assert.That(() => Box.Join(Box.Symmetric(2), bytes), Throws.ArgumentException.With.Message.Contains("different types"));
        var joined = Box.Join(new Box([-1], [1], ["x"]), new Box([-2, -3], [2, 3], ["y", "z"]));
        Assert.That((joined.Size, string.Join(' ', joined.Labels), joined.Low[2]), Is.EqualTo((3, "x y z", -3f)));
    }

    [Test]
    public void Bytes_become_fractions_of_their_upper_limit_at_every_length([Values(1, 15, 16, 17, 40)] int length, [Values(1, 255)] int limit)
    {
        var box = new Box(new float[length], [.. Enumerable.Repeat((float)limit, length)], type: ElementType.UInt8);
        byte[] bytes = [.. Enumerable.Range(0, 2 * length).Select(i => (byte)(i * 37 % (limit + 1)))];
        float[] numbers = new float[2 * length];
        box.ToUnit(bytes, numbers);
        Assert.That(numbers, Is.EqualTo(bytes.Select(number => number * (1f / limit))));
        Assert.That((box.AsUnit().Type, box.AsUnit().High[0], box.AsUnit().Size), Is.EqualTo((ElementType.Float32, 1f, length)));
    }

    [Test]
    public void Bytes_of_several_upper_limits_have_no_common_scale()
        => Assert.That(() => new Box([0, 0], [255, 1], type: ElementType.UInt8).AsUnit(), Throws.ArgumentException.With.Message.Contains("no common scale"));
}
