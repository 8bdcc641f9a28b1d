using NUnit.Framework;
using Sim.Environments.Surgical.Camera;
using Sim.Physics.Numerics;

namespace Sim.Tests.Environments.Surgical.Camera;

public sealed class TargetPathTests
{
    private static readonly TableSettings Table = new() { XLow = -0.3f, XHigh = 0.6f };

    [Test]
    public void The_path_is_the_closed_spline_through_its_points_by_the_length_of_the_chords()
    {
        for (uint seed = 0; seed < 200; seed++)
        {
            Draw(seed, out var path);
            var knots = Knots(path);
            double[] along = Chords(knots);
            Assert.That(knots.Select(knot => (double)knot.Along.Value), Is.EqualTo(along[..12]).Within(1e-6));
            double[] bendX = Bends(along, [.. knots.Select(knot => (double)knot.X.Value)]), bendY = Bends(along, [.. knots.Select(knot => (double)knot.Y.Value)]);
            for (int sample = 0; sample < TargetPath<Lane1>.Samples; sample += 7)
            {
                path.At(new Lane1(sample), out var x, out var y);
                double at = sample / 1999.0;
                // Points that nearly meet bend a spline sharply: its roundings grow with their closeness.
                Assert.That(x.Value, Is.EqualTo(Value(along, [.. knots.Select(knot => (double)knot.X.Value)], bendX, at)).Within(2e-5), $"path {seed}, sample {sample}");
                Assert.That(y.Value, Is.EqualTo(Value(along, [.. knots.Select(knot => (double)knot.Y.Value)], bendY, at)).Within(2e-5), $"path {seed}, sample {sample}");
            }
        }
    }

    [Test]
    public void It_ends_where_it_begins()
    {
        Draw(3, out var path);
        path.At(new Lane1(0), out var x, out var y);
        path.At(new Lane1(1999), out var lastX, out var lastY);
        Assert.That(lastX.Value, Is.EqualTo(x.Value).Within(1e-6));
        Assert.That(lastY.Value, Is.EqualTo(y.Value).Within(1e-6));
    }

    [Test]
    public void It_goes_round_the_table_quarter_by_quarter()
    {
        for (uint seed = 0; seed < 100; seed++)
        {
            Draw(seed, out var path);
            var knots = Knots(path);
            Assert.That(knots.Take(6).Select(knot => knot.Y.Value), Is.Ordered.Descending, "down on the left");
            Assert.That(knots.Skip(6).Take(3).Select(knot => knot.X.Value), Is.Ordered.Ascending, "to the right below");
            Assert.That(knots.Skip(9).Select(knot => knot.X.Value), Is.Ordered.Descending, "and back above");
            Assert.That(knots.Take(6).Max(knot => knot.X.Value), Is.LessThanOrEqualTo(knots.Skip(6).Min(knot => knot.X.Value)), "left is left");
            Assert.That(knots.All(knot => knot.X.Value is >= -0.3f and <= 0.6f && knot.Y.Value is >= -0.4f and <= 0.4f));
        }
    }

    [Test]
    public void Twelve_coinciding_points_stand_still()
    {
        var draws = default(LaneRandom<Lane1>).Stream(RandomStream.Task);
        TargetPath<Lane1>.Draw(ref draws, new TableSettings { XLow = 0.25f, XHigh = 0.25f, YLow = 0.1f, YHigh = 0.1f }, out var path);
        for (int sample = 0; sample < 2000; sample += 50)
        {
            path.At(new Lane1(sample), out var x, out var y);
            // Weights of two equal places add up to one but for a rounding.
            Assert.That(x.Value, Is.EqualTo(0.25f).Within(5e-8));
            Assert.That(y.Value, Is.EqualTo(0.1f).Within(5e-8));
        }
    }

    private static void Draw(uint seed, out TargetPath<Lane1> path)
    {
        LaneRandom<Lane1> random = default;
        random.SeedLow = Lane1.OfBits(seed);
        var draws = random.Stream(RandomStream.Task);
        TargetPath<Lane1>.Draw(ref draws, Table, out path);
    }

    private static PathKnot<Lane1>[] Knots(in TargetPath<Lane1> path) =>
    [
        path.UpperLeft.First, path.UpperLeft.Second, path.UpperLeft.Third, path.LowerLeft.First, path.LowerLeft.Second, path.LowerLeft.Third,
        path.LowerRight.First, path.LowerRight.Second, path.LowerRight.Third, path.UpperRight.First, path.UpperRight.Second, path.UpperRight.Third,
    ];

    /// <summary>Share of the chords before each knot, and 1.</summary>
    private static double[] Chords(PathKnot<Lane1>[] knots)
    {
        double[] along = new double[13];
        for (int i = 0; i < 12; i++)
        {
            var (from, to) = (knots[i], knots[(i + 1) % 12]);
            along[i + 1] = along[i] + Math.Sqrt(Math.Pow((double)to.X.Value - from.X.Value, 2) + Math.Pow((double)to.Y.Value - from.Y.Value, 2));
        }
        return [.. along.Select(value => value / along[12])];
    }

    /// <summary>Second derivatives by dense elimination of the periodic system, in double precision.</summary>
    private static double[] Bends(double[] along, double[] values)
    {
        var rows = new double[12][];
        for (int i = 0; i < 12; i++)
        {
            int before = (i + 11) % 12, after = (i + 1) % 12;
            double h0 = along[before + 1] - along[before], h1 = along[i + 1] - along[i];
            rows[i] = new double[13];
            rows[i][before] = h0;
            rows[i][i] = 2 * (h0 + h1);
            rows[i][after] = h1;
            rows[i][12] = 6 * (((values[after] - values[i]) / h1) - ((values[i] - values[before]) / h0));
        }
        for (int pivot = 0; pivot < 12; pivot++)
        {
            for (int row = 0; row < 12; row++)
            {
                if (row == pivot) continue;
                double factor = rows[row][pivot] / rows[pivot][pivot];
                for (int i = pivot; i <= 12; i++) rows[row][i] -= factor * rows[pivot][i];
            }
        }
        return [.. rows.Select((row, i) => row[12] / row[i])];
    }

    private static double Value(double[] along, double[] values, double[] bends, double at)
    {
        int piece = Math.Min(11, Array.FindLastIndex(along, knot => knot <= at));
        int next = (piece + 1) % 12;
        double h = along[piece + 1] - along[piece], b = (at - along[piece]) / h, a = 1 - b;
        return (a * values[piece]) + (b * values[next]) + (((((a * a * a) - a) * bends[piece]) + (((b * b * b) - b) * bends[next])) * h * h / 6);
    }
}
