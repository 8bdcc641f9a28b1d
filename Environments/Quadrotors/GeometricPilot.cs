using System.Numerics;

namespace Sim.Environments.Quadrotors;

/// <summary>
/// A cascaded geometric controller that sees the true state, after T. Lee, M. Leok and N. H. McClamroch, "Geometric
/// tracking control of a quadrotor UAV on SE(3)" (2010): velocity to acceleration, acceleration to thrust direction,
/// direction to body rates, rates to rotor thrusts.
/// </summary>
public sealed record GeometricPilot
{
    private readonly VehicleSettings _vehicle = new();

    /// <summary>What it flies; mass, thrust and torque of an episode's own vehicle come from the privileged group.</summary>
    public VehicleSettings Vehicle
    {
        get => _vehicle;
        init => _vehicle = value;
    }

    /// <summary>1/s: velocity wanted per metre of error.</summary>
    public float Position { get; init; } = 2.4f;

    /// <summary>Greatest velocity wanted of an error, m/s.</summary>
    public float Speed { get; init; } = 0.55f;

    /// <summary>1/s: acceleration wanted per m/s of error.</summary>
    public float Velocity { get; init; } = 5f;

    /// <summary>Greatest horizontal acceleration wanted, m/s².</summary>
    public float Acceleration { get; init; } = 9f;

    /// <summary>1/s: body rate wanted per radian of tilt error.</summary>
    public float Tilt { get; init; } = 7.5f;

    /// <summary>1/s: yaw rate wanted per radian of heading.</summary>
    public float Yaw { get; init; } = 1f;

    /// <summary>1/s: angular acceleration wanted per rad/s of error.</summary>
    public float Rate { get; init; } = 55f;

    /// <summary>How much farther than wanted a rotor is sent, to beat its lag.</summary>
    public float Lead { get; init; } = 1.9f;

    /// <summary>Least share of the weight that the rotors carry together, so that they can turn the vehicle.</summary>
    public float LeastThrust { get; init; } = 0.68f;

    /// <summary>Writes the action towards a place and a velocity at it.</summary>
    /// <param name="privileged">Row of the privileged group: the true state and the vehicle's parameters.</param>
    /// <param name="target">Where to, world, m.</param>
    /// <param name="targetVelocity">Velocity to have there, m/s.</param>
    /// <param name="action">Four numbers in [−1, 1].</param>
    public void Steer(ReadOnlySpan<float> privileged, Vector3 target, Vector3 targetVelocity, Span<float> action)
    {
        var position = new Vector3(privileged);
        var velocity = new Vector3(privileged[3..]);
        var attitude = new Quaternion(privileged[6], privileged[7], privileged[8], privileged[9]);
        var spin = new Vector3(privileged[10..]);
        float mass = privileged[23], thrustToWeight = privileged[24];

        var wantedVelocity = targetVelocity + Limit(Position * (target - position), Speed);
        var wanted = Velocity * (wantedVelocity - velocity);
        wanted = Limit(new(wanted.X, wanted.Y, 0), Acceleration) + new Vector3(0, 0, Math.Clamp(wanted.Z, -5f, 4f) + _vehicle.Gravity);

        var up = Vector3.Transform(Vector3.UnitZ, attitude);
        var toBody = Quaternion.Conjugate(attitude);
        var direction = Vector3.Normalize(wanted);
        var axis = Vector3.Cross(up, direction);
        float sin = axis.Length(), angle = MathF.Atan2(sin, Vector3.Dot(up, direction));
        var turn = sin > 1e-6f ? Vector3.Transform(axis * (angle / sin), toBody) : Vector3.Zero;
        var forward = Vector3.Transform(Vector3.UnitX, attitude);
        float heading = MathF.Atan2(forward.Y, forward.X) * Math.Max(0, up.Z);
        var wantedSpin = new Vector3(Tilt * turn.X, Tilt * turn.Y, -Yaw * heading);
        var angular = Rate * (wantedSpin - spin);

        float weight = mass * _vehicle.Gravity;
        float total = Math.Clamp(Vector3.Dot(wanted, up) * mass, LeastThrust * weight, 0.95f * thrustToWeight * weight);
        float roll = angular.X * _vehicle.InertiaX / _vehicle.Arm, pitch = angular.Y * _vehicle.InertiaY / _vehicle.Arm;
        float twist = Math.Clamp(angular.Z * _vehicle.InertiaZ / _vehicle.TorqueConstant, -0.1f * total, 0.1f * total);
        ReadOnlySpan<float> thrusts =
        [
            total - roll - pitch - twist, total - roll + pitch + twist, total + roll + pitch - twist, total + roll - pitch + twist,
        ];
        for (int rotor = 0; rotor < 4; rotor++)
        {
            float now = privileged[13 + rotor];
            float speed = SpeedFor(thrusts[rotor] / 4, mass, thrustToWeight);
            action[rotor] = 2 * Math.Clamp(now + Lead * (speed - now), 0, 1) - 1;
        }
    }

    /// <summary>Rotor speed that gives a thrust, N, on a vehicle whose polynomial is scaled to its thrust-to-weight ratio.</summary>
    private float SpeedFor(float thrust, float mass, float thrustToWeight)
    {
        float gain = thrustToWeight * mass / (_vehicle.ThrustToWeight * _vehicle.Mass);
        float c = Math.Max(thrust / gain, _vehicle.Thrust0) - _vehicle.Thrust0;
        return (MathF.Sqrt(_vehicle.Thrust1 * _vehicle.Thrust1 + 4 * _vehicle.Thrust2 * c) - _vehicle.Thrust1) / (2 * _vehicle.Thrust2);
    }

    private static Vector3 Limit(Vector3 vector, float length)
        => vector.Length() > length ? vector * (length / vector.Length()) : vector;
}
