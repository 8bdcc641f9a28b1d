using System.Runtime.CompilerServices;
using Sim.Physics.Batched;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>
/// The bodies of one arm in a scene: its pivot, which touches nothing and to which things are welded, and the two
/// fingers. They are kinematic; the arm's joints say where they go.
/// </summary>
/// <param name="Pivot">Where the jaws turn.</param>
/// <param name="First">The finger that opens to the pivot's +x.</param>
/// <param name="Second">The other.</param>
public readonly record struct Gripper(BodyId Pivot, BodyId First, BodyId Second)
{
    /// <summary>Bodies of a gripper.</summary>
    public const int Bodies = 3;

    /// <summary>A finger, nominal metres: thickness across the opening, length from the pivot, width.</summary>
    private const float Thickness = 0.0014f, Length = 0.0102f, Width = 0.0018f;

    /// <summary>Group of everything that belongs to arms: arms do not collide with each other.</summary>
    private const int Group = 1;

    /// <summary>
    /// What fingers do to a thing between them. Contacts are detected at 60 Hz by default, and springs much faster than
    /// a third of that shake a thin wall loose; slower ones than 18 Hz do not carry a block.
    /// </summary>
    public static readonly Material Grip = new(1, new SpringSettings(20, 1), 0.5f);

    /// <summary>The gripper whose bodies were added first, second, … to a scene.</summary>
    public static Gripper Of(int arm) => new(new(arm * Bodies), new((arm * Bodies) + 1), new((arm * Bodies) + 2));

    /// <summary>Adds the bodies of one arm; call it before anything else is added to the scene, once for each arm.</summary>
    public static void Add(SceneBuilder builder, string name, in WorldSettings world)
    {
        builder.Add(Kinematic($"{name} pivot", null));
        var finger = world.Grasp == GraspMode.FrictionThenWeld
            ? Shape.Box(world.Scaled(Thickness), world.Scaled(Length), world.Scaled(Width))
            : null;
        builder.Add(Kinematic($"{name} finger 1", finger));
        builder.Add(Kinematic($"{name} finger 2", finger));
    }

    /// <summary>Puts the bodies where the joints are.</summary>
    public void Place<T>(in SceneTile<T> scene, in Frame<T> pivot, T jaw, float scale) where T : unmanaged, ILane<T>
    {
        Poses(in pivot, in jaw, scale, out var poses);
        scene.Place(Pivot, in pivot.Origin, in poses.Pivot);
        scene.Place(First, in poses.FirstAt, in poses.First);
        scene.Place(Second, in poses.SecondAt, in poses.Second);
    }

    /// <summary>Moves the bodies to where the joints will be at the end of the next step of the world.</summary>
    public void Drive<T>(in SceneTile<T> scene, in Frame<T> pivot, T jaw, float scale) where T : unmanaged, ILane<T>
    {
        Poses(in pivot, in jaw, scale, out var poses);
        scene.Drive(Pivot, in pivot.Origin, in poses.Pivot);
        scene.Drive(First, in poses.FirstAt, in poses.First);
        scene.Drive(Second, in poses.SecondAt, in poses.Second);
    }

    private static Body Kinematic(string name, Shape? shape)
        => new() { Name = name, Kind = BodyKind.Kinematic, Shape = shape, Pose = Pose.Identity, Material = Grip, CollisionGroup = Group };

    /// <summary>The fingers turn about the pivot's z axis by half of the opening each.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Poses<T>(in Frame<T> pivot, in T jaw, float scale, out FingerPoses<T> poses) where T : unmanaged, ILane<T>
    {
        poses.Pivot = Rotation<T>.ToQuaternion(in pivot.Axes);
        LaneMath.SinCos(jaw * 0.25f, out T sin, out T cos);
        T zero = T.Of(0);
        poses.First = Quat<T>.Multiply(poses.Pivot, new Quat<T>(zero, zero, -sin, cos));
        poses.Second = Quat<T>.Multiply(poses.Pivot, new Quat<T>(zero, zero, sin, cos));
        T across = T.Of(0.5f * Thickness * scale), along = T.Of(0.5f * Length * scale);
        poses.FirstAt = pivot.Origin + Quat<T>.Rotate(poses.First, new Vec3<T>(across, along, zero));
        poses.SecondAt = pivot.Origin + Quat<T>.Rotate(poses.Second, new Vec3<T>(-across, along, zero));
    }

    private struct FingerPoses<T> where T : unmanaged, ILane<T>
    {
        public Quat<T> Pivot, First, Second;
        public Vec3<T> FirstAt, SecondAt;
    }
}
