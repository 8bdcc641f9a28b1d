using System.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Physics.Benchmarks;

/// <summary>What a <see cref="DriveTrack"/> sets.</summary>
public enum DriveKind
{
    /// <summary>Linear and angular velocity of a kinematic body, m/s and rad/s, world axes.</summary>
    Velocity,

    /// <summary>Force and torque on a dynamic body, N and N·m, world axes.</summary>
    Wrench,
}

/// <summary>One period of six numbers a step for one body.</summary>
public sealed class DriveTrack
{
    private DriveTrack(BodyId body, DriveKind kind, float[] rows, float[] rest)
    {
        Body = body;
        Kind = kind;
        Rows = rows;
        Rest = rest;
    }

    public BodyId Body { get; }

    public DriveKind Kind { get; }

    /// <summary>float32 <c>[period, 6]</c>: linear part, angular part.</summary>
    public ReadOnlyMemory<float> Rows { get; }

    /// <summary>The six numbers that keep the body where it is before its drive has begun.</summary>
    public ReadOnlyMemory<float> Rest { get; }

    /// <summary>Steps.</summary>
    public int Period => Rows.Length / 6;

    /// <summary>Moves a kinematic body along a closed path.</summary>
    /// <param name="body">The body.</param>
    /// <param name="period">Steps of the path.</param>
    /// <param name="timestep">Seconds of a step.</param>
    /// <param name="place">Place, in metres, at the beginning of a step; that of step <paramref name="period"/> is that of step 0.</param>
    public static DriveTrack Along(BodyId body, int period, float timestep, Func<int, Vector3> place)
    {
        ArgumentNullException.ThrowIfNull(place);
        return Differences(body, DriveKind.Velocity, period, timestep, step => (place(step), Vector3.Zero), default);
    }

    /// <summary>Gives a body a closed course of momentum and of angular momentum, over a steady force.</summary>
    /// <param name="body">A dynamic body.</param>
    /// <param name="period">Steps of the course.</param>
    /// <param name="timestep">Seconds of a step.</param>
    /// <param name="momentum">kg·m/s and kg·m²/s at the beginning of a step.</param>
    /// <param name="steady">N, added in every step; holds the body before its drive begins.</param>
    public static DriveTrack OfMomentum(BodyId body, int period, float timestep, Func<int, (Vector3 Linear, Vector3 Angular)> momentum, Vector3 steady)
    {
        ArgumentNullException.ThrowIfNull(momentum);
        return Differences(body, DriveKind.Wrench, period, timestep, momentum, steady);
    }

    private static DriveTrack Differences(BodyId body, DriveKind kind, int period, float timestep, Func<int, (Vector3 Linear, Vector3 Angular)> course, Vector3 steady)
    {
        float[] rows = new float[6 * period], rest = new float[6];
        for (int step = 0; step < period; step++)
        {
            var (now, next) = (course(step), course((step + 1) % period));
            (((next.Linear - now.Linear) / timestep) + steady).CopyTo(rows, 6 * step);
            ((next.Angular - now.Angular) / timestep).CopyTo(rows, (6 * step) + 3);
        }
        steady.CopyTo(rest);
        return new DriveTrack(body, kind, rows, rest);
    }
}
