#if !BEPU_PHYSICS
using NUnit.Framework;

namespace Sim.Tests.Physics.Worlds;

public sealed class BepuAbsentTests
{
    [Test]
    public void The_bepu_engine_is_tested_when_it_is_built()
        => Assert.Ignore("BepuPhysics is not part of this build; add -p:BepuPhysics=true");
}
#endif
