using BepuPhysics;
using BepuPhysics.Collidables;
using BepuPhysics.CollisionDetection;

namespace Sim.Physics.Bepu;

/// <summary>Which pairs meet, and as what.</summary>
internal readonly struct NarrowPhaseCallbacks(SharedSimulation shared) : INarrowPhaseCallbacks
{
    public void Initialize(Simulation simulation)
    {
    }

    public bool AllowContactGeneration(int workerIndex, CollidableReference a, CollidableReference b, ref float speculativeMargin) => shared.MayTouch(a, b);

    public bool AllowContactGeneration(int workerIndex, CollidablePair pair, int childIndexA, int childIndexB) => true;

    public bool ConfigureContactManifold<TManifold>(int workerIndex, CollidablePair pair, ref TManifold manifold, out PairMaterialProperties pairMaterial)
        where TManifold : unmanaged, IContactManifold<TManifold>
    {
        ref readonly var material = ref shared.MaterialOf(pair.A, pair.B);
        float friction = material.Friction;
        if (manifold.Convex && manifold.Count > 1) friction *= BepuFriction.Correction(shared.Scene.Settings.LegacyFriction, manifold.Count);
        pairMaterial = new PairMaterialProperties(friction, material.MaximumRecoveryVelocity, new(material.Spring.Frequency, material.Spring.DampingRatio));
        return true;
    }

    public bool ConfigureContactManifold(int workerIndex, CollidablePair pair, int childIndexA, int childIndexB, ref ConvexContactManifold manifold) => true;

    public void Dispose()
    {
    }
}
