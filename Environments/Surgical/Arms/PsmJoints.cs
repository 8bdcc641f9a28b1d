using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Arms;

/// <summary>Joints of a patient-side manipulator: angles in rad, insertion in nominal metres whatever the world's scale.</summary>
public struct PsmJoints<T> where T : unmanaged, ILane<T>
{
    public T Yaw, Pitch, Insertion, Roll, WristPitch, WristYaw;
}
