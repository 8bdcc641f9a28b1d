using System.Runtime.InteropServices;
using NUnit.Framework;
using Sim.Environments.Surgical.Arms;
using Sim.Physics.Numerics;

namespace Sim.Tests.Environments.Surgical.Arms;

/// <summary>Kinematics give the same bits at every lane width.</summary>
public sealed class ArmWidthTests
{
    private const int Count = 1600;

    [Test]
    public void The_instrument_arms_kinematics_have_the_same_bits_at_every_width()
    {
        byte[] one = PsmBits<Lane1>();
        Assert.That(PsmBits<Lane8>(), Is.EqualTo(one));
        Assert.That(PsmBits<Lane16>(), Is.EqualTo(one));
    }

    [Test]
    public void The_camera_arms_kinematics_have_the_same_bits_at_every_width()
    {
        byte[] one = EcmBits<Lane1>();
        Assert.That(EcmBits<Lane8>(), Is.EqualTo(one));
        Assert.That(EcmBits<Lane16>(), Is.EqualTo(one));
    }

    private static byte[] PsmBits<T>() where T : unmanaged, ILane<T>
    {
        var results = new List<T[]>();
        ForEach<T>(6, q =>
        {
            PsmJoints<T> joints;
            (joints.Yaw, joints.Pitch, joints.Insertion) = (q[0], q[1], T.Abs(q[2]) * 0.15f);
            (joints.Roll, joints.WristPitch, joints.WristYaw) = (q[3], q[4], q[5]);
            PsmArm.Forward(in joints, 5, out var eef);
            ArmMount.Psm1.ToWorld(in eef, 5, out var world);
            EulerAngles<T>.Of(in world.Axes, out var angles);
            ArmMount.Psm1.FromWorld(in world, 5, out var local);
            PsmArm.Inverse(in local, 5, out var again, out T reachable);
            var turn = Rotation<T>.ToQuaternion(in world.Axes);
            results.Add([world.Origin.X, world.Origin.Y, world.Origin.Z, angles.Roll, angles.Pitch, angles.Yaw, again.Yaw, again.Pitch,
                again.Insertion, again.Roll, again.WristPitch, again.WristYaw, reachable, turn.X, turn.Y, turn.Z, turn.W]);
        });
        return Bytes(results);
    }

    private static byte[] EcmBits<T>() where T : unmanaged, ILane<T>
    {
        var results = new List<T[]>();
        ForEach<T>(6, q =>
        {
            EcmJoints<T> joints;
            (joints.Yaw, joints.Pitch, joints.Insertion, joints.Roll) = (q[0], q[1] * 0.5f, T.Abs(q[2]) * 0.15f, q[3]);
            EcmArm.Forward(in joints, 1, out var eef);
            EcmArm.Inverse(in eef.Origin, 1, joints.Roll, out var again, out T reachable);
            var velocity = new Vec3<T>(q[4] * 0.01f, q[5] * 0.01f, q[0] * 0.01f);
            EcmArm.FollowCamera(in joints, in velocity, q[2], out var rates);
            results.Add([eef.Origin.X, eef.Origin.Y, eef.Origin.Z, eef.Axes.X.X, eef.Axes.Y.Z, again.Yaw, again.Pitch, again.Insertion,
                reachable, rates.Yaw, rates.Pitch, rates.Insertion, rates.Roll]);
        });
        return Bytes(results);
    }

    /// <summary>Runs over rows of numbers within ±1.5, <c>T.Width</c> at a time.</summary>
    private static unsafe void ForEach<T>(int fields, Action<T[]> act) where T : unmanaged, ILane<T>
    {
        var random = new Random(5);
        var rows = new float[Count * fields];
        for (int i = 0; i < rows.Length; i++) rows[i] = (float)((random.NextDouble() * 3) - 1.5);
        float* lanes = stackalloc float[T.Width];
        for (int first = 0; first < Count; first += T.Width)
        {
            var values = new T[fields];
            for (int field = 0; field < fields; field++)
            {
                for (int lane = 0; lane < T.Width; lane++) lanes[lane] = rows[((first + lane) * fields) + field];
                values[field] = T.Load(lanes);
            }
            act(values);
        }
    }

    /// <summary>The results of every row in turn, whatever the width was.</summary>
    private static unsafe byte[] Bytes<T>(List<T[]> results) where T : unmanaged, ILane<T>
    {
        int fields = results[0].Length;
        var rows = new float[Count * fields];
        float* lanes = stackalloc float[T.Width];
        for (int bundle = 0; bundle < results.Count; bundle++)
        {
            for (int field = 0; field < fields; field++)
            {
                T.Store(results[bundle][field], lanes);
                for (int lane = 0; lane < T.Width; lane++) rows[(((bundle * T.Width) + lane) * fields) + field] = lanes[lane];
            }
        }
        return MemoryMarshal.AsBytes(rows.AsSpan()).ToArray();
    }
}
