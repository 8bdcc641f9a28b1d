using System.Numerics;
using NUnit.Framework;
using Sim.Environments;

namespace Sim.Tests.Environments.Quadrotors;

/// <summary>One simple controller solves every quadrotor task, so a learner can.</summary>
public class QuadrotorFlightTests
{
    private const int Episodes = 256;

    private delegate (Vector3 Place, Vector3 Velocity) Aim(ReadOnlySpan<float> observation, Vector3 position);

    [Test]
    public void A_geometric_controller_hovers_from_the_default_start()
        => Assert.That(SuccessRate("quadrotor-hover", new(), (_, _) => default), Is.GreaterThanOrEqualTo(0.95));

    [Test]
    public void A_geometric_controller_tracks_the_figure_of_eight()
        => Assert.That(SuccessRate("quadrotor-track", new(), (observation, position)
            => (position - new Vector3(observation), new Vector3(observation[21..]))), Is.GreaterThanOrEqualTo(0.95));

    [Test]
    public void A_geometric_controller_reaches_all_waypoints()
        => Assert.That(SuccessRate("quadrotor-waypoints", new() { Speed = 1.2f }, (observation, position)
            => (position - new Vector3(observation), default)), Is.GreaterThanOrEqualTo(0.95));

    [Test]
    public void A_geometric_controller_flies_two_laps_through_the_gates()
        => Assert.That(SuccessRate("quadrotor-gates", new() { Speed = 1.5f }, ThroughTheGate), Is.GreaterThanOrEqualTo(0.95));

    /// <summary>Aims behind the gate while beside its axis, and beyond it once on the axis.</summary>
    private static (Vector3 Place, Vector3 Velocity) ThroughTheGate(ReadOnlySpan<float> observation, Vector3 position)
    {
        var error = new Vector3(observation);
        var normal = new Vector3(observation[18..]);
        float beside = (error - (Vector3.Dot(error, normal) * normal)).Length();
        return (position - error + (normal * (0.5f - (1.5f * Math.Min(1.5f * beside, 0.6f)))), default);
    }

    private static double SuccessRate(string id, GeometricPilot pilot, Aim aim)
    {
        using var environments = Registry.Make(id,
            new EnvironmentOptions { Count = Episodes, Privileged = true, Seed = 100, Autoreset = AutoresetMode.Disabled });
        environments.Reset();
        var truth = environments.Privileged!.Current;
        for (int step = 0; step < environments.Spec.TimeLimit; step++)
        {
            for (int lane = 0; lane < Episodes; lane++)
            {
                var row = truth.Row(lane);
                var (place, velocity) = aim(environments.Observations.Row(lane), new Vector3(row));
                pilot.Steer(row, place, velocity, environments.Actions.Slice(lane * 4, 4));
            }
            environments.Step();
        }
        return environments.IsSuccess.ToArray().Count(success => success) / (double)Episodes;
    }
}
