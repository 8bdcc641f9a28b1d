using Sim.Physics.Numerics;
using static Sim.Physics.Numerics.LaneMath;

namespace Sim.Environments.Quadrotors;

/// <summary>Draws vehicles and start states.</summary>
public static class QuadrotorStart
{
    /// <summary>The vehicle of an episode, from the stream <see cref="RandomStream.Dynamics"/>.</summary>
    public static void DrawParameters<T>(in LaneRandom<T> random, in VehicleSettings vehicle, in RandomisationSettings randomisation,
        out QuadrotorParameters<T> parameters) where T : unmanaged, ILane<T>
    {
        var draws = random.Stream(RandomStream.Dynamics);
        T mass = Drawn(ref draws, vehicle.Mass, randomisation.MassLow, randomisation.MassHigh);
        T thrustToWeight = Drawn(ref draws, vehicle.ThrustToWeight, randomisation.ThrustToWeightLow, randomisation.ThrustToWeightHigh);
        T torqueConstant = Drawn(ref draws, vehicle.TorqueConstant, randomisation.TorqueConstantLow, randomisation.TorqueConstantHigh);

        // Constant density: lengths grow with the cube root of mass, inertia with mass times length squared.
        T ratio = mass / T.Of(vehicle.Mass);
        T length = randomisation.MassHigh > 0 ? Exp(Log(ratio) * (1f / 3f)) : T.Of(1);
        T inertia = ratio * length * length;
        T weight = mass * vehicle.Gravity;
        T thrust = thrustToWeight * weight / T.Of(4f * (vehicle.Thrust0 + vehicle.Thrust1 + vehicle.Thrust2));
        if (vehicle.Gravity == 0) thrust = T.Of(1);
        parameters.Lift = thrust / mass;
        parameters.RollGain = thrust * length * vehicle.Arm / (inertia * vehicle.InertiaX);
        parameters.PitchGain = thrust * length * vehicle.Arm / (inertia * vehicle.InertiaY);
        parameters.YawGain = thrust * torqueConstant / (inertia * vehicle.InertiaZ);
        parameters.PushX = parameters.PushY = parameters.PushZ = T.Of(0);
        if (randomisation.DisturbanceForce > 0)
        {
            float push = randomisation.DisturbanceForce * vehicle.Gravity;
            parameters.PushX = draws.Uniform(-push, push);
            parameters.PushY = draws.Uniform(-push, push);
            parameters.PushZ = draws.Uniform(-push, push);
        }
        parameters.TwistX = parameters.TwistY = parameters.TwistZ = T.Of(0);
        if (randomisation.DisturbanceTorque > 0)
        {
            T torque = randomisation.DisturbanceTorque * vehicle.Arm * weight * length / inertia;
            parameters.TwistX = torque / T.Of(vehicle.InertiaX) * draws.Uniform(-1, 1);
            parameters.TwistY = torque / T.Of(vehicle.InertiaY) * draws.Uniform(-1, 1);
            parameters.TwistZ = torque / T.Of(vehicle.InertiaZ) * draws.Uniform(-1, 1);
        }
        parameters.Mass = mass;
        parameters.ThrustToWeight = thrustToWeight;
        parameters.TorqueConstant = torqueConstant;
        parameters.HoverSpeed = QuadrotorDynamics.HoverSpeed(weight, in thrust, in vehicle);
    }

    /// <summary>At a place, level, at rest, rotors at hover speed.</summary>
    public static void Level<T>(in T x, in T y, in T z, in T rotorSpeed, out QuadrotorBody<T> body) where T : unmanaged, ILane<T>
    {
        T zero = T.Of(0);
        (body.PositionX, body.PositionY, body.PositionZ) = (x, y, z);
        body.VelocityX = body.VelocityY = body.VelocityZ = zero;
        body.QuaternionX = body.QuaternionY = body.QuaternionZ = zero;
        body.QuaternionW = T.Of(1);
        body.SpinX = body.SpinY = body.SpinZ = zero;
        body.Rotor0 = body.Rotor1 = body.Rotor2 = body.Rotor3 = rotorSpeed;
    }

    /// <summary>Moves a body, and adds to its velocity, by up to ± the limits in each component.</summary>
    public static void Scatter<T>(ref QuadrotorBody<T> body, ref Draws<T> draws, float position, float velocity) where T : unmanaged, ILane<T>
    {
        body.PositionX += draws.Uniform(-position, position);
        body.PositionY += draws.Uniform(-position, position);
        body.PositionZ += draws.Uniform(-position, position);
        body.VelocityX += draws.Uniform(-velocity, velocity);
        body.VelocityY += draws.Uniform(-velocity, velocity);
        body.VelocityZ += draws.Uniform(-velocity, velocity);
    }

    /// <summary>Turns a level body by an angle uniform in [0, <paramref name="maxAngle"/>] about a uniform axis.</summary>
    public static void Tilt<T>(ref QuadrotorBody<T> body, ref Draws<T> draws, float maxAngle) where T : unmanaged, ILane<T>
    {
        T axisZ = draws.Uniform(-1, 1);
        SinCos(draws.Uniform(-MathF.PI, MathF.PI), out T sinHeading, out T cosHeading);
        T across = T.Sqrt(T.Of(1) - axisZ * axisZ);
        SinCos(draws.Uniform(0, maxAngle / 2), out T sin, out T cos);
        body.QuaternionX = sin * across * cosHeading;
        body.QuaternionY = sin * across * sinHeading;
        body.QuaternionZ = sin * axisZ;
        body.QuaternionW = cos;
    }

    private static T Drawn<T>(ref Draws<T> draws, float nominal, float low, float high) where T : unmanaged, ILane<T>
        => high > 0 ? draws.Uniform(low > 0 ? low : nominal, high) : T.Of(nominal);
}
