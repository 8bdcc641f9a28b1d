using System.Numerics;
using NUnit.Framework;
using Sim.Physics.Batched;
using Sim.Physics.Benchmarks;

namespace Sim.Tests.Physics.Batched;

/// <summary>An environment moves as if it were alone, bit for bit, whatever surrounds it and whatever computes it.</summary>
public sealed class BatchedDeterminismTests
{
    private const int Steps = 300;

    private static readonly Dictionary<string, IReadOnlyList<DriveTrack>> s_tracks
        = BenchmarkScene.All.ToDictionary(scene => scene.Name, scene => scene.Drive(scene.Build(scene.Substeps)));

    private static IEnumerable<string> Scenes => BenchmarkScene.All.Select(scene => scene.Name);

    [TestCaseSource(nameof(Scenes))]
    public void Environments_are_the_same_at_any_count_thread_count_and_width(string name)
    {
        byte[][] alone = [.. Enumerable.Range(0, 3).Select(k => Run(name, 1, 1, 1, first: 7 * k)[0])];
        foreach (var (count, threads, lanes) in new[] { (17, 1, 1), (17, 1, 8), (17, 2, 8), (15, 3, 8), (17, 1, 16) })
        {
            byte[][] together = Run(name, count, threads, lanes, first: 0);
            for (int k = 0; k < alone.Length; k++)
                Assert.That(together[7 * k].AsSpan().SequenceEqual(alone[k]), Is.True, $"environment {7 * k} of {count}, {threads} threads, {lanes} lanes: {FirstDifference(together[7 * k], alone[k])}");
        }
    }

    [TestCaseSource(nameof(Scenes))]
    public void A_restored_environment_goes_on_bit_for_bit(string name)
    {
        var scene = BenchmarkScene.Find(name);
        var built = scene.Build(scene.Substeps);
        using var world = new BatchedWorld(built, 9);
        using var other = new BatchedWorld(built, 3, threads: 1, lanes: 1);
        int step = 0;
        for (; step < 200; step++) Advance(scene, world, step, first: 0);
        byte[] middle = new byte[world.SnapshotBytes];
        world.Snapshot(4, middle);
        for (; step < 320; step++) Advance(scene, world, step, first: 0);
        byte[] end = new byte[world.SnapshotBytes];
        world.Snapshot(4, end);

        // Into the same world, at another place, and into a world of another width.
        world.Restore(0, middle);
        other.Restore(2, middle);
        for (step = 200; step < 320; step++)
        {
            Drive(scene, world, 0, step, 4);
            Drive(scene, other, 2, step, 4);
            world.Step();
            other.Step();
        }
        byte[] again = new byte[world.SnapshotBytes];
        world.Snapshot(0, again);
        Assert.That(again.AsSpan().SequenceEqual(end), Is.True, FirstDifference(again, end));
        other.Snapshot(2, again);
        Assert.That(again.AsSpan().SequenceEqual(end), Is.True, FirstDifference(again, end));
    }

    [Test]
    public void A_reset_environment_begins_again_bit_for_bit_and_leaves_its_neighbours_alone()
    {
        var scene = BenchmarkScene.Find("surgical");
        using var world = new BatchedWorld(scene.Build(4), 9);
        using var untouched = new BatchedWorld(scene.Build(4), 9);
        byte[] first = new byte[world.SnapshotBytes], again = new byte[world.SnapshotBytes], neighbour = new byte[world.SnapshotBytes], expected = new byte[world.SnapshotBytes];
        for (int step = 0; step < 100; step++) Advance(scene, world, step, 0);
        world.Snapshot(3, first);
        for (int step = 0; step < 200; step++) Advance(scene, untouched, step, 0);
        world.Reset(3);
        for (int step = 0; step < 100; step++)
        {
            for (int k = 0; k < world.Count; k++) Drive(scene, world, k, k == 3 ? step : 100 + step, k);
            world.Step();
        }
        world.Snapshot(3, again);
        Assert.That(again.AsSpan().SequenceEqual(first), Is.True, FirstDifference(again, first));
        world.Snapshot(2, neighbour);
        untouched.Snapshot(2, expected);
        Assert.That(neighbour.AsSpan().SequenceEqual(expected), Is.True, FirstDifference(neighbour, expected));
    }

    [Test]
    public void Bytes_that_are_no_snapshot_are_refused_or_stepped_without_harm()
    {
        var scene = BenchmarkScene.Find("surgical");
        using var world = new BatchedWorld(scene.Build(4), 9);
        for (int step = 0; step < 50; step++) Advance(scene, world, step, 0);
        byte[] before = new byte[world.SnapshotBytes], hostile = new byte[world.SnapshotBytes], after = new byte[world.SnapshotBytes];
        world.Snapshot(2, before);
        var random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 200; i++)
        {
            if (i % 2 == 0)
            {
                random.NextBytes(hostile);
            }
            else
            {
                before.CopyTo(hostile, 0);
                for (int k = 0; k < 20; k++) hostile[random.Next(hostile.Length)] = (byte)random.Next(256);
            }
            try
            {
                world.Restore(2, hostile);
            }
            catch (ArgumentException)
            {
                refused++;
                world.Snapshot(2, after);
                Assert.That(after.AsSpan().SequenceEqual(before), Is.True, "nothing was changed");
                continue;
            }
            world.Step();
            world.Restore(2, before);
        }
        Assert.That(refused, Is.InRange(100, 199));
        for (int k = 0; k < world.Count; k++) Assert.That(world.Fault(k), Is.EqualTo(Sim.Physics.Worlds.EnvironmentFault.None));
    }

    [TestCaseSource(nameof(Scenes))]
    public void A_step_allocates_nothing(string name)
    {
        var scene = BenchmarkScene.Find(name);
        using var world = new BatchedWorld(scene.Build(scene.Substeps), 16);
        for (int step = 0; step < 40; step++) Advance(scene, world, step, 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 0; step < 40; step++) world.Step();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static byte[][] Run(string name, int count, int threads, int lanes, int first)
    {
        var scene = BenchmarkScene.Find(name);
        using var world = new BatchedWorld(scene.Build(scene.Substeps), count, threads, lanes);
        for (int step = 0; step < Steps; step++) Advance(scene, world, step, first);
        return [.. Enumerable.Range(0, count).Select(k =>
        {
            byte[] snapshot = new byte[world.SnapshotBytes];
            world.Snapshot(k, snapshot);
            return snapshot;
        })];
    }

    private static void Advance(BenchmarkScene scene, BatchedWorld world, int step, int first)
    {
        for (int k = 0; k < world.Count; k++) Drive(scene, world, k, step, first + k);
        world.Step();
    }

    /// <summary>Environment number k of all begins its drive a few steps after its neighbour, so that lanes differ.</summary>
    private static void Drive(BenchmarkScene scene, BatchedWorld world, int environment, int step, int k)
    {
        foreach (var track in s_tracks[scene.Name])
        {
            int at = step - (5 * k);
            var row = at < 0 ? track.Rest.Span : track.Rows.Span.Slice(6 * (at % track.Period), 6);
            Vector3 linear = new(row[..3]), angular = new(row[3..]);
            if (track.Kind == DriveKind.Velocity) world.SetVelocity(environment, track.Body, linear, angular);
            else world.ApplyWrench(environment, track.Body, linear, angular);
        }
    }

    private static string FirstDifference(byte[] actual, byte[] expected)
    {
        int at = actual.AsSpan().CommonPrefixLength(expected);
        return at == expected.Length ? "equal" : $"row {at / 4}: {BitConverter.ToSingle(actual, at / 4 * 4)} instead of {BitConverter.ToSingle(expected, at / 4 * 4)}";
    }
}
