using System.Runtime.CompilerServices;
using Sim.Physics.Numerics;
using static Sim.Physics.Numerics.LaneMath;

namespace Sim.Environments.Quadrotors;

/// <summary>Pieces that the quadrotor tasks' rewards and ends share.</summary>
internal static class QuadrotorTerms
{
    /// <summary>Where the vehicle is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Point<T> Place<T>(in QuadrotorBody<T> body) where T : unmanaged, ILane<T>
        => Point<T>.Of(body.PositionX, body.PositionY, body.PositionZ);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Norm<T>(T x, T y, T z) where T : unmanaged, ILane<T> => T.Sqrt(T.Fma(x, x, T.Fma(y, y, z * z)));

    /// <summary>2·acos(1 − |q_z|): grows with yaw only, as the source has it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Yaw<T>(in QuadrotorBody<T> body) where T : unmanaged, ILane<T>
        => 2f * Acos(T.Max(T.Of(1) - T.Abs(body.QuaternionZ), T.Of(0)));

    /// <summary>‖a − b‖ over the four rotors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Change<T>(in Rotors<T> a, in Rotors<T> b) where T : unmanaged, ILane<T>
    {
        T d0 = a.Rotor0 - b.Rotor0, d1 = a.Rotor1 - b.Rotor1, d2 = a.Rotor2 - b.Rotor2, d3 = a.Rotor3 - b.Rotor3;
        return T.Sqrt(T.Fma(d0, d0, T.Fma(d1, d1, T.Fma(d2, d2, d3 * d3))));
    }

    /// <summary>The action clipped to [−1, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rotors<T> Clip<T>(in Rotors<T> action) where T : unmanaged, ILane<T>
    {
        Rotors<T> clipped;
        clipped.Rotor0 = Clamp(action.Rotor0, 1f);
        clipped.Rotor1 = Clamp(action.Rotor1, 1f);
        clipped.Rotor2 = Clamp(action.Rotor2, 1f);
        clipped.Rotor3 = Clamp(action.Rotor3, 1f);
        return clipped;
    }

    /// <summary>The action that holds every rotor at <paramref name="speed"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rotors<T> Holding<T>(T speed) where T : unmanaged, ILane<T>
    {
        Rotors<T> action;
        action.Rotor0 = action.Rotor1 = action.Rotor2 = action.Rotor3 = speed + speed - 1f;
        return action;
    }

    /// <summary>Mask: a component of x, y, z beyond ±limit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Beyond<T>(T x, T y, T z, float limit) where T : unmanaged, ILane<T>
        => T.Max(T.Max(T.Abs(x), T.Abs(y)), T.Abs(z)) > limit;

    /// <summary>Mask: speed or spin beyond their limits in any component.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T TooFast<T>(in QuadrotorBody<T> body, float speedLimit, float spinLimit) where T : unmanaged, ILane<T>
        => Beyond(body.VelocityX, body.VelocityY, body.VelocityZ, speedLimit) | Beyond(body.SpinX, body.SpinY, body.SpinZ, spinLimit);
}
