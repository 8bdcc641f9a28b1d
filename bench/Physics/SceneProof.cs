using Sim.Physics.Benchmarks;
using Sim.Physics.Scenes;
using Sim.Physics.Worlds;

namespace Sim.Bench.Physics;

/// <summary>What an engine makes of one environment in the fourth cycle: the figures that peers print of theirs.</summary>
/// <param name="Lowest">Metres: the last dynamic body.</param>
/// <param name="Highest">Metres: the last dynamic body.</param>
/// <param name="Mean">Metres: height of all dynamic bodies.</param>
/// <param name="Gap">Metres: the widest gap of a socket.</param>
public sealed record SceneProof(float Lowest, float Highest, float Mean, float Gap)
{
    public static SceneProof Of(BenchmarkScene scene, PhysicsEngine engine)
    {
        using var world = engine.Create(scene.Build(scene.Substeps), 1, 1);
        var drive = new SceneDrive(scene, world);
        for (int step = 0; step < 3 * scene.Period; step++) drive.Step();
        int[] bodies = [.. Enumerable.Range(0, world.Scene.Bodies.Count).Where(i => world.Scene.Bodies[i].Kind == BodyKind.Dynamic)];
        float lowest = float.PositiveInfinity, highest = float.NegativeInfinity, sum = 0, gap = 0;
        for (int step = 0; step < scene.Period; step++)
        {
            drive.Step();
            float last = Height(world, bodies[^1]);
            (lowest, highest) = (MathF.Min(lowest, last), MathF.Max(highest, last));
            sum += bodies.Average(body => Height(world, body));
            gap = MathF.Max(gap, WidestGap(world));
        }
        return new SceneProof(lowest, highest, sum / scene.Period, gap);
    }

    private static float Height(PhysicsWorld world, int body) => world.Body(0, new BodyId(body)).Pose.Position.Z;

    private static float WidestGap(PhysicsWorld world)
    {
        float widest = 0;
        foreach (var joint in world.Scene.Joints)
        {
            if (joint is not { Joint: BallSocket socket, B: { } second }) continue;
            Pose a = world.Body(0, joint.A).Pose, b = world.Body(0, second).Pose;
            widest = MathF.Max(widest, (a.Transform(socket.LocalOffsetA) - b.Transform(socket.LocalOffsetB)).Length());
        }
        return widest;
    }
}
