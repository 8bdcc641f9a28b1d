using System.Numerics;
using NUnit.Framework;
using Sim.Physics.Batched;
using Sim.Physics.Scenes;

namespace Sim.Tests.Physics.Batched.Analytic;

/// <summary>What bodies do to each other, far from everything else, changes the sum of their momenta by rounding only.</summary>
public sealed class MomentumTests
{
    [TestCase(1), TestCase(8)]
    public void Colliding_bodies_keep_their_linear_momentum(int substeps)
    {
        using var world = Collision(substeps);
        var (before, _, scale) = Momenta(world);
        Run(world, 2);
        var (after, _, _) = Momenta(world);
        double lost = Vector3.Distance(before, after) / scale;
        TestContext.Out.WriteLine($"{lost:g2} of Σ|mv|");
        Assert.That(Touched(world), "they have met");
        // Each impulse acts on both bodies with the same number; a few thousand float additions of 6e-8 each.
        Assert.That(lost, Is.LessThan(1e-5));
    }

    [Test]
    public void Colliding_bodies_keep_their_angular_momentum()
    {
        // With one substep contact points are where they were found; with more, bodies slide past them by v·dt.
        using var world = Collision(substeps: 1);
        var (_, before, scale) = Momenta(world);
        Run(world, 2);
        var (_, after, _) = Momenta(world);
        double lost = Vector3.Distance(before, after) / scale;
        TestContext.Out.WriteLine($"{lost:g2} of Σ|mv| times a metre");
        Assert.That(Touched(world), "they have met");
        Assert.That(lost, Is.LessThan(1e-5));
    }

    [Test]
    public void Jointed_bodies_keep_their_momentum()
    {
        using var world = Jointed();
        var (linear, angular, scale) = Momenta(world);
        Run(world, 2);
        var (linearAfter, angularAfter, _) = Momenta(world);
        double lostLinear = Vector3.Distance(linear, linearAfter) / scale, lostAngular = Vector3.Distance(angular, angularAfter) / scale;
        TestContext.Out.WriteLine($"{lostLinear:g2} of Σ|mv|, {lostAngular:g2} of it times a metre");
        Assert.That(lostLinear, Is.LessThan(1e-5));
        // A socket pushes its two bodies at the two points that it should hold together; they stand some 0.1 mm apart.
        // Errors of either sign add up to 5e-6.
        Assert.That(lostAngular, Is.LessThan(5e-5));
    }

    /// <summary>Spheres and cubes, whose inertia is the same about all axes, on their way to the origin; friction 0.5.</summary>
    private static BatchedWorld Collision(int substeps)
    {
        var builder = new SceneBuilder(new SceneSettings { Gravity = Vector3.Zero, Substeps = substeps });
        var random = new Random(5);
        for (int i = 0; i < 6; i++)
        {
            Vector3 from = Vector3.Normalize(Any(random)) * (0.5f + (0.1f * i));
            builder.Add(new Body
            {
                Name = $"body {i}",
                Kind = BodyKind.Dynamic,
                Shape = i % 2 == 0 ? Shape.Sphere(0.12f) : Shape.Box(0.2f, 0.2f, 0.2f),
                Mass = 0.5f + (0.5f * i),
                Pose = new Pose(from, Quaternion.Normalize(new Quaternion(Any(random), 0.7f))),
                LinearVelocity = -1.5f * from,
                AngularVelocity = 3 * Any(random),
                Material = new Material(0.5f, new SpringSettings(30, 0.3f), float.MaxValue),
            });
        }
        return new BatchedWorld(builder.Build(), 1);
    }

    /// <summary>A chain of cubes with one of each joint, thrown and spinning.</summary>
    private static BatchedWorld Jointed()
    {
        var builder = new SceneBuilder(new SceneSettings { Gravity = Vector3.Zero, Substeps = 8 });
        var spring = new SpringSettings(240, 1);
        Vector3 half = new(0.15f, 0, 0);
        Joint[] joints =
        [
            new BallSocket { LocalOffsetA = half, LocalOffsetB = -half, Spring = spring },
            new Hinge { LocalOffsetA = half, LocalOffsetB = -half, LocalHingeAxisA = Vector3.UnitY, LocalHingeAxisB = Vector3.UnitY, Spring = spring },
            new Weld { LocalOffset = 2 * half, Spring = spring },
            new SwivelHinge { LocalOffsetA = half, LocalOffsetB = -half, LocalSwivelAxisA = Vector3.UnitY, LocalHingeAxisB = Vector3.UnitZ, Spring = spring },
            new AngularServo { Spring = new SpringSettings(3, 0.2f) },
        ];
        var random = new Random(7);
        var previous = default(BodyId);
        for (int i = 0; i <= joints.Length; i++)
        {
            var body = builder.Add(new Body
            {
                Name = $"body {i}",
                Kind = BodyKind.Dynamic,
                Shape = Shape.Box(0.2f, 0.2f, 0.2f),
                Mass = 1 + (0.3f * i),
                CollisionGroup = 1,
                Pose = 2 * i * half,
                LinearVelocity = new Vector3(0.2f, 0.1f, -0.3f) + Any(random),
                AngularVelocity = Any(random),
            });
            if (i > 0) builder.Join($"joint {i}", previous, body, joints[i - 1]);
            previous = body;
        }
        return new BatchedWorld(builder.Build(), 1);
    }

    private static Vector3 Any(Random random) => new(random.NextSingle() - 0.5f, random.NextSingle() - 0.5f, random.NextSingle() - 0.5f);

    private static bool Touched(BatchedWorld world)
        // Straight on, all would have passed the origin at one time and be as far away again.
        => Enumerable.Range(0, world.Scene.Bodies.Count).All(i => Vector3.Distance(world.Body(0, new BodyId(i)).LinearVelocity, world.Scene.Bodies[i].LinearVelocity) > 0.05f);

    /// <summary>Σ mv, Σ x × mv + Iω about the origin, and Σ |mv|; I is the same about all axes.</summary>
    private static (Vector3 Linear, Vector3 Angular, double Scale) Momenta(BatchedWorld world)
    {
        Vector3 linear = Vector3.Zero, angular = Vector3.Zero;
        double scale = 0;
        for (int i = 0; i < world.Scene.Bodies.Count; i++)
        {
            var body = world.Scene.Bodies[i];
            var state = world.Body(0, new BodyId(i));
            var momentum = body.Mass * state.LinearVelocity;
            linear += momentum;
            angular += Vector3.Cross(state.Pose.Position, momentum) + (body.Shape!.Inertia(body.Mass) * state.AngularVelocity);
            scale += momentum.Length();
        }
        return (linear, angular, scale);
    }

    private static void Run(BatchedWorld world, float seconds)
    {
        for (int i = 0; i < (int)MathF.Round(seconds / world.Scene.Settings.Timestep); i++) world.Step();
    }
}
