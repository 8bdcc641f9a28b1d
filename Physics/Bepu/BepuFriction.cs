using System.Numerics;
using BepuPhysics;
using BepuPhysics.Collidables;
using BepuPhysics.CollisionDetection;
using BepuPhysics.Constraints;
using BepuUtilities;
using BepuUtilities.Memory;

namespace Sim.Physics.Bepu;

/// <summary>
/// What a friction coefficient means to the engine at hand. Packages up to August 2026 divide it by the number of
/// contacts of a convex manifold (pull request 410 of the engine's repository ended that), so a box on four contacts
/// has a quarter of the friction that was asked for. A box is watched sliding, once in a process.
/// </summary>
public static class BepuFriction
{
    private const float Gravity = 10, Coefficient = 0.5f;

    /// <summary>Friction of a box on four contacts as a share of Coulomb's: about 1 or about 1/4.</summary>
    public static float Share { get; } = Measure();

    public static bool DividesByContactCount => Share < 0.6f;

    /// <summary>What to multiply a coefficient by for Coulomb's law, or for the old rule, on convex contacts.</summary>
    internal static float Correction(bool divided, int contacts)
        => divided == DividesByContactCount ? 1 : divided ? 1f / contacts : contacts;

    private static float Measure()
    {
        var pool = new BufferPool();
        var simulation = Simulation.Create(pool, new Contacts(), new Fall(), new SolveDescription(1, 4));
        simulation.Statics.Add(new StaticDescription(new Vector3(0, -0.5f, 0), simulation.Shapes.Add(new Box(20, 1, 20))));
        var box = new Box(1, 0.5f, 1);
        var body = simulation.Bodies.Add(BodyDescription.CreateDynamic(
            new Vector3(0, 0.249f, 0), new BodyVelocity(new Vector3(2, 0, 0)), box.ComputeInertia(1), simulation.Shapes.Add(box), -1));
        const float timestep = 1f / 120;
        const int settling = 10, watched = 20;
        for (int i = 0; i < settling; i++) simulation.Timestep(timestep);
        float before = simulation.Bodies[body].Velocity.Linear.X;
        for (int i = 0; i < watched; i++) simulation.Timestep(timestep);
        float lost = before - simulation.Bodies[body].Velocity.Linear.X;
        simulation.Dispose();
        pool.Clear();
        return lost / (watched * timestep * Gravity * Coefficient);
    }

    private struct Contacts : INarrowPhaseCallbacks
    {
        public readonly void Initialize(Simulation simulation)
        {
        }

        public readonly bool AllowContactGeneration(int workerIndex, CollidableReference a, CollidableReference b, ref float speculativeMargin) => true;

        public readonly bool AllowContactGeneration(int workerIndex, CollidablePair pair, int childIndexA, int childIndexB) => true;

        public readonly bool ConfigureContactManifold<TManifold>(int workerIndex, CollidablePair pair, ref TManifold manifold, out PairMaterialProperties pairMaterial)
            where TManifold : unmanaged, IContactManifold<TManifold>
        {
            pairMaterial = new PairMaterialProperties(Coefficient, 2, new SpringSettings(30, 1));
            return true;
        }

        public readonly bool ConfigureContactManifold(int workerIndex, CollidablePair pair, int childIndexA, int childIndexB, ref ConvexContactManifold manifold) => true;

        public readonly void Dispose()
        {
        }
    }

    private struct Fall : IPoseIntegratorCallbacks
    {
        public readonly AngularIntegrationMode AngularIntegrationMode => AngularIntegrationMode.Nonconserving;

        public readonly bool AllowSubstepsForUnconstrainedBodies => false;

        public readonly bool IntegrateVelocityForKinematics => false;

        public readonly void Initialize(Simulation simulation)
        {
        }

        public readonly void PrepareForIntegration(float dt)
        {
        }

        public readonly void IntegrateVelocity(
            Vector<int> bodyIndices, Vector3Wide position, QuaternionWide orientation, BodyInertiaWide localInertia, Vector<int> integrationMask, int workerIndex, Vector<float> dt, ref BodyVelocityWide velocity)
            => velocity.Linear.Y -= new Vector<float>(Gravity) * dt;
    }
}
