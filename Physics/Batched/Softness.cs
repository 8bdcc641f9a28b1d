using Sim.Physics.Scenes;

namespace Sim.Physics.Batched;

/// <summary>
/// A spring or motor for a substep of length h: impulse change = MassScale·M·(bias − Jv) − Share·accumulated impulse,
/// bias = ErrorToVelocity·error.
/// </summary>
/// <param name="ErrorToVelocity">1/s; 0 for a motor.</param>
/// <param name="MassScale">Scale of the effective mass.</param>
/// <param name="Share">Of the accumulated impulse, given back in an iteration.</param>
internal readonly record struct Softness(float ErrorToVelocity, float MassScale, float Share)
{
    public static Softness Of(SpringSettings spring, float h)
    {
        float angular = 2 * MathF.PI * spring.Frequency;
        float d = angular * h;
        float damped = d + (2 * spring.DampingRatio);
        float extra = 1 / (d * damped);
        float scale = 1 / (1 + extra);
        return new Softness(angular / damped, scale, extra * scale);
    }

    public static Softness Of(MotorSettings motor, float h)
    {
        float share = 1 / ((motor.Damping * h) + 1);
        return new Softness(0, motor.Damping * h * share, share);
    }
}
