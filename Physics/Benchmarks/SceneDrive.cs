using Sim.Physics.Worlds;

namespace Sim.Physics.Benchmarks;

/// <summary>Drives all environments of a world through the drive of its scene.</summary>
public sealed class SceneDrive
{
    private readonly PhysicsWorld _world;
    private readonly (DriveTrack Track, PhasedRows Rows)[] _tracks;
    private long _step;

    /// <param name="scene">What is driven.</param>
    /// <param name="world">A world of it, at its beginning.</param>
    public SceneDrive(BenchmarkScene scene, PhysicsWorld world)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(world);
        _world = world;
        _tracks = [.. scene.Drive(world.Scene).Select(track => (track, new PhasedRows(track, world.Count, scene.PhaseSteps)))];
    }

    /// <summary>Sets what moves the bodies in the next step, then steps. Allocates nothing.</summary>
    public void Step()
    {
        foreach (var (track, rows) in _tracks)
        {
            if (track.Kind == DriveKind.Velocity) _world.SetVelocities(track.Body, rows.At(_step));
            else _world.ApplyWrenches(track.Body, rows.At(_step));
        }
        _world.Step();
        _step++;
    }
}
