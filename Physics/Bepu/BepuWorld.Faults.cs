using System.Numerics;
using BepuPhysics;
using Sim.Physics.Worlds;

namespace Sim.Physics.Bepu;

/// <content>
/// A number that is not finite would corrupt the bounding volumes that all environments share, in unmanaged memory.
/// So it never enters a step: what is set or pushed is looked at before it, what was solved is looked at after it, and
/// an environment that fails is stopped where it last stood.
/// </content>
public sealed partial class BepuWorld
{
    /// <summary>Beyond this (metres from the environment's zero, m/s, rad/s) the broad phase's surface areas would lose their meaning; counts as not finite.</summary>
    private const float Farthest = 1e8f;

    private readonly MotionState[] _lastGood;
    private readonly EnvironmentFault[] _faults;

    /// <summary>Environments that were given a number no step can take; stopped when the next step begins.</summary>
    private readonly bool[] _condemned;
    private bool _anyCondemned;

    /// <summary>Handles of the bodies with a wrench.</summary>
    private readonly int[] _pushed;

    /// <summary>By handle: whether it is among them.</summary>
    private readonly bool[] _listed;
    private int _pushedCount;

    public override EnvironmentFault Fault(int environment)
    {
        CheckEnvironment(environment);
        return _faults[environment];
    }

    private void Push(int environment, int body, Vector3 force, Vector3 torque)
    {
        if (_faults[environment] != EnvironmentFault.None) return;
        int handle = Handle(environment, body);
        _shared.Forces[handle] += force;
        _shared.Torques[handle] += torque;
        if (!_listed[handle]) _pushed[_pushedCount++] = handle;
        _listed[handle] = true;
        _shared.AnyPushed = true;
    }

    private void ForgetWrenches()
    {
        for (int i = 0; i < _pushedCount; i++)
        {
            int handle = _pushed[i];
            _shared.Forces[handle] = _shared.Torques[handle] = Vector3.Zero;
            _listed[handle] = false;
        }
        _pushedCount = 0;
        _shared.AnyPushed = false;
    }

    private void Accept(int environment, int body, in MotionState motion)
    {
        if (IsSound(motion, _origins[environment])) _lastGood[Handle(environment, body)] = motion;
        else Condemn(environment);
    }

    private void Condemn(int environment) => _condemned[environment] = _anyCondemned = true;

    /// <summary>Before a step: impossible settings, and wrenches whose effect could not be represented.</summary>
    private void StopWhatCannotStep()
    {
        float timestep = Scene.Settings.Timestep;
        var states = _simulation.Bodies.ActiveSet.DynamicsState;
        for (int i = 0; i < _pushedCount; i++)
        {
            int handle = _pushed[i];
            ref var inertia = ref states[handle].Inertia.Local;
            float speed = _shared.Forces[handle].Length() * inertia.InverseMass * timestep;
            // The trace bounds the largest inverse moment.
            float spin = _shared.Torques[handle].Length() * (inertia.InverseInertiaTensor.XX + inertia.InverseInertiaTensor.YY + inertia.InverseInertiaTensor.ZZ) * timestep;
            if (!(speed < Farthest && spin < Farthest)) Condemn(handle / _moving);
        }
        if (!_anyCondemned) return;
        for (int environment = 0; environment < Count; environment++)
        {
            if (_condemned[environment]) Freeze(environment);
        }
        _anyCondemned = false;
    }

    /// <summary>After a step: keeps what is good, stops what is not.</summary>
    private void StopWhatWentWrong()
    {
        var states = _simulation.Bodies.ActiveSet.DynamicsState;
        for (int environment = 0; environment < Count; environment++)
        {
            if (_shared.Frozen[environment]) continue;
            int first = environment * _moving;
            var origin = _origins[environment];
            bool sound = true;
            for (int i = first; i < first + _moving; i++) sound &= IsSound(states[i].Motion, origin);
            if (!sound)
            {
                Freeze(environment);
                continue;
            }
            for (int i = first; i < first + _moving; i++) _lastGood[i] = states[i].Motion;
        }
    }

    /// <summary>Comparisons are false for what is not a number.</summary>
    private static bool IsSound(in MotionState motion, Vector3 origin)
        => (motion.Pose.Position - origin).LengthSquared() < Farthest * Farthest
            && motion.Pose.Orientation.LengthSquared() < 2
            && motion.Velocity.Linear.LengthSquared() < Farthest * Farthest
            && motion.Velocity.Angular.LengthSquared() < Farthest * Farthest;

    /// <summary>No constraint is left that could carry a bad number on, no new contact is let in, and velocities are held at zero.</summary>
    private void Freeze(int environment)
    {
        _condemned[environment] = false;
        _faults[environment] = EnvironmentFault.NotFinite;
        if (!_shared.Frozen[environment])
        {
            _shared.Frozen[environment] = true;
            _shared.FrozenCount++;
        }
        RemoveConstraints(environment, contactsOnly: false);
        var states = _simulation.Bodies.ActiveSet.DynamicsState;
        for (int i = environment * _moving; i < (environment + 1) * _moving; i++)
        {
            _lastGood[i].Velocity = default;
            states[i].Motion = _lastGood[i];
            _shared.Forces[i] = _shared.Torques[i] = Vector3.Zero;
        }
    }

    private void Thaw(int environment)
    {
        _condemned[environment] = false;
        _faults[environment] = EnvironmentFault.None;
        if (!_shared.Frozen[environment]) return;
        _shared.Frozen[environment] = false;
        _shared.FrozenCount--;
    }
}
