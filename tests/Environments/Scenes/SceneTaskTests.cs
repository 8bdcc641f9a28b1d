using System.Numerics;
using System.Runtime.InteropServices;
using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Checking;
using Sim.Physics.Batched;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Tests.Environments.Scenes;

/// <summary>Tasks with a physics world keep the contract of all tasks.</summary>
public sealed class SceneTaskTests
{
    [Test]
    public void A_task_with_a_world_keeps_the_contract()
        => Assert.That(EnvironmentChecker.Check(Paddle.Definition), Is.Empty);

    [Test]
    public void Its_kind_says_that_it_has_a_world()
        => Assert.That(Paddle.Definition.Describe(new PaddleSettings()).Kind, Is.EqualTo("scene"));

    [TestCase(AutoresetMode.SameStep)]
    [TestCase(AutoresetMode.NextStep)]
    [TestCase(AutoresetMode.Disabled)]
    public void A_step_allocates_nothing(AutoresetMode mode)
    {
        using var environments = Paddle.Definition.Create(new EnvironmentOptions { Count = 13, Autoreset = mode, Lanes = 8 });
        environments.Reset(1);
        long allocated = 0;
        for (int step = 0; step < 200; step++)
        {
            RandomActions.Fill(environments, 1, step);
            long before = GC.GetAllocatedBytesForCurrentThread();
            environments.Step();
            // The first steps compile.
            if (step >= 100) allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void A_snapshot_whose_world_no_step_could_have_left_is_refused()
    {
        using var environments = Paddle.Definition.Create(new EnvironmentOptions { Count = 3 });
        environments.Reset(1);
        var snapshot = environments.Snapshot(1);
        byte[] before = snapshot.Data.ToArray();
        byte[] noise = snapshot.Data.ToArray();
        MemoryMarshal.Cast<byte, float>(noise.AsSpan(0, environments.StateBytes)).Fill(77.5f);
        Assert.That(() => environments.Restore(1, new LaneSnapshot(snapshot.Environment, noise)),
            Throws.ArgumentException.With.Message.Contains("contacts"));
        Assert.That(environments.Snapshot(1).Data.ToArray(), Is.EqualTo(before), "nothing has changed");
    }

    [Test]
    public void Tiles_move_as_the_world_of_the_same_scene_does()
    {
        var scene = PaddleTask<Lane1>.Build(new PaddleSettings());
        using var world = new BatchedWorld(scene, 8, lanes: 8);
        using var tiles = new LaneWorld<Lane8>(scene, 1);
        var tile = tiles.Tile(0, 0, ~Lane8.OfBits(0));
        for (int step = 0; step < 120; step++)
        {
            world.Step();
            tile.Step();
        }
        byte[] expected = new byte[world.SnapshotBytes];
        float[] actual = new float[tiles.Rows];
        for (int lane = 0; lane < 8; lane++)
        {
            world.Snapshot(lane, expected);
            tiles.Save(0, lane, actual);
            Assert.That(MemoryMarshal.AsBytes(actual.AsSpan()).SequenceEqual(expected), Is.True, $"lane {lane}");
        }
    }

    [Test]
    public void What_a_tile_writes_reaches_only_the_lanes_it_may_write_to()
    {
        var scene = PaddleTask<Lane1>.Build(new PaddleSettings());
        using var tiles = new LaneWorld<Lane8>(scene, 1);
        float[] mask = new float[8];
        mask[3] = BitConverter.UInt32BitsToSingle(uint.MaxValue);
        var chosen = MemoryMarshal.Cast<float, Lane8>(mask)[0];
        var tile = tiles.Tile(0, 0, in chosen);
        var ball = scene.Body("ball");
        Lane8 zero = Lane8.Of(0);
        tile.Place(ball, new Vec3<Lane8>(zero, zero, Lane8.Of(7)), new Quat<Lane8>(zero, zero, zero, Lane8.Of(1)));
        tile.Attach(scene.Joint("grip"), ~zero);
        float[] own = new float[tiles.Rows], other = new float[tiles.Rows], initial = new float[tiles.Rows];
        using (var fresh = new LaneWorld<Lane8>(scene, 1)) fresh.Save(0, 0, initial);
        tiles.Save(0, 3, own);
        tiles.Save(0, 4, other);
        Assert.That(other, Is.EqualTo(initial));
        Assert.That(own, Is.Not.EqualTo(initial));
    }

    [Test]
    public void A_hold_keeps_bodies_as_they_were_when_it_was_taken()
    {
        var scene = PaddleTask<Lane1>.Build(new PaddleSettings());
        using var tiles = new LaneWorld<Lane1>(scene, 1);
        var tile = tiles.Tile(0, 0, ~Lane1.OfBits(0));
        BodyId plate = scene.Body("plate"), ball = scene.Body("ball");
        var grip = scene.Joint("grip");
        tile.Attach(grip, ~Lane1.OfBits(0));
        var turned = Quaternion.CreateFromAxisAngle(Vector3.UnitX, 0.1f);
        for (int step = 0; step < 240; step++)
        {
            tile.Drive(plate, new Vec3<Lane1>(new(0), new(0), new(0.1f)), new Quat<Lane1>(new(turned.X), new(turned.Y), new(turned.Z), new(turned.W)));
            tile.Step();
        }
        tile.Position(ball, out var position);
        var expected = new Vector3(0, 0, 0.1f) + Vector3.Transform(new Vector3(0, 0, 0.2f), turned);
        // A weld of 30 Hz sags by g/ω² = 0.3 mm, and turns a little more for the ball's lever.
        Assert.That(position.Y.Value, Is.EqualTo(expected.Y).Within(1e-3f));
        Assert.That(position.Z.Value, Is.EqualTo(expected.Z).Within(1e-3f));
        tile.Pull(grip, out var force);
        Assert.That(force.Value, Is.EqualTo(0.981f).Within(0.02f), "it carries the ball's weight");
        tile.Detach(grip, ~Lane1.OfBits(0));
        Assert.That(tile.Attached(grip).Value, Is.Zero);
    }
}
