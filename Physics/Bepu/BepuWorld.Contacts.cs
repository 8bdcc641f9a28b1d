using System.Numerics;
using BepuPhysics;
using BepuPhysics.Collidables;
using BepuPhysics.CollisionDetection;
using Sim.Physics.Scenes;
using Sim.Physics.Worlds;

namespace Sim.Physics.Bepu;

/// <content>What the solver's contact constraints say after a step.</content>
public sealed partial class BepuWorld
{
    private float Substep => Scene.Settings.Timestep / Scene.Settings.Substeps;

    public override ContactReading Contact(int environment, BodyId a, BodyId b)
    {
        Check(environment, a);
        Check(environment, b);
        return Scene.MayTouch(a, b) ? Read(environment, a, b) : ContactReading.None;
    }

    public override Vector3 ContactForce(int environment, BodyId body)
    {
        var sum = Vector3.Zero;
        if (Check(environment, body).Kind == BodyKind.Static)
        {
            foreach (int other in _shared.MovingBodies)
            {
                if (Scene.MayTouch(body, new BodyId(other))) sum += Read(environment, body, new BodyId(other)).Force;
            }
            return sum;
        }
        int handle = Handle(environment, body.Index);
        ref var constraints = ref _simulation.Bodies.ActiveSet.Constraints[handle];
        var reader = new ContactReader();
        for (int i = 0; i < constraints.Count; i++)
        {
            if (_simulation.NarrowPhase.TryExtractSolverContactData(constraints[i].ConnectingConstraintHandle, ref reader))
                sum += reader.Reading(Substep, second: reader.A.Value != handle).Force;
        }
        return sum;
    }

    private ContactReading Read(int environment, BodyId a, BodyId b)
    {
        var pairs = _simulation.NarrowPhase.PairCache;
        CollidableReference first = Collidable(environment, a.Index), second = Collidable(environment, b.Index);
        // The engine sorts the two of a pair: statics last, then by handle.
        int index = pairs.IndexOf(new CollidablePair(first, second));
        if (index < 0) index = pairs.IndexOf(new CollidablePair(second, first));
        if (index < 0) return ContactReading.None;
        var reader = new ContactReader();
        if (!_simulation.NarrowPhase.TryExtractSolverContactData(pairs.GetCache(index).ConstraintHandle, ref reader)) return ContactReading.None;
        bool firstIsA = Scene.Bodies[a.Index].Kind != BodyKind.Static && reader.A.Value == Handle(environment, a.Index);
        return reader.Reading(Substep, second: !firstIsA);
    }

    private CollidableReference Collidable(int environment, int body) => Scene.Bodies[body].Kind switch
    {
        BodyKind.Static => new CollidableReference(StaticHandle(environment, body)),
        BodyKind.Kinematic => new CollidableReference(CollidableMobility.Kinematic, new BodyHandle(Handle(environment, body))),
        _ => new CollidableReference(CollidableMobility.Dynamic, new BodyHandle(Handle(environment, body))),
    };
}
