using Sim.Physics.Batched;
using Sim.Physics.Scenes;
using Sim.Physics.Worlds;

namespace Sim.Physics.Benchmarks;

/// <summary>A way to run scenes.</summary>
/// <param name="Name">As <see cref="PhysicsWorld.Engine"/> says.</param>
/// <param name="Create">Makes a world of a scene: environments, threads.</param>
public sealed record PhysicsEngine(string Name, Func<Scene, int, int, PhysicsWorld> Create)
{
    public override string ToString() => Name;
}

/// <summary>The engines of this build.</summary>
public static class PhysicsEngines
{
    /// <summary>The batched engine's name.</summary>
    public const string Batched = "batched";

    /// <summary>The reference engine's name.</summary>
    public const string Bepu = "bepu";

    /// <summary>References first, the batched engine last.</summary>
    public static IReadOnlyList<PhysicsEngine> All { get; } =
    [
#if BEPU_PHYSICS
        new(Bepu, (scene, count, threads) => new Physics.Bepu.BepuWorld(scene, count, threads)),
#endif
        new(Batched, (scene, count, threads) => new BatchedWorld(scene, count, threads)),
    ];
}
