using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;

namespace Sim.Environments.Quadrotors;

/// <summary>What every quadrotor task shows its actor of the vehicle: 18 numbers.</summary>
public struct QuadrotorView<T> where T : unmanaged, ILane<T>
{
    /// <summary>Position minus target, world, m.</summary>
    public T PositionErrorX, PositionErrorY, PositionErrorZ;

    /// <summary>Rotation matrix, body to world, row by row.</summary>
    public T RotationXX, RotationXY, RotationXZ, RotationYX, RotationYY, RotationYZ, RotationZX, RotationZY, RotationZZ;

    /// <summary>Velocity, world, m/s.</summary>
    public T VelocityX, VelocityY, VelocityZ;

    /// <summary>Angular velocity, body, rad/s.</summary>
    public T SpinX, SpinY, SpinZ;

    /// <summary>The vehicle as seen from a target at (x, y, z), with the actor's noise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Of(in QuadrotorBody<T> body, T targetX, T targetY, T targetZ, in LaneRandom<T> random,
        in ObservationNoiseSettings noise, out QuadrotorView<T> view)
    {
        T x = body.QuaternionX, y = body.QuaternionY, z = body.QuaternionZ, w = body.QuaternionW;
        T one = T.Of(1), two = T.Of(2);
        T xx = x * x, yy = y * y, zz = z * z, xy = x * y, xz = x * z, yz = y * z, wx = w * x, wy = w * y, wz = w * z;
        view.PositionErrorX = body.PositionX - targetX;
        view.PositionErrorY = body.PositionY - targetY;
        view.PositionErrorZ = body.PositionZ - targetZ;
        view.RotationXX = one - two * (yy + zz);
        view.RotationXY = two * (xy - wz);
        view.RotationXZ = two * (xz + wy);
        view.RotationYX = two * (xy + wz);
        view.RotationYY = one - two * (xx + zz);
        view.RotationYZ = two * (yz - wx);
        view.RotationZX = two * (xz - wy);
        view.RotationZY = two * (yz + wx);
        view.RotationZZ = one - two * (xx + yy);
        view.VelocityX = body.VelocityX;
        view.VelocityY = body.VelocityY;
        view.VelocityZ = body.VelocityZ;
        view.SpinX = body.SpinX;
        view.SpinY = body.SpinY;
        view.SpinZ = body.SpinZ;
        if (noise.Position + noise.Orientation + noise.Velocity + noise.AngularVelocity > 0) Disturb(ref view, in random, in noise);
    }

    private static void Disturb(ref QuadrotorView<T> view, in LaneRandom<T> random, in ObservationNoiseSettings noise)
    {
        var draws = random.Stream(RandomStream.ObservationNoise);
        view.PositionErrorX += noise.Position * draws.Normal();
        view.PositionErrorY += noise.Position * draws.Normal();
        view.PositionErrorZ += noise.Position * draws.Normal();
        view.RotationXX += noise.Orientation * draws.Normal();
        view.RotationXY += noise.Orientation * draws.Normal();
        view.RotationXZ += noise.Orientation * draws.Normal();
        view.RotationYX += noise.Orientation * draws.Normal();
        view.RotationYY += noise.Orientation * draws.Normal();
        view.RotationYZ += noise.Orientation * draws.Normal();
        view.RotationZX += noise.Orientation * draws.Normal();
        view.RotationZY += noise.Orientation * draws.Normal();
        view.RotationZZ += noise.Orientation * draws.Normal();
        view.VelocityX += noise.Velocity * draws.Normal();
        view.VelocityY += noise.Velocity * draws.Normal();
        view.VelocityZ += noise.Velocity * draws.Normal();
        view.SpinX += noise.AngularVelocity * draws.Normal();
        view.SpinY += noise.AngularVelocity * draws.Normal();
        view.SpinZ += noise.AngularVelocity * draws.Normal();
    }
}

/// <summary>What only a critic may see: the noise-free state, the disturbance, the drawn parameters. 26 numbers.</summary>
public struct QuadrotorPrivileged<T> where T : unmanaged, ILane<T>
{
    public QuadrotorBody<T> Body;

    /// <summary>Acceleration by the disturbance force, world, m/s².</summary>
    public T PushX, PushY, PushZ;

    /// <summary>Angular acceleration by the disturbance torque, body, rad/s².</summary>
    public T TwistX, TwistY, TwistZ;

    /// <summary>kg, ratio, m.</summary>
    public T Mass, ThrustToWeight, TorqueConstant;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Of(in QuadrotorBody<T> body, in QuadrotorParameters<T> parameters, out QuadrotorPrivileged<T> view)
    {
        view.Body = body;
        (view.PushX, view.PushY, view.PushZ) = (parameters.PushX, parameters.PushY, parameters.PushZ);
        (view.TwistX, view.TwistY, view.TwistZ) = (parameters.TwistX, parameters.TwistY, parameters.TwistZ);
        (view.Mass, view.ThrustToWeight, view.TorqueConstant) = (parameters.Mass, parameters.ThrustToWeight, parameters.TorqueConstant);
    }
}
