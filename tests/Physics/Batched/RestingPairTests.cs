using System.Numerics;
using NUnit.Framework;
using Sim.Physics.Batched;
using Sim.Physics.Batched.Contacts;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Tests.Physics.Batched;

/// <summary>Compounds that hardly move keep their contacts; whatever moves has them found anew.</summary>
public sealed class RestingPairTests
{
    private const float Gravity = 9.81f, Friction = 0.5f;

    private static readonly Material s_material = Material.Default with { Friction = Friction };

    private static readonly Shape s_crate = Shape.Compound(
        new CompoundPart(Shape.Box(0.1f, 0.2f, 0.1f), new Vector3(-0.05f, 0, 0)), new CompoundPart(Shape.Box(0.1f, 0.2f, 0.1f), new Vector3(0.05f, 0, 0)));

    private static IEnumerable<TestCaseData> Changes()
    {
        yield return new TestCaseData(Vector3.Zero, Quaternion.Identity, 0f, true).SetName("Where_nothing_has_changed_it_rests");
        yield return new TestCaseData(new Vector3(0, 0.9f * RestingPair.Travel, 0), Quaternion.Identity, 0f, true).SetName("Within_the_travel_it_rests");
        yield return new TestCaseData(new Vector3(0, 1.2f * RestingPair.Travel, 0), Quaternion.Identity, 0f, false).SetName("Beyond_the_travel_it_moves");
        yield return new TestCaseData(Vector3.Zero, Quaternion.CreateFromAxisAngle(Vector3.UnitX, 2.4f * RestingPair.Turn), 0f, false).SetName("Beyond_the_turn_it_moves");
        yield return new TestCaseData(Vector3.Zero, Quaternion.Identity, -0.1f, true).SetName("A_narrower_margin_was_searched_with_the_wider");
        yield return new TestCaseData(Vector3.Zero, Quaternion.Identity, 0.1f, false).SetName("A_wider_margin_must_be_searched");
    }

    [TestCaseSource(nameof(Changes))]
    public unsafe void A_pair_rests_where_it_stands_as_it_did_and_no_wider_margin_is_asked_for(Vector3 moved, Quaternion turned, float wider, bool expected)
    {
        float* numbers = stackalloc float[64];
        new Span<float>(numbers, 64).Clear();
        Rows<Lane1> rows = new(numbers), kept = rows.From(32), a = rows.From(0), b = rows.From(13);
        Put(b, new Vector3(0.1f, 0.2f, 0.3f), Quaternion.Identity);
        Put(a, Vector3.Zero, Quaternion.Identity);
        Lane1 margin = Lane1.Of(0.2f), all = Lane1.Equal(margin, margin);
        RestingPair.Find(kept, a, b, in margin, out Lane1 never);
        Assert.That(Lane1.Any(never), Is.False, "nothing was found yet");
        RestingPair.Keep(kept, a, b, in margin, in all, ~all);

        Put(a, moved, turned);
        Lane1 asked = Lane1.Of(0.2f + wider);
        RestingPair.Find(kept, a, b, in asked, out Lane1 rests);
        Assert.That(Lane1.Any(rests), Is.EqualTo(expected));
        RestingPair.Keep(kept, a, b, in asked, ~all, in all);
        Put(a, Vector3.Zero, Quaternion.Identity);
        RestingPair.Find(kept, a, b, in margin, out rests);
        Assert.That(Lane1.Any(rests), Is.False, "what was cleared is forgotten");
    }

    [Test]
    public void A_crate_at_rest_stays_for_a_minute_and_then_slides_as_far_as_friction_lets_it()
    {
        using var world = Floor(out var crate, wall: false);
        Run(world, 60);
        var resting = world.Body(0, crate).Pose;
        Run(world, 3600);
        Assert.That(Vector3.Distance(world.Body(0, crate).Pose.Position, resting.Position), Is.LessThan(2e-5f));
        Assert.That(world.Contact(0, crate, new BodyId(0)).Points, Is.EqualTo(4));
        const float speed = 1.5f;
        world.SetVelocity(0, crate, new Vector3(speed, 0, 0), Vector3.Zero);
        Run(world, 120);
        float slid = world.Body(0, crate).Pose.Position.X - resting.Position.X;
        // v² / 2 µ g; a compound's contacts, each solved whole before the next, brake a tenth less than a box's, at rest before or not.
        Assert.That(slid, Is.EqualTo(speed * speed / (2 * Friction * Gravity)).Within(12).Percent);
    }

    [Test]
    public void A_crate_pushed_out_of_its_rest_stops_at_a_wall()
    {
        using var world = Floor(out var crate, wall: true);
        Run(world, 600);
        world.SetVelocity(0, crate, new Vector3(8, 0, 0), Vector3.Zero);
        float furthest = 0;
        for (int step = 0; step < 120; step++)
        {
            world.Step();
            furthest = MathF.Max(furthest, world.Body(0, crate).Pose.Position.X);
        }
        Assert.That(furthest, Is.InRange(0.3f, 0.42f), "the wall begins 0.4 m from the crate's face");
    }

    private static BatchedWorld Floor(out BodyId crate, bool wall)
    {
        var builder = new SceneBuilder(new SceneSettings { Gravity = new Vector3(0, 0, -Gravity) });
        builder.AddStatic("floor", Shape.Plane(), Pose.Identity, s_material);
        crate = builder.AddDynamic("crate", s_crate, 1, new Vector3(0, 0, 0.05f), s_material);
        if (wall) builder.AddStatic("wall", Shape.Box(0.2f, 2, 2), new Vector3(0.6f, 0, 0));
        return new BatchedWorld(builder.Build(), 1);
    }

    private static void Run(BatchedWorld world, int steps)
    {
        for (int step = 0; step < steps; step++) world.Step();
    }

    private static unsafe void Put(Rows<Lane1> body, Vector3 position, Quaternion orientation)
    {
        float[] numbers = [position.X, position.Y, position.Z, orientation.X, orientation.Y, orientation.Z, orientation.W];
        for (int row = 0; row < numbers.Length; row++) body.Put(row, Lane1.Of(numbers[row]));
    }
}
