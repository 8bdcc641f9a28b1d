using System.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Physics.Benchmarks;

/// <summary>
/// A body of the mass and inertia of a Crazyflie 2.x that a wrench rocks about one place: no contacts, no joints. What
/// remains is integration, with gyroscopic torque, and the cost of the calls.
/// </summary>
internal sealed class FreeBodyScene : BenchmarkScene
{
    private const float Mass = 0.027f, Gravity = 9.81f, Timestep = 1f / 240;

    /// <summary>m/s and rad/s at the fastest: the body stays within 0.3 m and tilts by about 0.2 rad.</summary>
    private const float Speed = 1, Turn = 1.2f;

    private static readonly SymmetricMatrix s_inertia = SymmetricMatrix.Diagonal(1.4e-5f, 1.4e-5f, 2.17e-5f);

    public override string Name => "free-body";

    public override IReadOnlyList<string> Aliases => ["quadrotor-body"];

    public override string Summary => "one quadrotor-like body under a wrench, without contacts";

    public override int Environments => 4096;

    public override int Substeps => 1;

    public override int Period => 240;

    public override int PhaseSteps => 15;

    public override Scene Build(int substeps)
    {
        var builder = new SceneBuilder(new SceneSettings
        {
            Gravity = new Vector3(0, 0, -Gravity),
            Timestep = Timestep,
            Substeps = substeps,
            AngularIntegration = AngularIntegrationMode.ConserveMomentumWithGyroscopicTorque,
        });
        builder.Add(new Body
        {
            Name = "body",
            Kind = BodyKind.Dynamic,
            Shape = Shape.Box(0.092f, 0.092f, 0.029f),
            Mass = Mass,
            Inertia = s_inertia,
            Pose = new Vector3(0, 0, 1),
        });
        return builder.Build();
    }

    /// <summary>Momentum in sines of whole periods: it begins and ends at zero, and its mean is zero, so that the body does not wander.</summary>
    public override IReadOnlyList<DriveTrack> Drive(Scene scene)
        => [DriveTrack.OfMomentum(scene.Body("body"), Period, Timestep, Momentum, new Vector3(0, 0, Mass * Gravity))];

    private (Vector3 Linear, Vector3 Angular) Momentum(int step)
    {
        var wave = new Vector3(Wave(1, step), Wave(2, step), Wave(3, step));
        return (Mass * Speed * wave, s_inertia * (Turn * new Vector3(wave.Z, wave.X, wave.Y)));
    }

    private float Wave(int harmonic, int step) => MathF.Sin(MathF.Tau * harmonic * step / Period);
}
