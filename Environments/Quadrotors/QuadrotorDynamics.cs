using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;
using static Sim.Physics.Numerics.LaneMath;

namespace Sim.Environments.Quadrotors;

/// <summary>
/// Rigid-body quadrotor with first-order motors, integrated by the classical Runge-Kutta method. Forces: rotor
/// thrust along body z, gravity, a constant disturbance; torques: r × f, rotor drag, a constant disturbance.
/// </summary>
public static class QuadrotorDynamics
{
    /// <summary>Rotor command in [0, 1] of an action in [−1, 1], clipped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rotors<T> Command<T>(in Rotors<T> action) where T : unmanaged, ILane<T>
    {
        T half = T.Of(0.5f);
        Rotors<T> command;
        command.Rotor0 = T.Fma(half, action.Rotor0, half);
        command.Rotor1 = T.Fma(half, action.Rotor1, half);
        command.Rotor2 = T.Fma(half, action.Rotor2, half);
        command.Rotor3 = T.Fma(half, action.Rotor3, half);
        return command;
    }

    /// <summary>Moves the body on by one control period under constant rotor commands.</summary>
    public static void Advance<T>(ref QuadrotorBody<T> body, in QuadrotorParameters<T> parameters, in Rotors<T> command,
        in VehicleSettings vehicle) where T : unmanaged, ILane<T>
    {
        float dt = vehicle.Dt;
        Stage(in body, in body, in body, out var sum, out var probe, in parameters, in command, in vehicle, dt / 2, dt / 6);
        Stage(in probe, in body, in sum, out sum, out var second, in parameters, in command, in vehicle, dt / 2, dt / 3);
        Stage(in second, in body, in sum, out sum, out probe, in parameters, in command, in vehicle, dt, dt / 3);
        Stage(in probe, in body, in sum, out body, out second, in parameters, in command, in vehicle, 0, dt / 6);
        T norm = T.Of(1) / T.Sqrt(T.Fma(body.QuaternionX, body.QuaternionX, T.Fma(body.QuaternionY, body.QuaternionY,
            T.Fma(body.QuaternionZ, body.QuaternionZ, body.QuaternionW * body.QuaternionW))));
        body.QuaternionX *= norm;
        body.QuaternionY *= norm;
        body.QuaternionZ *= norm;
        body.QuaternionW *= norm;
    }

    /// <summary>Rotor speed at which the nominal polynomial, scaled by <paramref name="gain"/>, gives a quarter of <paramref name="weight"/>.</summary>
    public static T HoverSpeed<T>(T weight, T gain, in VehicleSettings vehicle) where T : unmanaged, ILane<T>
    {
        // Positive root of thrust2 u² + thrust1 u + thrust0 = weight / (4 gain).
        T c = weight / (gain * 4f) - vehicle.Thrust0;
        T root = T.Sqrt(T.Of(vehicle.Thrust1 * vehicle.Thrust1) + 4f * vehicle.Thrust2 * c);
        return Clamp((root - vehicle.Thrust1) / (2f * vehicle.Thrust2), 0f, 1f);
    }

    /// <summary>
    /// One Runge-Kutta stage: derivative d at <paramref name="at"/>, then probe = start + advance·d and
    /// sum = before + weight·d, field by field, so that sum may lie where before or start does (but the probe then
    /// means nothing). Without an inlining attribute on purpose: the JIT makes so large a method a unit of its own,
    /// whose inlining budget suffices for its operators, and the PTX compiler inlines it.
    /// </summary>
    private static void Stage<T>(in QuadrotorBody<T> at, in QuadrotorBody<T> start, in QuadrotorBody<T> before,
        out QuadrotorBody<T> sum, out QuadrotorBody<T> probe, in QuadrotorParameters<T> parameters, in Rotors<T> command,
        in VehicleSettings vehicle, float advance, float weight) where T : unmanaged, ILane<T>
    {
        T a = T.Of(advance), b = T.Of(weight);

        // Motors, and the thrust of each before it moves on.
        T u = at.Rotor0;
        T f0 = Thrust(u, in vehicle);
        T d = (command.Rotor0 - u) * MotorRate(command.Rotor0, u, in vehicle);
        sum.Rotor0 = T.Fma(b, d, before.Rotor0);
        probe.Rotor0 = T.Fma(a, d, start.Rotor0);
        u = at.Rotor1;
        T f1 = Thrust(u, in vehicle);
        d = (command.Rotor1 - u) * MotorRate(command.Rotor1, u, in vehicle);
        sum.Rotor1 = T.Fma(b, d, before.Rotor1);
        probe.Rotor1 = T.Fma(a, d, start.Rotor1);
        u = at.Rotor2;
        T f2 = Thrust(u, in vehicle);
        d = (command.Rotor2 - u) * MotorRate(command.Rotor2, u, in vehicle);
        sum.Rotor2 = T.Fma(b, d, before.Rotor2);
        probe.Rotor2 = T.Fma(a, d, start.Rotor2);
        u = at.Rotor3;
        T f3 = Thrust(u, in vehicle);
        d = (command.Rotor3 - u) * MotorRate(command.Rotor3, u, in vehicle);
        sum.Rotor3 = T.Fma(b, d, before.Rotor3);
        probe.Rotor3 = T.Fma(a, d, start.Rotor3);

        // Rotors sit at (+,−), (−,−), (−,+), (+,+) and drag about z with signs −, +, −, +.
        T wx = at.SpinX, wy = at.SpinY, wz = at.SpinZ;
        d = T.Fma(parameters.RollGain, f2 + f3 - (f0 + f1), parameters.TwistX)
            - (vehicle.InertiaZ - vehicle.InertiaY) / vehicle.InertiaX * (wy * wz);
        sum.SpinX = T.Fma(b, d, before.SpinX);
        probe.SpinX = T.Fma(a, d, start.SpinX);
        d = T.Fma(parameters.PitchGain, f1 + f2 - (f0 + f3), parameters.TwistY)
            - (vehicle.InertiaX - vehicle.InertiaZ) / vehicle.InertiaY * (wz * wx);
        sum.SpinY = T.Fma(b, d, before.SpinY);
        probe.SpinY = T.Fma(a, d, start.SpinY);
        d = T.Fma(parameters.YawGain, f1 + f3 - (f0 + f2), parameters.TwistZ)
            - (vehicle.InertiaY - vehicle.InertiaX) / vehicle.InertiaZ * (wx * wy);
        sum.SpinZ = T.Fma(b, d, before.SpinZ);
        probe.SpinZ = T.Fma(a, d, start.SpinZ);

        T vx = at.VelocityX, vy = at.VelocityY, vz = at.VelocityZ;
        sum.PositionX = T.Fma(b, vx, before.PositionX);
        probe.PositionX = T.Fma(a, vx, start.PositionX);
        sum.PositionY = T.Fma(b, vy, before.PositionY);
        probe.PositionY = T.Fma(a, vy, start.PositionY);
        sum.PositionZ = T.Fma(b, vz, before.PositionZ);
        probe.PositionZ = T.Fma(a, vz, start.PositionZ);

        // Acceleration: lift along the body's z axis, the disturbance, gravity.
        T x = at.QuaternionX, y = at.QuaternionY, z = at.QuaternionZ, w = at.QuaternionW;
        T lift = (f0 + f1 + (f2 + f3)) * parameters.Lift;
        T lift2 = lift + lift;
        d = T.Fma(lift2, T.Fma(x, z, w * y), parameters.PushX);
        sum.VelocityX = T.Fma(b, d, before.VelocityX);
        probe.VelocityX = T.Fma(a, d, start.VelocityX);
        d = T.Fma(lift2, y * z - w * x, parameters.PushY);
        sum.VelocityY = T.Fma(b, d, before.VelocityY);
        probe.VelocityY = T.Fma(a, d, start.VelocityY);
        d = lift - lift2 * T.Fma(x, x, y * y) + (parameters.PushZ - vehicle.Gravity);
        sum.VelocityZ = T.Fma(b, d, before.VelocityZ);
        probe.VelocityZ = T.Fma(a, d, start.VelocityZ);

        // q' = ½ q ⊗ (0, ω).
        wx *= 0.5f;
        wy *= 0.5f;
        wz *= 0.5f;
        d = T.Fma(w, wx, y * wz) - z * wy;
        sum.QuaternionX = T.Fma(b, d, before.QuaternionX);
        probe.QuaternionX = T.Fma(a, d, start.QuaternionX);
        d = T.Fma(w, wy, z * wx) - x * wz;
        sum.QuaternionY = T.Fma(b, d, before.QuaternionY);
        probe.QuaternionY = T.Fma(a, d, start.QuaternionY);
        d = T.Fma(w, wz, x * wy) - y * wx;
        sum.QuaternionZ = T.Fma(b, d, before.QuaternionZ);
        probe.QuaternionZ = T.Fma(a, d, start.QuaternionZ);
        d = -T.Fma(x, wx, T.Fma(y, wy, z * wz));
        sum.QuaternionW = T.Fma(b, d, before.QuaternionW);
        probe.QuaternionW = T.Fma(a, d, start.QuaternionW);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Thrust<T>(T speed, in VehicleSettings vehicle) where T : unmanaged, ILane<T>
        => T.Fma(speed, T.Fma(speed, T.Of(vehicle.Thrust2), T.Of(vehicle.Thrust1)), T.Of(vehicle.Thrust0));

    /// <summary>Reciprocal time constant of a motor on its way to <paramref name="command"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T MotorRate<T>(T command, T speed, in VehicleSettings vehicle) where T : unmanaged, ILane<T>
        => T.Select(command > speed, T.Of(1f / vehicle.MotorRiseTime), T.Of(1f / vehicle.MotorFallTime));
}
