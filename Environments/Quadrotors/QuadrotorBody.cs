using Sim.Physics.Numerics;

namespace Sim.Environments.Quadrotors;

/// <summary>Motion of the vehicle: what the equations integrate.</summary>
public struct QuadrotorBody<T> where T : unmanaged, ILane<T>
{
    /// <summary>Position, world, m.</summary>
    public T PositionX, PositionY, PositionZ;

    /// <summary>Velocity, world, m/s.</summary>
    public T VelocityX, VelocityY, VelocityZ;

    /// <summary>Orientation, body to world.</summary>
    public T QuaternionX, QuaternionY, QuaternionZ, QuaternionW;

    /// <summary>Angular velocity, body, rad/s.</summary>
    public T SpinX, SpinY, SpinZ;

    /// <summary>Normalised rotor speeds in [0, 1].</summary>
    public T Rotor0, Rotor1, Rotor2, Rotor3;
}

/// <summary>Four numbers, one a rotor: commands, actions.</summary>
public struct Rotors<T> where T : unmanaged, ILane<T>
{
    public T Rotor0, Rotor1, Rotor2, Rotor3;
}

/// <summary>What each episode's vehicle is, in the form the equations want.</summary>
public struct QuadrotorParameters<T> where T : unmanaged, ILane<T>
{
    /// <summary>Acceleration along body z per newton of the nominal thrust polynomial, 1/kg.</summary>
    public T Lift;

    /// <summary>Angular acceleration about each axis per newton of nominal thrust difference, 1/(kg·m).</summary>
    public T RollGain, PitchGain, YawGain;

    /// <summary>Acceleration by the disturbance force, world, m/s².</summary>
    public T PushX, PushY, PushZ;

    /// <summary>Angular acceleration by the disturbance torque, body, rad/s².</summary>
    public T TwistX, TwistY, TwistZ;

    /// <summary>Drawn mass, kg.</summary>
    public T Mass;

    /// <summary>Drawn ratio of full thrust to weight.</summary>
    public T ThrustToWeight;

    /// <summary>Drawn torque constant, m.</summary>
    public T TorqueConstant;

    /// <summary>Rotor speed whose thrust carries the weight.</summary>
    public T HoverSpeed;
}
