using System.Numerics;
using Sim.Physics.Scenes;
using Sim.Physics.Worlds;

namespace Sim.Tests.Physics.Golden;

/// <summary>How far a world strays from a recording: the worst over bodies and samples.</summary>
/// <param name="Position">Metres.</param>
/// <param name="Angle">Radians between the orientations.</param>
/// <param name="Velocity">m/s and rad/s alike; of speeds above 1, relative.</param>
/// <param name="Where">Body and step of the worst position.</param>
internal readonly record struct GoldenDeviation(float Position, float Angle, float Velocity, string Where)
{
    /// <summary>Runs a scene and compares as long as the samples go, or until a time in seconds.</summary>
    public static GoldenDeviation Of(GoldenScene golden, PhysicsWorld world, int environment = 0, float seconds = float.PositiveInfinity)
    {
        var worst = new GoldenDeviation(0, 0, 0, "nowhere");
        int step = 0;
        foreach (var sample in golden.Samples)
        {
            if (sample.Step * golden.Scene.Settings.Timestep > seconds + (golden.Scene.Settings.Timestep / 2)) break;
            for (; step < sample.Step; step++)
            {
                golden.Drive(world, environment, step);
                world.Step();
            }
            for (int body = 0; body < sample.States.Count; body++)
                worst = worst.With(sample.States[body], world.Body(environment, new BodyId(body)), $"{golden.Scene.Bodies[body].Name} after step {step}");
        }
        return worst;
    }

    public override string ToString() => FormattableString.Invariant($"{Position:g3} m ({Where}), {Angle:g3} rad, {Velocity:g3} of velocity");

    private GoldenDeviation With(in BodyState expected, in BodyState actual, string where)
    {
        float position = Vector3.Distance(expected.Pose.Position, actual.Pose.Position);
        var turn = Quaternion.Conjugate(expected.Pose.Orientation) * actual.Pose.Orientation;
        float angle = 2 * MathF.Asin(MathF.Min(1, new Vector3(turn.X, turn.Y, turn.Z).Length()));
        float velocity = MathF.Max(Relative(expected.LinearVelocity, actual.LinearVelocity), Relative(expected.AngularVelocity, actual.AngularVelocity));
        // Not-a-number must not slip through a maximum.
        return new GoldenDeviation(
            position <= Position ? Position : position, angle <= Angle ? Angle : angle, velocity <= Velocity ? Velocity : velocity, position <= Position ? Where : where);
    }

    private static float Relative(Vector3 expected, Vector3 actual) => Vector3.Distance(expected, actual) / MathF.Max(1, expected.Length());
}
