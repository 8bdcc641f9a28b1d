using System.Numerics;
using NUnit.Framework;
using Sim.Physics.Batched;
using Sim.Physics.Scenes;

namespace Sim.Tests.Physics.Batched.Analytic;

/// <summary>Bodies at rest in any direction that a torque begins to turn.</summary>
public sealed class TorqueTests
{
    /// <summary>kg·m², local axes: of revolution about Y, diagonal, and with products.</summary>
    private static readonly SymmetricMatrix[] s_inertias =
    [
        SymmetricMatrix.Diagonal(0.3f, 0.05f, 0.3f),
        SymmetricMatrix.Diagonal(0.1f, 0.25f, 0.3f),
        new SymmetricMatrix(0.2f, 0.04f, 0.25f, -0.05f, 0.03f, 0.3f),
    ];

    [Test]
    public void A_torque_changes_the_angular_momentum_by_itself_times_the_step()
    {
        // One substep: with more, the later ones find the body turned.
        var builder = new SceneBuilder(new SceneSettings { Gravity = Vector3.Zero, Substeps = 1 });
        BodyId[] bodies = [.. s_inertias.Select((inertia, i) => builder.Add(new Body { Name = $"body {i}", Kind = BodyKind.Dynamic, Mass = 1, Inertia = inertia }))];
        using var world = new BatchedWorld(builder.Build(), 20);
        var random = new Random(11);
        for (int environment = 0; environment < world.Count; environment++)
        {
            var direction = Quaternion.Normalize(new Quaternion(Any(random), random.NextSingle() - 0.5f));
            foreach (var body in bodies) world.SetBody(environment, body, new Pose(Vector3.Zero, direction));
        }
        // Large: Vector3.Transform carries a fourth component of 1 and rounds what is smaller as it rounds that.
        Vector3[] torques = [.. Enumerable.Range(0, world.Count).Select(_ => 1000 * Any(random))];
        for (int environment = 0; environment < world.Count; environment++)
            foreach (var body in bodies) world.ApplyWrench(environment, body, Vector3.Zero, torques[environment]);
        Quaternion[] directions = [.. Enumerable.Range(0, world.Count).Select(environment => world.Body(environment, bodies[0]).Pose.Orientation)];
        world.Step();
        double worst = 0;
        for (int environment = 0; environment < world.Count; environment++)
        {
            for (int i = 0; i < bodies.Length; i++)
            {
                var local = Vector3.Transform(world.Body(environment, bodies[i]).AngularVelocity, Quaternion.Conjugate(directions[environment]));
                var momentum = Vector3.Transform(s_inertias[i] * local, directions[environment]);
                var expected = torques[environment] * world.Scene.Settings.Timestep;
                worst = Math.Max(worst, Vector3.Distance(momentum, expected) / expected.Length());
            }
        }
        TestContext.Out.WriteLine($"{worst:g2} of the change off");
        // Some ten float operations in a row, through an inertia whose moments differ by 6.
        Assert.That(worst, Is.LessThan(5e-6));
    }

    private static Vector3 Any(Random random) => new(random.NextSingle() - 0.5f, random.NextSingle() - 0.5f, random.NextSingle() - 0.5f);
}
