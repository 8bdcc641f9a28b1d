using System.Numerics;
using BepuPhysics;
using BepuPhysics.Constraints.Contact;
using BepuUtilities;
using Sim.Physics.Worlds;

namespace Sim.Physics.Bepu;

/// <summary>
/// Takes a contact constraint of the solver apart. Impulses are those of the last substep and act on the constraint's
/// first body; the normal points to it.
/// </summary>
internal struct ContactReader : ISolverContactDataExtractor
{
    private int _points;
    private bool _touching;
    private float _depth;
    private float _normalImpulse;
    private Vector3 _impulse;

    /// <summary>First body of the constraint.</summary>
    public BodyHandle A { get; private set; }

    /// <summary>What the first body feels, or the second.</summary>
    public readonly ContactReading Reading(float substep, bool second)
        => new(_points, _touching, _depth, _normalImpulse / substep, (second ? -_impulse : _impulse) / substep);

    public void ConvexOneBody<TPrestep, TAccumulatedImpulses>(BodyHandle bodyHandle, ref TPrestep prestep, ref TAccumulatedImpulses impulses)
        where TPrestep : struct, IConvexContactPrestep<TPrestep>
        where TAccumulatedImpulses : struct, IConvexContactAccumulatedImpulses<TAccumulatedImpulses>
        => ReadConvex(bodyHandle, ref prestep, ref impulses);

    public void ConvexTwoBody<TPrestep, TAccumulatedImpulses>(BodyHandle bodyHandleA, BodyHandle bodyHandleB, ref TPrestep prestep, ref TAccumulatedImpulses impulses)
        where TPrestep : struct, ITwoBodyConvexContactPrestep<TPrestep>
        where TAccumulatedImpulses : struct, IConvexContactAccumulatedImpulses<TAccumulatedImpulses>
        => ReadConvex(bodyHandleA, ref prestep, ref impulses);

    public void NonconvexOneBody<TPrestep, TAccumulatedImpulses>(BodyHandle bodyHandle, ref TPrestep prestep, ref TAccumulatedImpulses impulses)
        where TPrestep : struct, INonconvexContactPrestep<TPrestep>
        where TAccumulatedImpulses : struct, INonconvexContactAccumulatedImpulses<TAccumulatedImpulses>
        => ReadNonconvex(bodyHandle, ref prestep, ref impulses);

    public void NonconvexTwoBody<TPrestep, TAccumulatedImpulses>(BodyHandle bodyHandleA, BodyHandle bodyHandleB, ref TPrestep prestep, ref TAccumulatedImpulses impulses)
        where TPrestep : struct, ITwoBodyNonconvexContactPrestep<TPrestep>
        where TAccumulatedImpulses : struct, INonconvexContactAccumulatedImpulses<TAccumulatedImpulses>
        => ReadNonconvex(bodyHandleA, ref prestep, ref impulses);

    private void ReadConvex<TPrestep, TAccumulatedImpulses>(BodyHandle a, ref TPrestep prestep, ref TAccumulatedImpulses impulses)
        where TPrestep : struct, IConvexContactPrestep<TPrestep>
        where TAccumulatedImpulses : struct, IConvexContactAccumulatedImpulses<TAccumulatedImpulses>
    {
        Begin(a);
        Vector3Wide.ReadFirst(TPrestep.GetNormal(ref prestep), out var normal);
        for (int i = 0; i < TPrestep.ContactCount; i++)
            Add(TPrestep.GetContact(ref prestep, i).Depth[0], TAccumulatedImpulses.GetPenetrationImpulseForContact(ref impulses, i)[0], normal);
        Vector2Wide.ReadFirst(TAccumulatedImpulses.GetTangentFriction(ref impulses), out var tangent);
        AddTangent(normal, tangent);
    }

    private void ReadNonconvex<TPrestep, TAccumulatedImpulses>(BodyHandle a, ref TPrestep prestep, ref TAccumulatedImpulses impulses)
        where TPrestep : struct, INonconvexContactPrestep<TPrestep>
        where TAccumulatedImpulses : struct, INonconvexContactAccumulatedImpulses<TAccumulatedImpulses>
    {
        Begin(a);
        for (int i = 0; i < TPrestep.ContactCount; i++)
        {
            ref var contact = ref TPrestep.GetContact(ref prestep, i);
            ref var impulse = ref TAccumulatedImpulses.GetImpulsesForContact(ref impulses, i);
            Vector3Wide.ReadFirst(contact.Normal, out var normal);
            Vector2Wide.ReadFirst(impulse.Tangent, out var tangent);
            Add(contact.Depth[0], impulse.Penetration[0], normal);
            AddTangent(normal, tangent);
        }
    }

    private void Begin(BodyHandle a)
    {
        A = a;
        (_points, _touching, _depth, _normalImpulse, _impulse) = (0, false, float.NegativeInfinity, 0, Vector3.Zero);
    }

    private void Add(float depth, float impulse, Vector3 normal)
    {
        _points++;
        _touching |= depth > 0 || impulse > 0;
        _depth = MathF.Max(_depth, depth);
        _normalImpulse += impulse;
        _impulse += impulse * normal;
    }

    private void AddTangent(Vector3 normal, Vector2 impulse)
    {
        Helpers.BuildOrthonormalBasis(normal, out var x, out var y);
        _impulse += (impulse.X * x) + (impulse.Y * y);
    }
}
