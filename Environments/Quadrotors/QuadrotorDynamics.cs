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
        var next = body;
        Stage(ref body, ref body, ref next, out var probe, in parameters, in command, in vehicle, dt / 2, dt / 6);
        Stage(ref probe, ref body, ref next, out var second, in parameters, in command, in vehicle, dt / 2, dt / 3);
        Stage(ref second, ref body, ref next, out probe, in parameters, in command, in vehicle, dt, dt / 3);
        Stage(ref probe, ref body, ref next, out second, in parameters, in command, in vehicle, 0, dt / 6);
        T norm = T.Of(1) / T.Sqrt(T.Fma(next.QuaternionX, next.QuaternionX, T.Fma(next.QuaternionY, next.QuaternionY,
            T.Fma(next.QuaternionZ, next.QuaternionZ, next.QuaternionW * next.QuaternionW))));
        next.QuaternionX *= norm;
        next.QuaternionY *= norm;
        next.QuaternionZ *= norm;
        next.QuaternionW *= norm;
        body = next;
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
    /// sum += weight·d. Without an inlining attribute on purpose: the JIT makes so large a method a unit of its own,
    /// whose inlining budget suffices for its operators, and the PTX compiler inlines it.
    /// </summary>
    private static void Stage<T>(ref QuadrotorBody<T> at, ref QuadrotorBody<T> start, ref QuadrotorBody<T> sum,
        out QuadrotorBody<T> probe, in QuadrotorParameters<T> parameters, in Rotors<T> command, in VehicleSettings vehicle,
        float advance, float weight) where T : unmanaged, ILane<T>
    {
        Unsafe.SkipInit(out probe);
        T a = T.Of(advance), b = T.Of(weight);

        // Motors, and the thrust of each before it moves on.
        T u = at.Rotor0;
        T f0 = Thrust(u, in vehicle);
        T d = (command.Rotor0 - u) * MotorRate(command.Rotor0, u, in vehicle);
        sum.Rotor0 = T.Fma(b, d, sum.Rotor0);
        probe.Rotor0 = T.Fma(a, d, start.Rotor0);
        u = at.Rotor1;
        T f1 = Thrust(u, in vehicle);
        d = (command.Rotor1 - u) * MotorRate(command.Rotor1, u, in vehicle);
        sum.Rotor1 = T.Fma(b, d, sum.Rotor1);
        probe.Rotor1 = T.Fma(a, d, start.Rotor1);
        u = at.Rotor2;
        T f2 = Thrust(u, in vehicle);
        d = (command.Rotor2 - u) * MotorRate(command.Rotor2, u, in vehicle);
        sum.Rotor2 = T.Fma(b, d, sum.Rotor2);
        probe.Rotor2 = T.Fma(a, d, start.Rotor2);
        u = at.Rotor3;
        T f3 = Thrust(u, in vehicle);
        d = (command.Rotor3 - u) * MotorRate(command.Rotor3, u, in vehicle);
        sum.Rotor3 = T.Fma(b, d, sum.Rotor3);
        probe.Rotor3 = T.Fma(a, d, start.Rotor3);

        // Rotors sit at (+,−), (−,−), (−,+), (+,+) and drag about z with signs −, +, −, +.
        T wx = at.SpinX, wy = at.SpinY, wz = at.SpinZ;
        d = T.Fma(parameters.RollGain, f2 + f3 - (f0 + f1), parameters.TwistX)
            - (vehicle.InertiaZ - vehicle.InertiaY) / vehicle.InertiaX * (wy * wz);
        sum.SpinX = T.Fma(b, d, sum.SpinX);
        probe.SpinX = T.Fma(a, d, start.SpinX);
        d = T.Fma(parameters.PitchGain, f1 + f2 - (f0 + f3), parameters.TwistY)
            - (vehicle.InertiaX - vehicle.InertiaZ) / vehicle.InertiaY * (wz * wx);
        sum.SpinY = T.Fma(b, d, sum.SpinY);
        probe.SpinY = T.Fma(a, d, start.SpinY);
        d = T.Fma(parameters.YawGain, f1 + f3 - (f0 + f2), parameters.TwistZ)
            - (vehicle.InertiaY - vehicle.InertiaX) / vehicle.InertiaZ * (wx * wy);
        sum.SpinZ = T.Fma(b, d, sum.SpinZ);
        probe.SpinZ = T.Fma(a, d, start.SpinZ);

        T vx = at.VelocityX, vy = at.VelocityY, vz = at.VelocityZ;
        sum.PositionX = T.Fma(b, vx, sum.PositionX);
        probe.PositionX = T.Fma(a, vx, start.PositionX);
        sum.PositionY = T.Fma(b, vy, sum.PositionY);
        probe.PositionY = T.Fma(a, vy, start.PositionY);
        sum.PositionZ = T.Fma(b, vz, sum.PositionZ);
        probe.PositionZ = T.Fma(a, vz, start.PositionZ);

        // Acceleration: lift along the body's z axis, the disturbance, gravity.
        T x = at.QuaternionX, y = at.QuaternionY, z = at.QuaternionZ, w = at.QuaternionW;
        T lift = (f0 + f1 + (f2 + f3)) * parameters.Lift;
        T lift2 = lift + lift;
        d = T.Fma(lift2, T.Fma(x, z, w * y), parameters.PushX);
        sum.VelocityX = T.Fma(b, d, sum.VelocityX);
        probe.VelocityX = T.Fma(a, d, start.VelocityX);
        d = T.Fma(lift2, y * z - w * x, parameters.PushY);
        sum.VelocityY = T.Fma(b, d, sum.VelocityY);
        probe.VelocityY = T.Fma(a, d, start.VelocityY);
        d = lift - lift2 * T.Fma(x, x, y * y) + (parameters.PushZ - vehicle.Gravity);
        sum.VelocityZ = T.Fma(b, d, sum.VelocityZ);
        probe.VelocityZ = T.Fma(a, d, start.VelocityZ);

        // q' = ½ q ⊗ (0, ω).
        wx *= 0.5f;
        wy *= 0.5f;
        wz *= 0.5f;
        d = T.Fma(w, wx, y * wz) - z * wy;
        sum.QuaternionX = T.Fma(b, d, sum.QuaternionX);
        probe.QuaternionX = T.Fma(a, d, start.QuaternionX);
        d = T.Fma(w, wy, z * wx) - x * wz;
        sum.QuaternionY = T.Fma(b, d, sum.QuaternionY);
        probe.QuaternionY = T.Fma(a, d, start.QuaternionY);
        d = T.Fma(w, wz, x * wy) - y * wx;
        sum.QuaternionZ = T.Fma(b, d, sum.QuaternionZ);
        probe.QuaternionZ = T.Fma(a, d, start.QuaternionZ);
        d = -T.Fma(x, wx, T.Fma(y, wy, z * wz));
        sum.QuaternionW = T.Fma(b, d, sum.QuaternionW);
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
