using Sim.Physics.Bepu;
using Sim.Physics.Scenes;
using Sim.Physics.Worlds;
using Sim.Tests.Physics.Worlds;

namespace Sim.Tests.Physics.Bepu;

public sealed class BepuWorldContractTests : WorldContractTests
{
    /// <summary>A few metres from the origin floats are spaced 5e-7 m apart; half a second of contacts and swinging makes hundred times that of it.</summary>
    protected override float EnvironmentTolerance => 1e-4f;

    protected override PhysicsWorld Create(Scene scene, int count) => new BepuWorld(scene, count);
}
