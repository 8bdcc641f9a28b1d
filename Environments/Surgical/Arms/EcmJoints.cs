using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Arms;

/// <summary>Joints of the endoscope's arm: angles in rad, insertion in nominal metres whatever the world's scale.</summary>
public struct EcmJoints<T> where T : unmanaged, ILane<T>
{
    public T Yaw, Pitch, Insertion, Roll;
}
