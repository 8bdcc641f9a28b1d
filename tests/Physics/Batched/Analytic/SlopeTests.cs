using System.Numerics;
using NUnit.Framework;
using Sim.Physics.Batched;
using Sim.Physics.Scenes;

namespace Sim.Tests.Physics.Batched.Analytic;

/// <summary>Coulomb friction on a tilted plane; each environment has its own slope.</summary>
public sealed class SlopeTests
{
    private const float Gravity = 9.81f;

    private static readonly float[] s_frictions = [0.2f, 0.4f, 0.6f, 0.8f];

    /// <summary>Tangents of the slopes, none near a coefficient.</summary>
    private static readonly float[] s_slopes = [0.1f, 0.19f, 0.21f, 0.38f, 0.42f, 0.57f, 0.63f, 0.84f];

    [Test]
    public void A_box_sticks_where_the_slope_is_below_its_friction_and_slides_with_g_sin_minus_mu_cos_where_it_is_not()
    {
        using var world = Slopes(Shape.Box(0.2f, 0.2f, 0.1f), height: 0.05f, out var boxes);
        Run(world, 2);
        for (int environment = 0; environment < s_slopes.Length; environment++)
        {
            var (sine, cosine) = MathF.SinCos(MathF.Atan(s_slopes[environment]));
            for (int i = 0; i < boxes.Length; i++)
            {
                string what = $"slope {s_slopes[environment]}, friction {s_frictions[i]}";
                var state = world.Body(environment, boxes[i]);
                float speed = Vector3.Dot(state.LinearVelocity, new Vector3(cosine, 0, -sine));
                if (s_slopes[environment] < s_frictions[i])
                {
                    var start = world.Scene.Bodies[boxes[i].Index].Pose.Position;
                    // Friction has no position to hold on to: while the contact springs settle, boxes creep by their depth, 0.3 mm.
                    Assert.That(Vector3.Distance(state.Pose.Position, Tilt(environment, start).Position), Is.LessThan(5e-4f), what);
                    Assert.That(state.LinearVelocity.Length(), Is.LessThan(1e-4f), what);
                }
                else
                {
                    // Exact for the impulses of every substep; rounding in 1920 of them, at positions of several metres.
                    Assert.That(speed, Is.EqualTo(2 * Gravity * (sine - (s_frictions[i] * cosine))).Within(1e-4f * 2 * Gravity * sine), what);
                    Assert.That(state.AngularVelocity.Length(), Is.LessThan(1e-2f), what);
                }
            }
        }
    }

    [Test]
    public void A_sphere_rolls_with_five_sevenths_of_g_sin_or_skids_where_friction_is_below_two_sevenths_of_the_slope()
    {
        using var world = Slopes(Shape.Sphere(0.1f), height: 0.1f, out var spheres);
        Run(world, 2);
        for (int environment = 0; environment < s_slopes.Length; environment++)
        {
            var (sine, cosine) = MathF.SinCos(MathF.Atan(s_slopes[environment]));
            for (int i = 0; i < spheres.Length; i++)
            {
                string what = $"slope {s_slopes[environment]}, friction {s_frictions[i]}";
                bool rolls = s_frictions[i] > 2f / 7 * s_slopes[environment];
                var state = world.Body(environment, spheres[i]);
                float expected = 2 * Gravity * (rolls ? 5f / 7 * sine : sine - (s_frictions[i] * cosine));
                // A rolling sphere turns about a point 0.3 mm deep: 0.2 percent of the 5/7.
                Assert.That(Vector3.Dot(state.LinearVelocity, new Vector3(cosine, 0, -sine)), Is.EqualTo(expected).Within(0.25f).Percent, what);
                if (rolls) Assert.That(state.AngularVelocity.Y, Is.EqualTo(expected / 0.1f).Within(0.5f).Percent, what);
            }
        }
    }

    /// <summary>Bodies of four coefficients side by side on a plane, in environments of eight slopes downhill along X.</summary>
    private static BatchedWorld Slopes(Shape shape, float height, out BodyId[] bodies)
    {
        var builder = new SceneBuilder(new SceneSettings { Gravity = new Vector3(0, 0, -Gravity) });
        var plane = builder.AddStatic("plane", Shape.Plane(), Pose.Identity);
        bodies = [.. s_frictions.Select((friction, i) =>
        {
            var body = builder.Add(new Body { Name = $"body {i}", Kind = BodyKind.Dynamic, Shape = shape, Mass = 1, Pose = new Vector3(0, i, height), CollisionGroup = 1 });
            builder.SetMaterial(body, plane, Material.Default with { Friction = friction });
            return body;
        })];
        var world = new BatchedWorld(builder.Build(), s_slopes.Length);
        for (int environment = 0; environment < s_slopes.Length; environment++)
        {
            world.SetBody(environment, plane, Tilt(environment, Vector3.Zero));
            foreach (var body in bodies) world.SetBody(environment, body, Tilt(environment, world.Scene.Bodies[body.Index].Pose.Position));
        }
        return world;
    }

    private static Pose Tilt(int environment, Vector3 position)
        => new Pose(Vector3.Zero, Quaternion.CreateFromAxisAngle(Vector3.UnitY, MathF.Atan(s_slopes[environment]))).Transform(new Pose(position, Quaternion.Identity));

    private static void Run(BatchedWorld world, float seconds)
    {
        for (int i = 0; i < (int)MathF.Round(seconds / world.Scene.Settings.Timestep); i++) world.Step();
    }
}
