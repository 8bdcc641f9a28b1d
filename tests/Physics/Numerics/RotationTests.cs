using NUnit.Framework;
using Sim.Physics.Numerics;

namespace Sim.Tests.Physics.Numerics;

public sealed class RotationTests
{
    // Entries of size one after a few roundings each.
    private const double Rounding = 5e-7;

    [Test]
    public void A_matrix_turns_vectors_as_its_quaternion_does()
    {
        foreach (var q in Quaternions())
        {
            Rotation<Lane1>.FromQuaternion(q, out var r);
            var v = new Vec3<Lane1>(new(0.3f), new(-0.7f), new(0.2f));
            Assert.That(Numbers(Rotation<Lane1>.Apply(in r, v)), Is.EqualTo(Numbers(Quat<Lane1>.Rotate(q, v))).Within(Rounding));
            Assert.That(Numbers(Rotation<Lane1>.ApplyBack(in r, v)), Is.EqualTo(Numbers(Quat<Lane1>.RotateBack(q, v))).Within(Rounding));
        }
    }

    [Test]
    public void The_quaternion_of_a_matrix_is_the_one_it_was_made_of_with_a_positive_w()
    {
        foreach (var q in Quaternions())
        {
            Rotation<Lane1>.FromQuaternion(q, out var r);
            var again = Rotation<Lane1>.ToQuaternion(in r);
            float sign = q.W.Value < 0 ? -1 : 1;
            Assert.That(new[] { again.X.Value, again.Y.Value, again.Z.Value, again.W.Value },
                Is.EqualTo(new[] { sign * q.X.Value, sign * q.Y.Value, sign * q.Z.Value, sign * q.W.Value }).Within(Rounding));
        }
    }

    [Test]
    public void Half_turns_about_each_axis_have_their_quaternions([Values(0, 1, 2)] int axis)
    {
        float[] expected = [axis == 0 ? 1 : 0, axis == 1 ? 1 : 0, axis == 2 ? 1 : 0, 0];
        Rotation<Lane1>.FromQuaternion(new(new(expected[0]), new(expected[1]), new(expected[2]), new(0)), out var r);
        var q = Rotation<Lane1>.ToQuaternion(in r);
        Assert.That(new[] { q.X.Value, q.Y.Value, q.Z.Value, q.W.Value }.Select(MathF.Abs), Is.EqualTo(expected));
    }

    [Test]
    public void A_frame_seen_from_a_frame_leads_back_to_it()
    {
        var quaternions = Quaternions().Take(2).ToArray();
        Frame<Lane1> a, b;
        a.Origin = new(new(1), new(-2), new(0.5f));
        b.Origin = new(new(-0.3f), new(0.1f), new(0.8f));
        Rotation<Lane1>.FromQuaternion(quaternions[0], out a.Axes);
        Rotation<Lane1>.FromQuaternion(quaternions[1], out b.Axes);
        Frame<Lane1>.MultiplyBack(in a, in b, out var seen);
        Frame<Lane1>.Multiply(in a, in seen, out var again);
        Assert.That(Numbers(again.Origin), Is.EqualTo(Numbers(b.Origin)).Within(Rounding));
        Assert.That(Numbers(again.Axes.Y), Is.EqualTo(Numbers(b.Axes.Y)).Within(Rounding));
        var point = new Vec3<Lane1>(new(0.2f), new(0.4f), new(-0.9f));
        Assert.That(Numbers(Frame<Lane1>.ApplyBack(in a, Frame<Lane1>.Apply(in a, point))), Is.EqualTo(Numbers(point)).Within(Rounding));
    }

    private static IEnumerable<Quat<Lane1>> Quaternions()
    {
        var random = new Random(4);
        for (int i = 0; i < 1000; i++)
        {
            double[] q = [random.NextDouble() - 0.5, random.NextDouble() - 0.5, random.NextDouble() - 0.5, random.NextDouble() - 0.5];
            double length = Math.Sqrt(q.Sum(value => value * value));
            yield return new(Of(q[0]), Of(q[1]), Of(q[2]), Of(q[3]));

            Lane1 Of(double value) => new((float)(value / length));
        }
    }

    private static float[] Numbers(Vec3<Lane1> v) => [v.X.Value, v.Y.Value, v.Z.Value];
}
