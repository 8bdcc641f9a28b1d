using System.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Tests.Physics.Benchmarks;

/// <summary>How deep a scene's bodies begin in each other: balls along each body's surface against the other's exact distance. Metres.</summary>
internal static class SurfaceDistance
{
    private const int Samples = 24;

    /// <summary>Deepest overlap of two bodies that may touch, and which they are; negative when all are apart.</summary>
    public static (float Depth, string Pair) DeepestOverlap(Scene scene)
    {
        var deepest = (Depth: float.NegativeInfinity, Pair: "");
        for (int a = 0; a < scene.Bodies.Count; a++)
        {
            for (int b = 0; b < scene.Bodies.Count; b++)
            {
                if (!scene.MayTouch(new BodyId(a), new BodyId(b))) continue;
                float depth = Overlap(scene.Bodies[a], scene.Bodies[b]);
                if (depth > deepest.Depth) deepest = (depth, $"{scene.Bodies[a].Name}, {scene.Bodies[b].Name}");
            }
        }
        return deepest;
    }

    private static float Overlap(Body sampled, Body other)
    {
        float depth = float.NegativeInfinity;
        foreach (var (shape, pose) in Parts(sampled))
        {
            foreach (var (centre, radius) in Balls(shape))
            {
                var place = pose.Transform(centre);
                foreach (var (target, targetPose) in Parts(other)) depth = MathF.Max(depth, radius - Distance(target, ((Pose)place).In(targetPose).Position));
            }
        }
        return depth;
    }

    private static IEnumerable<(Shape, Pose)> Parts(Body body)
        => body.Shape is CompoundShape compound ? compound.Parts.Select(part => (part.Shape, body.Pose.Transform(part.Pose))) : [(body.Shape!, body.Pose)];

    private static IEnumerable<(Vector3 Centre, float Radius)> Balls(Shape shape) => shape switch
    {
        CapsuleShape capsule => Enumerable.Range(0, Samples + 1).Select(i => (new Vector3(0, capsule.Length * ((float)i / Samples - 0.5f), 0), capsule.Radius)),
        BoxShape box => Grid(box).Select(point => (point, 0f)),
        _ => [],
    };

    private static IEnumerable<Vector3> Grid(BoxShape box)
    {
        for (int x = 0; x <= Samples; x++)
            for (int y = 0; y <= Samples; y++)
                for (int z = 0; z <= Samples; z++)
                    yield return new Vector3(box.X, box.Y, box.Z) * ((new Vector3(x, y, z) / Samples) - new Vector3(0.5f));
    }

    private static float Distance(Shape shape, Vector3 point)
    {
        switch (shape)
        {
            case PlaneShape: return point.Z;
            case CapsuleShape capsule: return (point - new Vector3(0, Math.Clamp(point.Y, -capsule.Length / 2, capsule.Length / 2), 0)).Length() - capsule.Radius;
            case BoxShape box:
                var beyond = Vector3.Abs(point) - (new Vector3(box.X, box.Y, box.Z) / 2);
                return Vector3.Max(beyond, Vector3.Zero).Length() + MathF.Min(0, MathF.Max(beyond.X, MathF.Max(beyond.Y, beyond.Z)));
            default: throw new NotSupportedException(shape.GetType().Name);
        }
    }
}
