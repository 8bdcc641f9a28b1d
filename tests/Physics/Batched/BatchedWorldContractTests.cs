using NUnit.Framework;
using Sim.Physics.Batched;
using Sim.Physics.Scenes;
using Sim.Physics.Worlds;
using Sim.Tests.Physics.Worlds;

namespace Sim.Tests.Physics.Batched;

/// <summary>The contract of every engine, scalar and eight wide.</summary>
[TestFixture(1)]
[TestFixture(8)]
public sealed class BatchedWorldContractTests(int lanes) : WorldContractTests
{
    protected override PhysicsWorld Create(Scene scene, int count) => new BatchedWorld(scene, count, threads: 1, lanes);
}
